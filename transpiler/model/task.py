"""A task: its callee, arguments, conditions and settings; and the tasks of one DAG."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from transpiler.diagnostics import Span
from transpiler.model.component import Component
from transpiler.model.depends import Depends
from transpiler.model.expressions.tree import Expression, OutputReference, Text, reference_of
from transpiler.model.implementation import Implementation
from transpiler.model.matrix import Combination, Matrix
from transpiler.model.settings import NO_SETTINGS, Named, Settings
from transpiler.model.template import TemplateRef
from transpiler.model.values import Literal, Passed, Value
from transpiler.read.yaml.nodes import Map, Unusable


class ComponentReference(Struct, frozen=True, eq=False):
    """A reference to a component; `span` is its position (KFP's `componentRef` has these fields)."""

    span: Span
    path: str = ""
    name: str = ""
    tag: str = ""
    digest: str = ""
    url: str = ""

    @property
    def _means(self) -> tuple[str, ...]:
        return self.path, self.name, self.tag, self.digest, self.url

    def __eq__(self, other: object) -> bool:
        """True for an equal reference at any position."""
        return isinstance(other, ComponentReference) and self._means == other._means

    def __hash__(self) -> int:
        return hash(self._means)

    @property
    def written(self) -> str:
        """The reference in words, for a message."""
        name = f"{self.name}@{self.tag}" if self.tag else self.name
        return self.url or self.path or name or f"sha256:{self.digest}"


class Argument(Struct, frozen=True):
    """An argument for an input. Value None: use the default."""

    name: str
    name_span: Span
    value: Passed | None
    span: Span


class Loop(Struct, frozen=True):
    """`forEach`: a literal list (`listed`), a `matrix`, an expression that yields a list, or a sequence of numbers.

    An item is a value, or names with values. `count`, or `start` and `end` (both included), make a sequence, which goes
    down only if `step` is negative; otherwise, an end below the start makes an empty sequence.
    """

    span: Span
    alias: str = "item"
    is_incomplete: bool = False
    """True if a reported mistake hides the name of its item."""
    listed: tuple[Item, ...] | None = None
    matrix: Matrix | None = None
    source: Text | Unusable | None = None
    count: Value | None = None
    start: Value | None = None
    end: Value | None = None
    step: int = 1
    format: str = ""
    numbers: Map | None = None
    """The mapping of a sequence, as written."""

    @property
    def items(self) -> tuple[Item, ...] | None:
        """The items, if they stand in the manifest."""
        return self.listed if self.matrix is None else self.matrix.items

    @property
    def keys(self) -> Iterator[tuple[str, ...] | None]:
        """The keys of each item that is known to be a mapping; () for any other item, None for a mistake."""
        if self.matrix is not None:
            yield self.matrix.names
        elif self.listed is None:
            yield ()  # a sequence has numbers, and nothing in them
        for item in self.listed or ():
            if isinstance(item, tuple):
                yield tuple(key for key, _ in item)
            else:
                yield None if isinstance(item, Unusable) else ()

    @property
    def length(self) -> int | None:
        """The number of items; None if it is known only in the run."""
        if self.items is not None:
            return len(self.items)
        ends = [each.value for each in (self.count, self.start, self.end) if isinstance(each, Literal)]
        if self.count is not None:
            return max(0, ends[0]) if ends else None
        return max(0, (ends[1] - ends[0]) // self.step + 1) if len(ends) == 2 else None

    @property
    def may_be_empty(self) -> bool:
        """True if there may be no items, which is known only in the run."""
        return not self.items

    @property
    def has_mappings(self) -> bool:
        """True for a literal list of mappings."""
        return bool(self.items) and all(isinstance(each, tuple) for each in self.items or ())


Item = Value | Combination


class PassThrough(Struct, frozen=True):
    """`argo:` of a task: fields of Argo's own, merged last; each is a mapping that Argo's schema has judged."""

    task: Map | None = None
    template: Map | None = None
    container: Map | None = None

    def __bool__(self) -> bool:
        return self.task is not None or self.template is not None or self.container is not None


NO_PASS_THROUGH: Final = PassThrough()


class Limit(Struct, frozen=True):
    """`parallelism`: the maximum number of pods, or items of a loop, at the same time; and its position."""

    most: int
    span: Span


EXIT: Final = "exit"
"""The hook that runs when its task has ended."""


class Hook(Struct, frozen=True):
    """A task that runs in a state of another: after its end, or as soon as `when` is true."""

    name: str
    span: Span
    task: Task
    when: Expression | None = None


class Task(Struct, frozen=True, dict=True):
    """A task. At most one of the callees is set; none if it has a reported mistake."""

    name: str
    span: Span
    component: ComponentReference | Component | None
    arguments: tuple[Argument, ...] = ()
    after: tuple[tuple[str, Span], ...] = ()
    is_incomplete: bool = False
    """True if a reported mistake may hide arguments of it."""
    hides_keys: bool = False
    """True if a reported mistake may hide keys, variables or declared outputs of it, such as a `forEach`."""
    is_repeated: bool = False
    """True if another task has its name, which is reported: a reference may mean that one."""
    pipeline: ComponentReference | None = None
    group: Dag | None = None
    template: Map | None = None
    template_ref: TemplateRef | None = None
    depends: Depends | None = None
    when: Expression | None = None
    loop: Loop | None = None
    parallelism: Limit | None = None
    fail_fast: bool | None = None
    may_fail: Span | None = None
    """The position of `mayFail: true`; None for a task that may not fail."""
    settings: Settings = NO_SETTINGS
    description: Named | None = None
    uses: tuple[tuple[str, Span], ...] = ()
    """The presets that it starts from; the last one wins."""
    hooks: tuple[Hook, ...] = ()
    argo: PassThrough = NO_PASS_THROUGH
    below: tuple[Map, ...] = ()
    """What values files say of the tasks of its `pipeline`: paths there, with settings."""
    hides_argo: bool = False
    """True if a reported mistake hides what `argo` says."""

    @property
    def is_limited_loop(self) -> bool:
        """True for a loop with limits or hooks of its own, which becomes a group of one task."""
        return self.loop is not None and bool(self.parallelism or self.fail_fast is not None or self.hooks)

    @property
    def naming_loop(self) -> Loop | None:
        """The loop that gives `item` a meaning; where a mistake may hide one, a loop that could have any name."""
        return self.loop or (Loop(self.span, is_incomplete=True) if self.hides_keys else None)


class DagOutput(Struct, frozen=True):
    """An output of a pipeline, group or graph component: a name, and its value."""

    name: str
    span: Span
    value: Value | None
    value_span: Span

    @property
    def reference(self) -> OutputReference | None:
        """The output of a task that is its value; None for any other value."""
        reference = reference_of(self.value)
        return reference if isinstance(reference, OutputReference) else None


class Dag(Implementation, frozen=True):
    """Tasks and their outputs as a whole; the inputs are those of the surrounding pipeline or component."""

    tasks: tuple[Task, ...]
    outputs: tuple[DagOutput, ...]
    is_incomplete: bool = False
    """True if a reported mistake may hide tasks of it."""
    has_incomplete_outputs: bool = False
    """True if a reported mistake may hide outputs of it."""

    @property
    def kind(self) -> str:
        """The template that the compiler writes for it."""
        return "dag"

    @property
    def is_graph(self) -> bool:
        """It is."""
        return True

    @property
    def takes_defaults(self) -> bool:
        """No: its tasks take those of the file that they stand in."""
        return False

    def may_write(self, output: str) -> bool:
        """True for the outputs that it names."""
        return any(each.name == output for each in self.outputs)


def tasks_of(dag: Dag) -> Iterator[Task]:
    """Every task of a DAG, those of groups and hooks too."""
    for task in dag.tasks:
        yield from _with_inner(task)


def _with_inner(task: Task) -> Iterator[Task]:
    yield task
    for hook in task.hooks:
        yield from _with_inner(hook.task)
    if task.group is not None:
        yield from tasks_of(task.group)
