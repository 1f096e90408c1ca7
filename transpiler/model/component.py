"""A component: its interface and implementation (KFP v1 `component.yaml`)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from msgspec import Struct

from transpiler.diagnostics import Span
from transpiler.model.implementation import Implementation
from transpiler.model.placeholders import NamedPart, placeholders
from transpiler.model.ports import RESULT, Input, Output
from transpiler.model.settings import NO_SETTINGS, Settings


class Component(Struct, frozen=True, eq=False, dict=True):
    """A component definition; two are the same only when they are one object (the catalog loads a file once)."""

    IS_OPAQUE = True

    name: str
    span: Span
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    implementation: Implementation
    description: str = ""
    labels: tuple[tuple[str, str], ...] = ()
    annotations: tuple[tuple[str, str], ...] = ()
    texts: tuple[tuple[str, Span], ...] = ()
    """Every literal text of the container, for checks of text that Argo would replace."""
    has_incomplete_ports: bool = False
    """True if a reported mistake may hide inputs or outputs of it."""
    has_incomplete_inputs: bool = False
    """True if a reported mistake may hide inputs of a pipeline that is called like a component."""
    settings: Settings = NO_SETTINGS
    """What a compiled component says of its pods: under the settings of a task, and over `defaults`."""
    is_complete: bool = True
    """False when something in it is wrong, which is reported: its own rules still run, but no task can use it."""

    def input(self, name: str) -> Input | None:
        """The input of that name."""
        return self._inputs.get(name)

    def output(self, name: str) -> Output | None:
        """The output of that name."""
        return self._outputs.get(name)

    @property
    def prints_result(self) -> bool:
        """True if `outputs.result` is what its program prints, and no slip for an output such as `Result`."""
        is_like = any(each.name.strip().lower().rstrip("s") == RESULT for each in self.outputs)
        return self.implementation.container is not None and not is_like

    @property
    def placeholders(self) -> Iterator[NamedPart]:
        """Every placeholder of its command, those in conditions too; none for a graph."""
        container = self.implementation.container
        return placeholders(container.parts if container is not None else ())

    @cached_property
    def _inputs(self) -> dict[str, Input]:
        return {given.name: given for given in self.inputs}

    @cached_property
    def _outputs(self) -> dict[str, Output]:
        return {given.name: given for given in self.outputs}
