"""Two versions of a DAG → the changes of its tasks, of the components that they run, and of the tasks inside those."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import zip_longest
from typing import Final

from msgspec import Struct, field
from msgspec.structs import replace

from transpiler.bindings.written_tasks import WrittenTask
from transpiler.diagnostics import Span
from transpiler.model.component import Component
from transpiler.model.settings import KEYS, Settings
from transpiler.model.task import Argument, ComponentReference, DagOutput, Task
from transpiler.read.yaml.nodes import Map
from transpiler.resolve.program import WrittenDag
from transpiler.views.changes import Change
from transpiler.views.content import content
from transpiler.views.diff import diff_components
from transpiler.views.pipelines.components import implementation_changes, same_component, same_file
from transpiler.views.pipelines.keys import key_changes, setting
from transpiler.views.pipelines.leaves import both_shown, leaves, shown
from transpiler.views.pipelines.pairs import paired
from transpiler.views.pipelines.version import Version

FIELDS: Final = {
    "after": ("after",),
    "template": ("template",),
    "template_ref": ("templateRef", "outputs"),
    "depends": ("depends",),
    "when": ("when",),
    "loop": ("forEach", "as"),
    "parallelism": ("parallelism",),
    "fail_fast": ("failFast",),
    "may_fail": ("mayFail",),
    "description": ("description",),
    "uses": ("use",),
    "argo": ("argo",),
}
"""Fields of a task, and the keys that say them. Its callee, arguments, tasks and hooks are compared by themselves."""


class Tasks(Struct):
    """Compares DAGs, each pair once. `renamed` has what was found about names so far, by the path around them."""

    old: Version
    new: Version
    renamed: dict[tuple[str, ...], dict[str, str]] = field(default_factory=dict)
    _seen: set[tuple[int, int]] = field(default_factory=set)
    _is_told: bool = False
    """True in a pipeline whose caller's environment says something else of its tasks than before."""

    def diff(
        self, before: WrittenDag | None, after: WrittenDag | None, path: tuple[str, ...], *, is_root: bool = False
    ) -> Iterator[Change]:
        """The changes of the tasks of a DAG, and of its outputs unless it is that of the pipeline."""
        key = id(before), id(after)
        if key in self._seen:
            return
        self._seen.add(key)
        pairs = paired(self.old.tasks_in(before), self.new.tasks_in(after))
        self.renamed[path] = pairs.renamed
        for task in pairs.gone:
            name = "/".join((*path, task.name))
            yield Change("task-removed", "notice", f"{_kind(task)} was removed", task.task.span, None, task=name)
        for task in pairs.come:
            name = "/".join((*path, task.name))
            yield Change("task-added", "notice", f"{_kind(task)} is new", None, task.task.span, task=name)
        for one, other in pairs.kept:
            yield from self._task(one, other, path, pairs.renamed)
        if before is not None and after is not None and not is_root:
            for change in diff_outputs(before.dag.outputs, after.dag.outputs, pairs.renamed, "notice"):
                yield replace(change, task="/".join(path))

    def _task(
        self, old: WrittenTask, new: WrittenTask, path: tuple[str, ...], renamed: Mapping[str, str]
    ) -> Iterator[Change]:
        inner = (*path, new.name)
        name = "/".join(inner)
        places = old.task.span, new.task.span
        if old.name != new.name:
            message = f"the task was renamed: it was `{old.name}`"
            yield Change("task-renamed", "notice", message, *places, old.name, task=name)
        for change in self._own(old, new, renamed):
            yield replace(change, task=name)
        for change in self._below(old, new, inner):
            yield change if change.task or change.component else replace(change, task=name)

    def _below(self, old: WrittenTask, new: WrittenTask, path: tuple[str, ...]) -> list[Change]:
        """The changes of what a task runs. What its own environment says of tasks there is told already."""
        before, self._is_told = self._is_told, self._is_told or content(old.task.below) != content(new.task.below)
        try:
            return list(self._callee(old, new, path))
        finally:
            self._is_told = before

    def _own(self, old: WrittenTask, new: WrittenTask, renamed: Mapping[str, str]) -> Iterator[Change]:
        """The changes of what a task says itself."""
        places = old.task.span, new.task.span
        bodies = self.old.body(old), self.new.body(new)
        yield from _arguments(old.task, new.task, renamed)
        for name, keys in FIELDS.items():
            if not _same(name, old.task, new.task, renamed):
                yield from key_changes(keys, *bodies, places)
        if old.hook and not _same_hook(old, new, renamed):
            yield from key_changes(("when",), *bodies, places)
        yield from _values_below(old.task, new.task)
        for key in _settings(old.task.settings, new.task.settings, renamed):
            changes = list(key_changes((key,), *bodies, places))
            yield from (each for each in changes if not (self._is_told and each.old is places[0]))

    # ------------------------------------------------------------------ what a task runs

    def _callee(self, old: WrittenTask, new: WrittenTask, path: tuple[str, ...]) -> Iterator[Change]:
        before, after = (each.call.component if each.call is not None else None for each in (old, new))
        if before is None or after is None:
            return
        one, other = named(old.task), named(new.task)
        if old.task.group is None and new.task.group is None and not same_component(before, after):
            if not same_file(one, other):
                message = f"it runs `{other}`, not `{one}`"
                yield Change("component-replaced", "notice", message, *_spans(old.task, new.task), other)
            is_named = old.task.template is None and old.task.template_ref is None
            if is_named and (id(before), id(after)) not in self._seen:
                self._seen.add((id(before), id(after)))
                for change in self._component(before, after, (old, new)):
                    yield replace(change, component=other)
        assert old.call is not None
        assert new.call is not None
        yield from self._inside(self.old.dag(old.call.scope), self.new.dag(new.call.scope), path)

    def _inside(self, before: WrittenDag | None, after: WrittenDag | None, path: tuple[str, ...]) -> Iterator[Change]:
        if before is not None and after is not None:
            yield from self._file(before, after, path)
            yield from self.diff(before, after, path)

    def _component(self, old: Component, new: Component, tasks: tuple[WrittenTask, WrittenTask]) -> Iterator[Change]:
        """The changes of a component; those inside a graph are told one by one."""
        is_graph = old.implementation.is_graph and new.implementation.is_graph
        for change in diff_components(old, new):
            if change.kind != "implementation-changed":
                yield change
            elif not is_graph:
                maps = self.old.implementation(tasks[0]), self.new.implementation(tasks[1])
                yield from implementation_changes(*maps, change)

    def _file(self, before: WrittenDag, after: WrittenDag, path: tuple[str, ...]) -> Iterator[Change]:
        """The changes of what the manifest of a sub-pipeline says of all its tasks."""
        old, new = _document(self.old, before), _document(self.new, after)
        if old is None or new is None or before.scope is self.old.program.tasks:
            return
        changes: list[Change] = []
        for key in ("defaults", "presets", "parallelism", "failFast", "cache"):
            if content(old.get(key)) != content(new.get(key)):
                changes += key_changes((key,), old, new, (old.key_span(key), new.key_span(key)))
        yield from (replace(change, task="/".join(path)) for change in changes)


