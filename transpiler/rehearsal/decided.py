"""Which results of tasks decided in a run whether a task runs, of those that its `depends` names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from transpiler.model.depends import Depends, Negation, TaskResult, results
from transpiler.runs.found import Execution, Found
from transpiler.runs.outcome import outcome_of
from transpiler.runs.places import Path

_ENDED: Final = ("Succeeded", "Failed", "Error", "Skipped", "Omitted")
_WORDS: Final = {"Error": "Errored"}
_ALONE: Final = ("Succeeded", "Skipped")
"""The results that a name alone stands for."""


def decided(path: Path, depends: Depends, found: Found) -> set[int]:
    """The results of a condition, by their place in it, each of which was true in a run and made the difference."""
    atoms = list(results(depends))
    own = [each for each in found.executions.get(path, ()) if not each.is_outdated]
    others = {each.task: found.executions.get((*path[:-1], each.task), []) for each in atoms}
    depth = min((len(each.at) for each in (*own, *(one for all_ in others.values() for one in all_))), default=0)
    return {
        number
        for at in {each.at for each in own if len(each.at) == depth}
        for number in _made_the_difference(depends, atoms, {name: _ends(each, at) for name, each in others.items()})
    }


def _ends(executions: Sequence[Execution], at: tuple[int, ...]) -> tuple[str, ...]:
    """How a task has ended, in one item of the loops around it, and then how its own items have."""
    mine = [each for each in executions if each.at[: len(at)] == at and not each.is_outdated]
    whole = [each for each in mine if len(each.at) == len(at)]
    items = [each for each in mine if len(each.at) > len(at)]
    return tuple(outcome_of(each, has_ended=True).phase for each in (*whole[-1:], *items))


def _made_the_difference(
    depends: Depends, atoms: Sequence[TaskResult], ends: Mapping[str, tuple[str, ...]]
) -> Iterator[int]:
    """None where a task has not ended: then nothing was decided."""
    if any(not phases or phases[0] not in _ENDED for phases in ends.values()):
        return
    truths = [_is_true(each, *ends[each.task]) for each in atoms]
    outcome = _value(depends, iter(truths))
    for number, truth in enumerate(truths):
        if truth and _value(depends, iter([*truths[:number], False, *truths[number + 1 :]])) != outcome:
            yield number


def _is_true(asked: TaskResult, phase: str, *items: str) -> bool:
    if asked.result == "AnySucceeded":
        return "Succeeded" in items
    if asked.result == "AllFailed":
        return bool(items) and all(each == "Failed" for each in items)
    return phase in _ALONE if not asked.result else _WORDS.get(phase, phase) == asked.result


def _value(node: Depends, truths: Iterator[bool]) -> bool:
    """The value of a condition. `truths`: those of its results, in their order."""
    if isinstance(node, TaskResult):
        return next(truths)
    if isinstance(node, Negation):
        return not _value(node.operand, truths)
    values = [_value(each, truths) for each in node.operands]
    return all(values) if node.operator == "&&" else any(values)
