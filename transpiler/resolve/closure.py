"""Sets of tasks that belong together: in one group of a scope, or omitted together."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from transpiler.resolve.cycles import condensed
from transpiler.resolve.graph import Sets
from transpiler.resolve.scope import Scope


def closed(pairs: Iterable[tuple[str, str]], scope: Scope) -> list[list[str]]:
    """Tasks that must stay in one group, given as pairs, with all tasks on a path between two of them.

    Otherwise a group would wait for itself and never start. Each list is in the order of the scope.
    """
    names = list(scope.calls)
    place = {name: number for number, name in enumerate(names)}
    sets = Sets()
    sets.parent = {number: number for number in range(len(names))}
    joined = [pair for pair in pairs if sets.join(place[pair[0]], place[pair[1]])]
    if not joined:
        return []
    edges = [
        (sets.first(place[other]), sets.first(place[name]))
        for name, call in scope.calls.items()
        for other in call.dependencies
    ]
    home = condensed({sets.first(number) for number in range(len(names))}, edges)
    found: dict[int, list[str]] = {}
    for number, name in enumerate(names):
        found.setdefault(home[sets.first(number)], []).append(name)
    return [block for block in found.values() if len(block) > 1]


def dependents(first: Iterable[str], waits: Mapping[str, Collection[str]]) -> set[str]:
    """The tasks and all their successors, direct and indirect; `waits` has the predecessors of each task."""
    users: dict[str, list[str]] = {}
    for name, others in waits.items():
        for other in others:
            users.setdefault(other, []).append(name)
    found = set(first)
    waiting = list(found)
    while waiting:
        new = set(users.get(waiting.pop(), ())) - found
        found |= new
        waiting += new
    return found
