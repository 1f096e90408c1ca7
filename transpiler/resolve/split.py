"""A scope of more tasks than one DAG may hold → the same tasks in nested groups.

A group starts when all that its tasks wait for has ended, and counts as ended when all of them have. So what stands
together decides how much still runs at the same time. Chains are put together first: that costs nothing. Then tasks
of one level (as many steps from the start): no way leads from one to another. Then levels that follow each other.
Where all tasks take equally long, none of the three makes the whole take longer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Final

from transpiler.argo.limits import MAX_TASKS
from transpiler.model.depends import results
from transpiler.read.expressions import FactReference, OutputReference, guarded, references_of
from transpiler.resolve.cycles import condensed, in_order
from transpiler.resolve.regroup import regroup
from transpiler.resolve.resolve import Resolved
from transpiler.resolve.scope import Call, Scope, calls_of
from transpiler.resolve.types import is_file_of_a_loop

MAX_UNITS: Final = 100
"""Calls of a DAG that is split: half of what Argo allows, so that all the templates fit into one Workflow."""


def split(resolved: Resolved) -> bool:
    """Leave at most 200 calls in each DAG of a pipeline, wherever its tasks can be taken apart. True when any was."""
    waiting, seen, found = [resolved.tasks, *([resolved.on_exit] if resolved.on_exit else [])], set(), False
    while waiting:
        scope = waiting.pop()
        if scope in seen:
            continue
        seen.add(scope)
        if len(scope.calls) > MAX_TASKS:
            _split(scope)
            found = True
        waiting.extend(each.scope for each in calls_of(scope) if each.scope is not None)
    return found


def _split(scope: Scope) -> None:
    units = _units(scope)
    groups = [unit.tasks for unit in units if 1 < len(unit.tasks) < len(scope.calls)]
    width = len(str(len(groups)))
    names = (f"part-{number:0{width}}" for number in count(1))
    free = (name for name in names if name not in scope.calls)
    regroup(scope, {next(free): tasks for tasks in groups})


@dataclass(frozen=True, slots=True)
class _Unit:
    """Tasks that stay together, in the order of the scope, and the units that they wait for."""

    tasks: tuple[str, ...]
    waits_for: frozenset[int]


def _units(scope: Scope) -> list[_Unit]:
    """At most 100 units that make up the scope."""
    most = max(MAX_TASKS, -(-len(scope.calls) // MAX_UNITS))
    units = _from({task: (task,) for task in scope.calls}, scope)
    tied = _tied(scope)
    if tied:
        units = _merged(units, tied, scope)
    for merge in (_chains, _levels, _bands):
        if len(units) > MAX_UNITS:
            units = _merged(units, merge(units, most), scope)
    return units


def _from(tasks_of: Mapping[str, tuple[str, ...]], scope: Scope) -> list[_Unit]:
    """Units from their tasks, each behind those that it waits for."""
    owner = {task: unit for unit, tasks in tasks_of.items() for task in tasks}
    waits = {
        unit: {owner[other] for task in tasks for other in scope.calls[task].dependencies} - {unit}
        for unit, tasks in tasks_of.items()
    }
    place = {unit: number for number, unit in enumerate(in_order(waits))}
    return [_Unit(tasks_of[unit], frozenset(place[other] for other in waits[unit])) for unit in place]


def _merged(units: list[_Unit], groups: Iterable[Iterable[int]], scope: Scope) -> list[_Unit]:
    """Units with those of each group as one; whatever stands on a way out of a group and back into it joins it."""
    owner = {number: number for number in range(len(units))}
    for group in groups:
        members = list(group)
        owner |= dict.fromkeys(members, members[0])
    edges = [(owner[other], owner[number]) for number, unit in enumerate(units) for other in unit.waits_for]
    home = condensed(sorted(set(owner.values())), edges)
    tasks: dict[int, list[str]] = {}
    for number, unit in enumerate(units):
        tasks.setdefault(home[owner[number]], []).extend(unit.tasks)
    rank = {task: place for place, task in enumerate(scope.calls)}
    ordered = (tuple(sorted(each, key=rank.__getitem__)) for each in tasks.values())
    return _from({each[0]: each for each in ordered}, scope)


def _chains(units: list[_Unit], most: int) -> list[list[int]]:
    """Units in a row, of which each waits for the last alone and nothing else waits for that."""
    users = _users(units)
    chains: dict[int, list[int]] = {}
    size: dict[int, int] = {}
    for number, unit in enumerate(units):
        before = next(iter(unit.waits_for)) if len(unit.waits_for) == 1 else None
        weight = len(unit.tasks)
        follows = before is not None and users[before] == 1 and size[id(chains[before])] + weight <= most
        chain = chains[before] if follows and before is not None else []
        chain.append(number)
        chains[number] = chain
        size[id(chain)] = size.get(id(chain), 0) + weight
    return list({id(chain): chain for chain in chains.values()}.values())


def _users(units: list[_Unit]) -> dict[int, int]:
    """How many units wait for each."""
    users = dict.fromkeys(range(len(units)), 0)
    for unit in units:
        for other in unit.waits_for:
            users[other] += 1
    return users


def _by_level(units: list[_Unit]) -> list[list[int]]:
    """Units by the number of steps from the start; in a level those together that wait for the same."""
    level: dict[int, int] = {}
    for number, unit in enumerate(units):
        level[number] = 1 + max((level[other] for other in unit.waits_for), default=-1)
    levels: list[list[int]] = [[] for _ in range(1 + max(level.values()))]
    for number, depth in level.items():
        levels[depth].append(number)
    return [sorted(each, key=lambda number: (sorted(units[number].waits_for), number)) for each in levels]


def _levels(units: list[_Unit], most: int) -> list[list[int]]:
    """Units of one level, as many together as a group may hold."""
    return [packed for level in _by_level(units) for packed in _packed([[each] for each in level], units, most)]


def _bands(units: list[_Unit], most: int) -> list[list[int]]:
    """Levels that follow each other, as many together as a group may hold."""
    return _packed(_by_level(units), units, most)


def _packed(runs: Iterable[list[int]], units: list[_Unit], most: int) -> list[list[int]]:
    packs: list[list[int]] = [[]]
    filled = 0
    for run in runs:
        weight = sum(len(units[number].tasks) for number in run)
        if packs[-1] and filled + weight > most:
            packs.append([])
            filled = 0
        packs[-1].extend(run)
        filled += weight
    return packs


def _tied(scope: Scope) -> list[list[int]]:
    """Tasks that only one DAG can hold: who asks how another ended, or stands in for one that was skipped."""
    order = in_order({task: call.dependencies for task, call in scope.calls.items()})
    place = {task: number for number, task in enumerate(order)}
    ties = [(place[task], place[other]) for task, call in scope.calls.items() for other in _ties(call, scope)]
    home = condensed(range(len(order)), [*ties, *((there, here) for here, there in ties)])
    groups: dict[int, list[int]] = {}
    for number, at in home.items():
        groups.setdefault(at, []).append(number)
    return [group for group in groups.values() if len(group) > 1]


def _ties(call: Call, scope: Scope) -> set[str]:
    task = call.task
    named = {each.task for each in results(task.depends)} if task.depends else set()
    said = [argument.value for argument in call.arguments.values()]
    maybe = {
        getattr(each, "task", "")
        for value in said
        for node in getattr(value, "expressions", ())
        for each in guarded(node)
    }
    for reference in references_of(task):
        if isinstance(reference, FactReference) or is_file_of_a_loop(reference, scope):
            named.add(getattr(reference, "task", ""))
        elif isinstance(reference, OutputReference) and scope.calls[reference.task].may_be_skipped:
            named.add(reference.task)
    return (named | maybe) & scope.calls.keys() - {task.name}
