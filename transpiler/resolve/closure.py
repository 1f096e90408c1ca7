"""Which tasks must come along when some of a scope are put into a group."""

from __future__ import annotations

from collections.abc import Collection

from transpiler.resolve.cycles import condensed
from transpiler.resolve.scope import Scope


def closed(tasks: Collection[str], scope: Scope) -> set[str]:
    """These tasks, and every one on a way from one of them to another: a group that waits for itself never starts."""
    members = set(tasks)
    place = {task: number for number, task in enumerate(scope.calls, 1)}
    node = {task: 0 if task in members else number for task, number in place.items()}
    edges = [(node[other], node[task]) for task, call in scope.calls.items() for other in call.dependencies]
    home = condensed(range(len(place) + 1), edges)
    return members | {task for task in scope.calls if home[node[task]] == 0}
