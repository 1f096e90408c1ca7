"""Tasks that can never run: their `when` is true only for results of another task that omit them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from transpiler.argo.phases import ENDED
from transpiler.check.expressions.never_equal import impossible
from transpiler.diagnostics import Report
from transpiler.model.depends import can_hold as depends_can_hold
from transpiler.model.depends import results
from transpiler.model.expressions.tree import Expression, FactReference, references
from transpiler.resolve.outcomes import BADLY, can_hold
from transpiler.resolve.scope import Call, Scope, only_asked_how_they_ended

_RESULTS: Final = {"Error": "Errored"}
"""Phase → its name in `depends`, if that differs."""


def check_never_runs(scope: Scope, report: Report) -> None:
    """Report each `when` of a scope that is false for every result of the task that it tests."""
    for call in scope.calls.values():
        if call.task.when is not None and not any(impossible(call.task.when, scope)):
            for reference in _asked(call.task.when, scope):
                _check(call, reference, scope, report)


def _asked(when: Expression, scope: Scope) -> Iterator[FactReference]:
    found = {each.task: each for each in references(when) if isinstance(each, FactReference) and each.fact == "status"}
    yield from (each for task, each in found.items() if task in scope.calls and not scope.calls[task].is_daemon)


def _check(call: Call, asked: FactReference, scope: Scope, report: Report) -> None:
    when, task = call.task.when, asked.task
    assert when is not None
    wanted = [end for end in ENDED if can_hold(when, task, end, scope)]
    if any(_comes_to_it(call, task, end, scope) for end in wanted):
        return
    names = {each.task for each in results(call.task.depends)} if call.task.depends else set()
    if not wanted:
        message, hint = (
            f"this is false for every result of `{task}`",
            f"to run something beside `{task}`, use a hook of it",
        )
    elif task in names:
        message = f"this is never true: `depends` lets the task run for other results of `{task}`"
        hint = "write the condition only in `depends`, such as " + f"`{task}.{_RESULTS.get(wanted[0], wanted[0])}`"
    else:
        message = f"this is never true: the task waits for others that do not run then, or for `{task}` to succeed"
        hint = f"wait only for `{task}`, or test the results of the others in `depends`"
    report.warning("never-equal", message, asked.span, hint)


def _comes_to_it(call: Call, task: str, end: str, scope: Scope) -> bool:
    """True when a call may be asked for its `when` although a task has ended so."""
    producer = scope.calls[task]
    if (end == "Omitted" and not producer.dependencies) or (end == "Skipped" and not producer.may_be_skipped):
        return False
    left_out = _left_out(task, end, scope)
    return all(_lets_run(call, scope.calls[other], task, end, left_out) for other in call.dependencies)


def _lets_run(call: Call, producer: Call, task: str, end: str, left_out: set[str]) -> bool:
    other = producer.task.name
    if other != task and other not in left_out:
        return True
    ended = end if other == task else "Omitted"
    may_fail = producer.task.may_fail is not None and ended in {"Failed", "Error"}
    depends = call.task.depends
    asked = [each.result for each in results(depends) if each.task == other] if depends is not None else []
    if depends is not None and asked:
        return (may_fail and not all(asked)) or depends_can_hold(depends, other, _RESULTS.get(ended, ended))
    return ended not in BADLY or may_fail or other in only_asked_how_they_ended(call)


def _left_out(task: str, end: str, scope: Scope) -> set[str]:
    """The tasks that do not run, since a task has ended so."""
    found: set[str] = set()
    for name, call in scope.calls.items():  # in topological order
        if name != task and not all(_lets_run(call, scope.calls[each], task, end, found) for each in call.dependencies):
            found.add(name)
    return found
