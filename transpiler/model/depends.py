"""`depends`: Argo's own logic over the results of tasks, as a tree (`a.Succeeded || b.Failed`)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from transpiler.diagnostics import Span

RESULTS: Final = ("Succeeded", "Failed", "Errored", "Skipped", "Omitted", "Daemoned")
LOOP_RESULTS: Final = ("AnySucceeded", "AllFailed")
"""Results that only a task with a loop has."""

_ALONE: Final = ("Succeeded", "Skipped", "Daemoned")
"""The results that a task name alone stands for."""


class TaskResult(Struct, frozen=True):
    """`TASK` or `TASK.Result`."""

    task: str
    result: str
    span: Span


class Negation(Struct, frozen=True):
    """`!x`."""

    operand: Depends


class Junction(Struct, frozen=True):
    """`x && y`, or `x || y`."""

    operator: str
    operands: tuple[Depends, ...]


Depends = TaskResult | Negation | Junction


def however_ended(task: str, span: Span) -> Depends:
    """Waits for any end of a task; the name alone stands for success or skipping."""
    return Junction("||", tuple(TaskResult(task, result, span) for result in ("", "Failed", "Errored", "Omitted")))


def results(node: Depends) -> Iterator[TaskResult]:
    """Every task that is named, in order."""
    if isinstance(node, TaskResult):
        yield node
    elif isinstance(node, Negation):
        yield from results(node.operand)
    else:
        for operand in node.operands:
            yield from results(operand)


def asked(node: Depends, *, is_negated: bool = False) -> Iterator[tuple[TaskResult, bool]]:
    """Every task that is named, in order, and whether that is under a `!` (an odd number of them)."""
    if isinstance(node, TaskResult):
        yield node, is_negated
    elif isinstance(node, Negation):
        yield from asked(node.operand, is_negated=not is_negated)
    else:
        for operand in node.operands:
            yield from asked(operand, is_negated=is_negated)


def is_negated(node: Depends) -> bool:
    """True for logic with a `!`, which can be false although all tasks have succeeded."""
    if isinstance(node, Junction):
        return any(map(is_negated, node.operands))
    return isinstance(node, Negation)


def holds_without(node: Depends, task: str) -> bool:
    """True if the logic can be true although a named task has not succeeded."""
    is_named = any(each.task == task for each in results(node))
    return is_named and any(can_hold(node, task, ended) for ended in ("Failed", "Errored", "Omitted"))


def can_hold(node: Depends, task: str, ended: str) -> bool:
    """True if the logic can be true after this result of a task. Other tasks may end in any way."""
    return _can(node, task, ended, True)


def _can(node: Depends, task: str, ended: str, wanted: bool) -> bool:
    """True if the logic can have the wanted value, likewise."""
    if isinstance(node, TaskResult):
        is_open = node.task != task or (node.result in LOOP_RESULTS and ended in {"Succeeded", "Failed"})
        holds = node.result == ended if node.result else ended in _ALONE
        return is_open or holds == wanted
    if isinstance(node, Negation):
        return _can(node.operand, task, ended, not wanted)
    needs_all = (node.operator == "&&") == wanted
    found = (_can(each, task, ended, wanted) for each in node.operands)
    return all(found) if needs_all else any(found)