def _document(side: Version, dag: WrittenDag) -> Map | None:
    """The manifest of the tasks of a sub-pipeline; None for other tasks."""
    is_whole = dag.scope.group is None and dag.scope.is_manifest and bool(dag.dag.tasks)
    return side.places.document(dag.dag.tasks[0].span.source) if is_whole else None


def _values_below(old: Task, new: Task) -> Iterator[Change]:
    """What environments say of the tasks of the pipeline that a task calls."""
    for one, other in zip_longest(old.below, new.below):
        keys = list(dict.fromkeys((*(one or ()), *(other or ()))))
        yield from (setting(leaf) for key in keys for leaf in leaves(f"tasks.{key}", one, other, key))


def _settings(old: Settings, new: Settings, renamed: Mapping[str, str]) -> Iterator[str]:
    """The keys of settings that mean something else than before."""
    is_removed_alike = content(old.removed) == content(new.removed)
    removed = set() if is_removed_alike else {each.path[0] for each in (*old.removed, *new.removed)}
    for key in KEYS:
        one, other = getattr(old, key.field), getattr(new, key.field)
        if key.name in removed or content(one, renamed) != content(other):
            yield key.name


def diff_outputs(
    old: tuple[DagOutput, ...], new: tuple[DagOutput, ...], renamed: Mapping[str, str], level: str
) -> Iterator[Change]:
    """The changes of the outputs of a DAG; `level` is that of an output that is gone."""
    before, after = ({each.name: each for each in outputs} for outputs in (old, new))
    for name, output in before.items():
        if name not in after:
            yield Change("output-removed", level, f"output `{name}` was removed", output.span, None, name)
        elif content(output.value, renamed) != content(after[name].value):
            message = f"output `{name}` {_both(output.value_span, after[name].value_span)}"
            yield Change("output-changed", "notice", message, output.value_span, after[name].value_span, name)
    for name, output in after.items():
        if name not in before:
            yield Change("output-added", "safe", f"output `{name}` is new", None, output.span, name)


