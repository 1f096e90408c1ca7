"""Which tasks must come along when some of a scope are put into a group."""

from __future__ import annotations

from collections.abc import Iterable

from transpiler.resolve.cycles import condensed
from transpiler.resolve.graph import Sets
from transpiler.resolve.scope import Scope


def closed(pairs: Iterable[tuple[str, str]], scope: Scope) -> list[list[str]]:
    """Tasks that must stand together, pair by pair, with all on a way from one of them to another.

    Else a group would wait for itself, and never start. Each list is in the order of the scope.
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
