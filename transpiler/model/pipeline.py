"""A pipeline: inputs, tasks and outputs. A graph component's body has the same shape (`Dag`)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from transpiler.diagnostics import Span
from transpiler.model.component import Component, Input
from transpiler.read.expressions import OutputReference, Text


@dataclass(frozen=True, slots=True)
class ComponentReference:
    """Where a component is to be found; `span` is where the user says so (KFP's `componentRef` has these fields)."""

    span: Span = field(compare=False)
    path: str = ""
    name: str = ""
    tag: str = ""
    digest: str = ""
    url: str = ""

    @property
    def written(self) -> str:
        """The reference in words, for a message."""
        name = f"{self.name}@{self.tag}" if self.tag else self.name
        return self.url or self.path or name or f"sha256:{self.digest}"


@dataclass(frozen=True, slots=True)
class Literal:
    """A value without references: any YAML value, and the characters it was written with."""

    value: Any
    written: str


@dataclass(frozen=True, slots=True)
class Unusable:
    """A value with a mistake that is reported: it counts as given, and nothing more is said about it."""


Value = Literal | Text | Unusable


@dataclass(frozen=True, slots=True)
class Argument:
    """What a task passes to an input. Value None means: use the default."""

    name: str
    name_span: Span
    value: Value | None
    span: Span


@dataclass(frozen=True, slots=True)
class Task:
    """One call of a component. `component` is None when the manifest's is unusable (and reported)."""

    name: str
    span: Span
    component: ComponentReference | Component | None
    arguments: tuple[Argument, ...] = ()
    after: tuple[tuple[str, Span], ...] = ()
    is_open: bool = False
    """True when some of its arguments could not be read, which is reported."""


@dataclass(frozen=True, slots=True)
class DagOutput:
    """An output of a pipeline or graph component: a name, and the reference it comes from."""

    name: str
    span: Span
    value: Value | None
    value_span: Span

    @property
    def reference(self) -> OutputReference | None:
        """The output of a task that it comes from; None when it is something else."""
        reference = self.value.plain_reference if isinstance(self.value, Text) else None
        return reference if isinstance(reference, OutputReference) else None


@dataclass(frozen=True, slots=True)
class Dag:
    """Tasks and what they yield together; the inputs are those of the pipeline or component around it."""

    tasks: tuple[Task, ...]
    outputs: tuple[DagOutput, ...]


@dataclass(frozen=True, slots=True)
class Pipeline:
    """A manifest, as the user said it."""

    name: str
    span: Span
    inputs: tuple[Input, ...]
    dag: Dag
    components: tuple[tuple[str, ComponentReference | Component | None], ...] = ()
    catalogs: tuple[tuple[str, Span], ...] = ()
    description: str = ""
    namespace: str = ""
    labels: tuple[tuple[str, str], ...] = ()
    annotations: tuple[tuple[str, str], ...] = ()
    open_names: frozenset[str] = frozenset()
    """Keys (`inputs`, `tasks`, `components`) whose names are not all known, since something there is reported."""
