"""The ties of a scope: tasks that a split must keep together, and tasks that stay in the DAG.

A group has no result but success or failure. So a task that tests the result of another (`depends` with results), or
is an alternative to a skipped one (`??`), must be in the same DAG, or get the answer from there.
There are two solutions: to keep such tasks together in one part, or to keep the tested tasks in the DAG
that is split, where every part can test them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from msgspec import Struct

from transpiler.argo.named_tasks import named_in
from transpiler.argo.naming import task_name
from transpiler.model.depends import Depends, Junction, TaskResult, can_hold, results
from transpiler.model.expressions.absence import guarded
from transpiler.model.expressions.search import expressions_in, replaced
from transpiler.model.expressions.tree import (
    REFERENCES,
    Binary,
    Boxed,
    FactReference,
    OutputReference,
    Reference,
    references,
)
from transpiler.resolve.choices import lacking_in
from transpiler.resolve.closure import dependents
from transpiler.resolve.scope import Call, Scope, guarded_at_its_end, only_asked_how_they_ended, used_at_its_end


class Tie(NamedTuple):
    """A task that needs another beside it. `strict`: in the same DAG; else the other may be in a surrounding one."""

    task: str
    other: str
    strict: bool


class TaskUses(Struct, frozen=True):
    """What a task references, and which absent values it tolerates."""

    references: tuple[Reference, ...]
    guarded: frozenset[int]
    """Identities of the references that may be absent: those at either side of a `??`, or in a `Boxed`."""
    only_asked: frozenset[str]
    """Tasks of which it uses only the result."""
    tolerated: frozenset[str]
    """Tasks whose omission it tolerates."""


def uses_of(call: Call) -> TaskUses:
    """All that a task refers to, with its settings and loop, and what its exit handler uses of other tasks."""
    found: list[Reference] = []
    guarded: set[int] = set()

    def keep(node: Any) -> Any:
        if isinstance(node, REFERENCES):
            found.append(node)
        elif isinstance(node, (Binary, Boxed)):
            guarded.update(map(id, references(node)))
        return node

    replaced(call.task, keep)
    found += used_at_its_end(call)
    guarded.update(map(id, guarded_at_its_end(call)))
    outputs = [each for each in found if isinstance(each, OutputReference)]
    needed = {each.task for each in outputs if id(each) not in guarded}
    only_asked = only_asked_how_they_ended(call)
    tolerated = ({each.task for each in outputs} - needed) | only_asked
    return TaskUses(tuple(found), frozenset(guarded), frozenset(only_asked), frozenset(tolerated))


def asks(depends: Depends | None) -> bool:
    """True for logic that is more than to wait for tasks, as `after` does."""
    if isinstance(depends, Junction) and depends.operator == "&&":
        return any(map(asks, depends.operands))
    return depends is not None and not (isinstance(depends, TaskResult) and not depends.result)


def asked_by(call: Call) -> list[TaskResult]:
    """The results of other tasks that a task asks for."""
    depends = call.task.depends
    return list(results(depends)) if depends is not None and asks(depends) else []


def results_asked(scope: Scope) -> list[Tie]:
    """Tasks that test the result of another."""
    return [Tie(name, each.task, strict=True) for name, call in scope.calls.items() for each in asked_by(call)]


def asked_in_spite(scope: Scope) -> list[Tie]:
    """Tasks that may run after the omission of a task that they test.

    The cause of the omission may be in another part, which has then failed, so neither can be in a part.
    """
    return [
        Tie(name, each.task, strict=True)
        for name, call in scope.calls.items()
        for each in asked_by(call)
        if call.task.depends is not None and can_hold(call.task.depends, each.task, "Omitted")
    ]


def ends_in_spite(scope: Scope, uses: Mapping[str, TaskUses]) -> set[str]:
    """Conditional tasks at the end of a DAG that inspect a failed task.

    Grouped, their skipping would make the group succeed and hide the failure.
    """
    waited_for = {other for call in scope.calls.values() for other in call.dependencies}
    unrun: set[str] = set()
    for name in reversed(tuple(scope.calls)):
        call = scope.calls[name]
        if call.task.when is not None and (name not in waited_for or name in unrun):
            unrun |= {name, *call.dependencies}
    return {name for name in unrun if scope.calls[name].task.when is not None and uses[name].only_asked}


def asked_behind_others(scope: Scope, uses: Mapping[str, TaskUses]) -> set[str]:
    """Tasks that are omitted after a failure, except those that test the result.

    A part of both would be omitted as a whole.
    """
    return {other for used in uses.values() for other in used.only_asked if scope.calls[other].dependencies}


def waited_for_by(asked: Iterable[str], scope: Scope) -> dict[str, int]:
    """Task → the given tasks that are omitted when it fails, because they wait for it, as a bit set."""
    found = dict.fromkeys(scope.calls, 0)
    found |= {name: 1 << number for number, name in enumerate(sorted(asked))}
    for name in reversed(tuple(scope.calls)):
        for other in scope.calls[name].dependencies:
            found[other] |= found[name]
    return found


def values_asked(scope: Scope, uses: Mapping[str, TaskUses]) -> Iterator[Tie]:
    """Tasks that need a fact known only in the DAG of another task: its status, or whether it was skipped."""
    for name, used in uses.items():
        for each in used.references:
            if isinstance(each, FactReference):
                yield Tie(name, each.task, strict=False)
            elif isinstance(each, OutputReference):
                producer = scope.calls[each.task]
                if producer.may_be_skipped or id(each) in used.guarded:
                    yield Tie(name, each.task, strict=id(each) not in used.guarded and producer.loop is None)


def left_out_with(roots: Iterable[str], scope: Scope, uses: Mapping[str, TaskUses]) -> dict[str, int]:
    """Task → the given tasks whose omission omits it, as a bit set.

    They are the tasks that test results of others, and do not run after another result. A task
    after one is omitted with it, unless it has an alternative with `??`.
    """
    bit = {root: 1 << number for number, root in enumerate(sorted(roots))}
    found: dict[str, int] = {}
    for name, call in scope.calls.items():  # in topological order
        found[name] = bit.get(name, 0)
        asked = {each.task for each in asked_by(call)}
        for other in call.dependencies - asked - uses[name].tolerated:
            found[name] |= found[other]
    return found


def asked_and_needed(scope: Scope, uses: Mapping[str, TaskUses]) -> set[str]:
    """Tasks of which one task inspects any result, and another requires success."""
    asked = {other for used in uses.values() for other in used.only_asked}
    needed = {other for name, call in scope.calls.items() for other in call.dependencies - uses[name].only_asked}
    return asked & needed


def may_be_left_out(scope: Scope, uses: Mapping[str, TaskUses]) -> set[str]:
    """Tasks that test results of others, and those that are omitted with one."""
    asking = [name for name, call in scope.calls.items() if asked_by(call)]
    return dependents(asking, {name: call.dependencies - uses[name].tolerated for name, call in scope.calls.items()})


def omissions(scope: Scope, uses: Mapping[str, TaskUses]) -> list[Tie]:
    """Tasks that must stay together, so that a successful group never hides an omitted task."""
    maybe = may_be_left_out(scope, uses)
    pairs = ((name, other) for name, call in scope.calls.items() for other in sorted(call.dependencies & maybe))
    return [Tie(name, other, strict=False) for name, other in pairs]


def kept_apart(scope: Scope) -> set[str]:
    """Tasks that stay in the DAG they are in.

    A daemon lives as long as its DAG; Argo's own fields name tasks of it; the source of an output must
    exist, but a part could yield nothing.
    """
    by_name = {task_name(name): name for name in scope.calls}
    found = _yielded_if_there(scope)
    for name, call in scope.calls.items():
        if call.is_daemon:
            found.add(name)
        fields = call.task.settings.argo_task
        named = named_in(fields.data if fields is not None else {})
        if named.is_anything:
            found.update((name, *(by_name[task] for task in named.tasks & by_name.keys())))
    return found


def _yielded_if_there(scope: Scope) -> set[str]:
    lacking = lacking_in(scope)
    found = (each for output in scope.outputs for node in expressions_in(output.value) for each in guarded(node))
    return {each.task for each in found if isinstance(each, (OutputReference, FactReference)) and each.task in lacking}


def settled(apart: Iterable[str], ties: Iterable[Tie]) -> tuple[set[str], list[Tie]]:
    """All that must stay apart when some tasks do, and the ties that are left."""
    ties = list(ties)
    kept = set(apart)
    size = -1
    while size != len(kept):
        size = len(kept)
        for tie in ties:
            if tie.task in kept:
                kept.add(tie.other)
            elif tie.strict and tie.other in kept:
                kept.add(tie.task)
    return kept, [tie for tie in ties if tie.task not in kept and tie.other not in kept]
