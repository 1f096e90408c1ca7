"""A pipeline: inputs, tasks and outputs. The body of a group or of a graph component has the same shape (`Dag`)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from transpiler.diagnostics import Span
from transpiler.model.argo_data import Slot
from transpiler.model.component import Component, Input, Output
from transpiler.model.depends import Depends
from transpiler.model.expressions.tree import Expression, OutputReference, Text
from transpiler.model.settings import NO_SETTINGS, Settings
from transpiler.model.values import Literal, Unusable, Value
from transpiler.read.yaml.nodes import Map


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
class TemplateRef:
    """`templateRef`: a template that lives in the cluster, in a WorkflowTemplate or ClusterWorkflowTemplate."""

    name: str
    template: str
    cluster_scope: bool
    span: Span
    outputs: tuple[Output, ...] = ()
    """What the task says that it yields; it may yield more."""

    def declares(self, output: str) -> bool:
        """True when the task says what that output is."""
        return any(each.name == output for each in self.outputs)


@dataclass(frozen=True, slots=True)
class WorkflowTemplateRef:
    """`workflowTemplateRef`: a WorkflowTemplate or ClusterWorkflowTemplate that a run is made of."""

    name: str
    cluster_scope: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Argument:
    """What a task passes to an input. Value None means: use the default."""

    HOLDS_EXPRESSIONS = True

    name: str
    name_span: Span
    value: Value | None
    span: Span


@dataclass(frozen=True, slots=True)
class Loop:
    """`forEach`: a literal list (`items`), an expression that yields one (`source`), or a sequence of numbers.

    An item is a value, or names with values. `count`, or `start` and `end` (both included), make a sequence, which goes
    down only where `step` is negative: else an end below the start means no number at all.
    """

    HOLDS_EXPRESSIONS = True

    span: Span
    alias: str = "item"
    is_open: bool = False
    """True when nobody knows how it calls its item, since something there is reported."""
    items: tuple[Item, ...] | None = None
    source: Text | Unusable | None = None
    count: Value | None = None
    start: Value | None = None
    end: Value | None = None
    step: int = 1
    format: str = ""

    @property
    def length(self) -> int | None:
        """How many items there are; None where only a run can tell."""
        if self.items is not None:
            return len(self.items)
        ends = [each.value for each in (self.count, self.start, self.end) if isinstance(each, Literal)]
        if self.count is not None:
            return max(0, ends[0]) if ends else None
        return max(0, (ends[1] - ends[0]) // self.step + 1) if len(ends) == 2 else None

    @property
    def may_be_empty(self) -> bool:
        """True when there may be no item at all, as only a run can tell."""
        return not self.items

    @property
    def has_mappings(self) -> bool:
        """True for a literal list of mappings."""
        return bool(self.items) and all(isinstance(each, tuple) for each in self.items or ())


Item = Value | tuple[tuple[str, Value], ...]


@dataclass(frozen=True, slots=True)
class PassThrough:
    """`argo:` of a task: fields of Argo's own, merged last; each is a mapping that Argo's schema has judged."""

    task: Map | None = None
    template: Map | None = None
    container: Map | None = None

    def __bool__(self) -> bool:
        return self.task is not None or self.template is not None or self.container is not None


@dataclass(frozen=True, slots=True)
class Limit:
    """`parallelism`: how many pods, or items of a loop, run at a time; and where that is said."""

    most: int
    span: Span


EXIT: Final = "exit"
"""The hook that runs when its task has ended."""


@dataclass(frozen=True, slots=True)
class Hook:
    """A task that runs on a state of another: when that has ended, or as soon as `when` holds."""

    HOLDS_EXPRESSIONS = True

    name: str
    span: Span
    task: Task
    when: Expression | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """What a task runs, what it is given, and when. At most one of the callees is set, none when it is unusable."""

    HOLDS_EXPRESSIONS = True

    name: str
    span: Span
    component: ComponentReference | Component | None
    arguments: tuple[Argument, ...] = ()
    after: tuple[tuple[str, Span], ...] = ()
    is_open: bool = False
    """True when some of its arguments could not be read, which is reported."""
    pipeline: ComponentReference | None = None
    group: Dag | None = None
    template: Map | None = None
    template_ref: TemplateRef | None = None
    depends: Depends | None = None
    when: Expression | None = None
    loop: Loop | None = None
    parallelism: Limit | None = None
    fail_fast: bool | None = None
    settings: Settings = NO_SETTINGS
    hooks: tuple[Hook, ...] = ()
    argo: PassThrough = PassThrough()


@dataclass(frozen=True, slots=True)
class DagOutput:
    """An output of a pipeline, group or graph component: a name, and the value it comes from."""

    HOLDS_EXPRESSIONS = True

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

    HOLDS_EXPRESSIONS = True

    tasks: tuple[Task, ...]
    outputs: tuple[DagOutput, ...]
    is_open: bool = False
    """True when not all of its tasks are known, since something there is reported."""
    yields_more: bool = False
    """True when not all of its outputs are known, likewise."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """`schedule`: when a CronWorkflow starts the pipeline. `fields` are Argo's other fields, as written."""

    cron: tuple[str, ...]
    span: Span
    fields: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class ArtifactVolume:
    """`artifacts`: the volume that files pass through. `claim` names one that exists, `size` makes one a run."""

    span: Span
    claim: str = ""
    size: str = ""
    storage_class: str = ""
    access_modes: tuple[str, ...] = ()
    prefix: str = ""


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
    defaults: Settings = NO_SETTINGS
    on_exit: Dag | None = None
    workflow_template: WorkflowTemplateRef | None = None
    """What is run instead of tasks."""
    schedule: Schedule | None = None
    parallelism: Limit | None = None
    fail_fast: bool | None = None
    timeout: str = ""
    argo: tuple[tuple[str, Map], ...] = ()
    """`metadata`, `spec` and `cron` of the pass-through."""
    argo_defaults: PassThrough = PassThrough()
    """`template` and `container` of the pass-through of every task."""
    slots: tuple[Slot, ...] = ()
    """The texts with references in `argo` and `schedule`; the path starts with that key."""
    artifacts: ArtifactVolume | None = None
    is_sound: bool = True
    """False when something in the manifest is reported as it is read."""
    open_names: frozenset[str] = frozenset()
    """Keys (`inputs`, `tasks`, `components`, `catalogs`) whose names are not all known: something there is reported."""
    run_only: tuple[tuple[str, Span], ...] = ()
    """Keys that have a meaning only for a pipeline that runs by itself, and not for one that another calls."""