def _arguments(old: Task, new: Task, renamed: Mapping[str, str]) -> Iterator[Change]:
    before, after = ({each.name: each for each in task.arguments} for task in (old, new))
    for name, given in before.items():
        if name not in after:
            message = f"argument `{name}` was removed; it was {_text(given.span)}"
            yield Change("argument-removed", "notice", message, given.name_span, None, name)
        elif content(given.value, renamed) != content(after[name].value):
            message = f"argument `{name}` {_both(given.span, after[name].span)}"
            yield Change("argument-changed", "notice", message, given.span, after[name].span, name)
    for name, given in after.items():
        if name not in before:
            yield _new_argument(given)


def _new_argument(given: Argument) -> Change:
    message = f"argument `{given.name}` is new: {_text(given.span)}"
    return Change("argument-added", "notice", message, None, given.name_span, given.name)


def _text(span: Span) -> str:
    return shown(span.text.strip("\"'"))


def _both(old: Span, new: Span) -> str:
    before, after = both_shown(old.text.strip("\"'"), new.text.strip("\"'"))
    return f"is {after}, not {before}"


def _same(name: str, old: Task, new: Task, renamed: Mapping[str, str]) -> bool:
    one, other = getattr(old, name), getattr(new, name)
    if name == "after":
        return {renamed.get(each, each) for each, _ in one} == {each for each, _ in other}
    return bool(content(one, renamed) == content(other))


def _same_hook(old: WrittenTask, new: WrittenTask, renamed: Mapping[str, str]) -> bool:
    """True if a hook runs in the same state of its task as before."""
    tests = [{hook.name: hook.when for hook in each.call.hooks} if each.call is not None else {} for each in (old, new)]
    return bool(content(tests[0].get(old.hook), renamed) == content(tests[1].get(new.hook)))


def named(task: Task) -> str:
    """What a task says that it runs, in words."""
    reference = task.component or task.pipeline
    if isinstance(reference, ComponentReference):
        return reference.written
    if reference is not None:
        return reference.name
    return "a template in the cluster" if task.template_ref is not None else "a template"


def _spans(old: Task, new: Task) -> tuple[Span, Span]:
    found = [
        reference.span if isinstance(reference := task.component or task.pipeline, ComponentReference) else task.span
        for task in (old, new)
    ]
    return found[0], found[1]


def _kind(written: WrittenTask) -> str:
    return "the hook" if written.hook else "the group" if written.task.group is not None else "the task"
