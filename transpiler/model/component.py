"""A component: its interface, and a container or a graph that implements it (KFP v1 `component.yaml`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from transpiler.diagnostics import Span
from transpiler.model.argo_data import Tree
from transpiler.model.expressions.types import Type

if TYPE_CHECKING:
    from transpiler.model.pipeline import Dag, TemplateRef
    from transpiler.model.template import RawTemplate


@dataclass(frozen=True, slots=True)
class Input:
    """What a component or pipeline takes. `default` is the text a program receives; None when there is none.

    `artifact` says where a file is stored that the pipeline takes, `value_from` where a run reads the value, both in
    Argo's fields.
    """

    HOLDS_EXPRESSIONS = True

    name: str
    type: Type
    span: Span
    default: str | None = None
    default_span: Span | None = None
    optional: bool = False
    description: str = ""
    enum: tuple[str, ...] = ()
    artifact: Tree | None = None
    value_from: Tree | None = None

    @property
    def has_source(self) -> bool:
        """True when something counts where nobody passes an argument."""
        return self.default is not None or self.artifact is not None or self.value_from is not None

    @property
    def required(self) -> bool:
        """True when every use must pass an argument."""
        return not self.has_source and not self.optional


@dataclass(frozen=True, slots=True)
class Output:
    """What a component yields."""

    name: str
    type: Type
    span: Span
    description: str = ""


@dataclass(frozen=True, slots=True)
class InputValue:
    """`{inputValue: X}`: the value itself."""

    name: str
    span: Span


@dataclass(frozen=True, slots=True)
class JsonValue(InputValue):
    """The value as JSON, for a program that reads it so (KFP v2). `kind` is the name of the input's type."""

    kind: str


@dataclass(frozen=True, slots=True)
class InputPath:
    """`{inputPath: X}`: the path of a file that holds the value."""

    name: str
    span: Span


@dataclass(frozen=True, slots=True)
class OutputPath:
    """`{outputPath: X}`: the path of a file to write the output to."""

    name: str
    span: Span


@dataclass(frozen=True, slots=True)
class Concat:
    """`{concat: […]}`: one text of several parts."""

    items: tuple[CommandPart, ...]


@dataclass(frozen=True, slots=True)
class If:
    """`{if: {cond, then, else}}`: decided when a pipeline is compiled.

    `condition` is a constant, or the name of the input that must be present.
    """

    condition: bool | IsPresent
    then: tuple[CommandPart, ...]
    otherwise: tuple[CommandPart, ...]


@dataclass(frozen=True, slots=True)
class IsPresent:
    """`{isPresent: X}`: an argument was passed, or the input has a default."""

    name: str
    span: Span


@dataclass(frozen=True, slots=True)
class BackendPlaceholder:
    """A placeholder that only the KFP v2 backend fills; `text` is what KFP 1.8.22 writes in its place."""

    keyword: str
    text: str
    span: Span
    input: str | None = None
    output: str | None = None


Placeholder = InputValue | InputPath | OutputPath | Concat | If | BackendPlaceholder
CommandPart = str | Placeholder


@dataclass(frozen=True, slots=True)
class FileOutput:
    """An entry of `fileOutputs`: the program writes the output to a fixed path."""

    name: str
    path: str
    span: Span


@dataclass(frozen=True, slots=True)
class Container:
    """`implementation.container`. `command` is None when the file has none, `image` when it has no usable one."""

    image: str | None
    image_span: Span
    command: tuple[CommandPart, ...] | None
    args: tuple[CommandPart, ...]
    env: tuple[tuple[str, str], ...] = ()
    file_outputs: tuple[FileOutput, ...] = ()

    @property
    def fixed_paths(self) -> dict[str, str]:
        """Output → the path that `fileOutputs` fixes for it."""
        return {fixed.name: fixed.path for fixed in self.file_outputs}


Implementation: TypeAlias = "Container | Dag | RawTemplate | TemplateRef"
"""What a component is made of."""


@dataclass(frozen=True, eq=False)
class Component:
    """A component definition; two are the same only when they are one object (the catalog loads a file once)."""

    name: str
    span: Span
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    implementation: Implementation | None
    description: str = ""
    labels: tuple[tuple[str, str], ...] = ()
    annotations: tuple[tuple[str, str], ...] = ()
    texts: tuple[tuple[str, Span], ...] = field(default=(), repr=False)
    """Every literal text of the container, for checks that look at what Argo would replace in it."""
    has_open_ports: bool = False
    """True when some of its inputs or outputs could not be read, which is reported."""
    is_sound: bool = True
    """False when something in it is wrong, which is reported: its own rules still run, but no task can use it."""

    def input(self, name: str) -> Input | None:
        """The input of that name."""
        return self._inputs.get(name)

    def output(self, name: str) -> Output | None:
        """The output of that name."""
        return self._outputs.get(name)

    @cached_property
    def _inputs(self) -> dict[str, Input]:
        return {given.name: given for given in self.inputs}

    @cached_property
    def _outputs(self) -> dict[str, Output]:
        return {given.name: given for given in self.outputs}


NamedPart = InputValue | InputPath | OutputPath | IsPresent | BackendPlaceholder


def placeholders(parts: Iterable[CommandPart]) -> Iterator[NamedPart]:
    """Every placeholder that names something, however deep it is nested."""
    for part in parts:
        if isinstance(part, Concat):
            yield from placeholders(part.items)
        elif isinstance(part, If):
            if isinstance(part.condition, IsPresent):
                yield part.condition
            yield from placeholders((*part.then, *part.otherwise))
        elif not isinstance(part, str):
            yield part
