"""`depends`: Argo's own logic over the results of tasks, as a tree (`a.Succeeded || b.Failed`)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from transpiler.diagnostics import Span

RESULTS: Final = ("Succeeded", "Failed", "Errored", "Skipped", "Omitted", "Daemoned")
LOOP_RESULTS: Final = ("AnySucceeded", "AllFailed")
"""Results that only a task with a loop has."""


@dataclass(frozen=True, slots=True)
class TaskResult:
    """`TASK` or `TASK.Result`."""

    task: str
    result: str
    span: Span


@dataclass(frozen=True, slots=True)
class Negation:
    """`!x`."""

    operand: Depends


@dataclass(frozen=True, slots=True)
class Junction:
    """`x && y`, or `x || y`."""

    operator: str
    operands: tuple[Depends, ...]


Depends = TaskResult | Negation | Junction


def results(node: Depends) -> Iterator[TaskResult]:
    """Every task that is named, in order."""
    if isinstance(node, TaskResult):
        yield node
    elif isinstance(node, Negation):
        yield from results(node.operand)
    else:
        for operand in node.operands:
            yield from results(operand)
