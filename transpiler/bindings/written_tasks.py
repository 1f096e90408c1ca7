"""The tasks of a program as written in their files, each with its call and the targets of its references."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from transpiler.bindings.bindings import Definition, Kind
from transpiler.diagnostics import Span
from transpiler.model.depends import asked
from transpiler.model.expressions.tree import (
    FactReference,
    InputReference,
    ItemReference,
    OutputReference,
    Reference,
    WorkflowReference,
)
from transpiler.model.task import Loop, Task
from transpiler.resolve.names import Level
from transpiler.resolve.program import WrittenDag
from transpiler.resolve.scope import Call, Scope


class Wait(NamedTuple):
    """A task that another waits for by name, the key that says so, and the result that `depends` asks for, if any.

    `is_negated`: `depends` asks that the task has not that result.
    """

    key: str
    task: str
    result: str
    span: Span
    is_negated: bool = False


class WrittenTask(Struct, frozen=True):
    """A task as its file has it. `hook` is its name as a hook of the task `path[-1]`, and empty for other tasks."""

    task: Task
    path: tuple[str, ...]
    """The tasks around it, the outermost first."""
    home: WrittenDag
    call: Call | None
    """Its callee; None if a mistake hides it."""
    hook: str = ""

    @property
    def name(self) -> str:
        """Its name among the tasks of a DAG; a hook of a task is called `TASK.HOOK`."""
        return f"{self.path[-1]}.{self.hook}" if self.hook else self.task.name

    @property
    def own_path(self) -> tuple[str, ...]:
        """The path of the tasks inside it."""
        return (*self.path, self.hook or self.task.name)

    @property
    def waits(self) -> Iterator[Wait]:
        """The tasks that it waits for by name: those in `after`, then those in `depends`."""
        for name, span in self.task.after:
            yield Wait("after", name, "", span)
        for each, is_negated in asked(self.task.depends) if self.task.depends is not None else ():
            yield Wait("depends", each.task, each.result, each.span, is_negated)

    @property
    def without_parts(self) -> Task:
        """The task without the tasks in it and the loop, whose references mean something else."""
        return replace(self.task, group=None, hooks=(), loop=None)


class Named(Struct, frozen=True):
    """The target of a reference, and its scope."""

    definition: Definition
    scope: Scope


class WrittenTasks:
    """Every task of a program, by file; a DAG that the compiler adds around a task is none of them."""

    def __init__(self, written: Iterable[WrittenDag]) -> None:
        self.paths: dict[Level, tuple[str, ...]] = {}
        self.dags: dict[Level, WrittenDag] = {}
        self.all = tuple(self._walk(written))

    def _walk(self, written: Iterable[WrittenDag]) -> Iterator[WrittenTask]:
        known: set[Span] = set()
        for dag in written:
            self.dags[dag.level] = dag
            self.paths[dag.level] = path = self._path(dag, known)
            for task in dag.dag.tasks:
                if task.span not in known:
                    known.add(task.span)
                    call = _innermost(dag.scope.calls.get(task.name), task.name)
                    yield WrittenTask(task, path, dag, call)
                    yield from self._hooks(task, path, dag, known)

    def _hooks(self, task: Task, path: tuple[str, ...], dag: WrittenDag, known: set[Span]) -> Iterator[WrittenTask]:
        call = dag.scope.calls.get(task.name)
        calls = {hook.name: hook.call for hook in call.hooks} if call is not None else {}
        for hook in task.hooks:
            known.add(hook.task.span)
            found = _innermost(calls.get(hook.name), hook.task.name)
            yield WrittenTask(hook.task, (*path, task.name), dag, found, hook.name)

    def _path(self, dag: WrittenDag, known: set[Span]) -> tuple[str, ...]:
        """The tasks around a DAG. One that the compiler adds has a task of the DAG around, and no name of its own."""
        parent, group = dag.level.parent, dag.scope.group
        around = self.paths.get(parent, ()) if parent is not None else ()
        is_added = any(task.span in known for task in dag.dag.tasks)
        return around if is_added or group is None else (*around, group.name)

    def named(self, reference: Reference, level: Level, loop: Loop | None) -> Named | None:
        """The target of a reference at a level, in a task with that loop; None if there is none."""
        home = level
        while not home.has(reference, loop):
            around = home.parent or home.ended
            if around is None:
                return None
            home, loop = around, home.loop
        dag, definition = self.dags.get(home), self._definition(reference, home, loop)
        return Named(definition, dag.scope) if definition is not None and dag is not None else None

    def _definition(self, reference: Reference, home: Level, loop: Loop | None) -> Definition | None:
        path = self.paths.get(home, ())
        match reference:
            case WorkflowReference():
                return Definition(Kind.VARIABLE, f"workflow.{reference.name}", (), None)
            case InputReference():
                port = home.inputs.get(reference.name)
                return Definition(Kind.INPUT, reference.name, path, port.span) if port is not None else None
            case ItemReference():
                return Definition(Kind.ITEM, reference.name, path, loop.span) if loop is not None else None
            case OutputReference() | FactReference():
                return self.task(home, reference.task)

    def task(self, level: Level, name: str) -> Definition | None:
        """The task of that name at a level."""
        return self._tasks.get((level, name))

    @cached_property
    def _tasks(self) -> dict[tuple[Level, str], Definition]:
        return {
            (level, task.name): Definition(Kind.TASK, task.name, self.paths[level], task.span)
            for level, dag in self.dags.items()
            for task in dag.dag.tasks
        }


def output_named(reference: OutputReference, scope: Scope, path: tuple[str, ...]) -> Definition | None:
    """The output of a component, group or pipeline that a reference to a task of the scope names."""
    found = scope.output_of(reference) if not reference.is_results else None
    call = scope.calls.get(reference.task)
    if found is None or call is None:
        return None
    is_group = call.scope is not None and call.scope.group is not None
    return Definition(Kind.OUTPUT, found.name, (*path, reference.task) if is_group else (), found.span)


def _innermost(call: Call | None, name: str) -> Call | None:
    """The call of the task itself, where the compiler has put a DAG around it."""
    while call is not None and call.scope is not None and is_around_a_task(call):
        call = call.scope.calls.get(name)
    return call


def is_around_a_task(call: Call) -> bool:
    """True for a DAG that `resolve` has put around a single task, which has the place of that task."""
    if call.limited is not None:
        return True
    calls = list(call.scope.calls.values()) if call.scope is not None and call.scope.group is not None else []
    return len(calls) == 1 and calls[0].task.span == call.task.span
