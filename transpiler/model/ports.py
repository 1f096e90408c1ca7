"""The inputs and outputs of a component or pipeline."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from transpiler.diagnostics import Span
from transpiler.model.argo_data import Tree
from transpiler.model.expressions.types import Type
from transpiler.read.yaml.nodes import Map


class Input(Struct, frozen=True):
    """An input of a component or pipeline. `default` is the string that a program receives; None if there is none.

    `artifact` is the location of an input file, empty if the caller of the pipeline passes the file; `value_from` is
    the source of a value in the cluster. Both are in Argo's fields.
    """

    name: str
    type: Type
    span: Span
    default: str | None = None
    default_span: Span | None = None
    optional: bool = False
    hidden: bool = False
    """True for an input of a pipeline that is no argument of its Workflow: only callers and `-p` pass a value."""
    description: str = ""
    enum: tuple[str, ...] = ()
    artifact: Tree | None = None
    value_from: Tree | None = None
    written: Map | None = None
    """The mapping that declares an input of a manifest, where there is one."""
    has_wrong_default: bool = False
    """True if a mistake is reported in its default, which is None then."""

    @property
    def has_source(self) -> bool:
        """True if the input has a value without an argument."""
        is_stored = self.artifact is not None and bool(self.artifact.data)
        return self.default is not None or is_stored or self.value_from is not None

    @property
    def allowed(self) -> tuple[str, ...]:
        """The texts that a value can be: those of `enum`, and the empty one if it is optional; () without `enum`."""
        return (*self.enum, *([""] if self.optional else [])) if self.enum else ()

    @property
    def is_passed_file(self) -> bool:
        """True for a file that only a caller of the pipeline can pass."""
        return self.artifact is not None and not self.artifact.data

    @property
    def required(self) -> bool:
        """True when every use must pass an argument."""
        return not self.has_source and not self.optional


class Output(Struct, frozen=True):
    """An output of a component."""

    name: str
    type: Type
    span: Span
    description: str = ""
    is_printed: bool = False
    """True for what a program prints: `.output` means it only where no output is declared."""


RESULT: Final = "result"
"""The name of what a program prints, in Argo too."""
