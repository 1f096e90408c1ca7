"""The tasks of two versions of a DAG → those that are one task in both, also under a new name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from msgspec import Struct

from transpiler.bindings.written_tasks import WrittenTask
from transpiler.model.task import ComponentReference, Task
from transpiler.suggest import did_you_mean
from transpiler.views.content import content

_NAMES: Final = frozenset(["name"])


class Pairs(Struct, frozen=True):
    """Old and new tasks together, and those without a counterpart; `renamed` has old → new names."""

    kept: list[tuple[WrittenTask, WrittenTask]]
    gone: list[WrittenTask]
    come: list[WrittenTask]
    renamed: dict[str, str]


def paired(old: Mapping[str, WrittenTask], new: Mapping[str, WrittenTask]) -> Pairs:
    """Tasks of one name; then tasks with the same callee and arguments, or with the same callee and a similar name."""
    kept = [(task, new[name]) for name, task in old.items() if name in new]
    gone = {name: task for name, task in old.items() if name not in new}
    come = {name: task for name, task in new.items() if name not in old}
    renamed: dict[str, str] = {}
    for name, task in list(gone.items()):
        found = _renamed(task, come)
        if found:
            renamed[name] = found
            kept.append((gone.pop(name), come.pop(found)))
    return Pairs(kept, list(gone.values()), list(come.values()), renamed)


def _renamed(task: WrittenTask, come: Mapping[str, WrittenTask]) -> str:
    """The new name of a task; empty if it has none."""
    if task.hook:
        return ""
    alike = {name: other for name, other in come.items() if not other.hook and callee(other.task) == callee(task.task)}
    same = {name: other for name, other in alike.items() if _arguments(other.task) == _arguments(task.task)}
    whole = [name for name, other in same.items() if _content(other.task) == _content(task.task)]
    found = whole or (list(same) if len(same) == 1 else [])
    return found[0] if found else did_you_mean(task.task.name, alike) or ""


def _arguments(task: Task) -> Any:
    return content({each.name: each.value for each in task.arguments})


def _content(task: Task) -> Any:
    return content(task, leave=_NAMES)


def callee(task: Task) -> Any:
    """What a task says that it runs."""
    if task.group is not None:
        return "tasks", tuple(each.name for each in task.group.tasks)
    named = task.component or task.pipeline
    if isinstance(named, ComponentReference):
        return named.written
    return content(task.component or task.template or task.template_ref)
