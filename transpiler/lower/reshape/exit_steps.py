"""An `onExit` in rows: as steps, it runs completely even if the run is stopped.

Argo fails every DAG of a run that is stopped as soon as it looks at it again, those of `onExit` too (`assessDAGPhase`
of v4.0.7): only its first tasks run. Steps continue. Both are equivalent if each row waits for the whole row
before.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Final

from transpiler.model.expressions.search import references_of
from transpiler.model.expressions.tree import OutputReference
from transpiler.resolve.scope import Call, Scope, only_asked_how_they_ended

Rows = list[list[str]]
_OF_DAGS: Final = "tasks.name"
"""A variable that Argo provides only in a DAG."""


def rows_at_ends(scopes: Iterable[Scope]) -> dict[Scope, Rows]:
    """The scopes that run at the end of a run and can be steps, each with its rows; below others nothing is won."""
    waiting = [scope for scope in scopes if scope.on_exit]
    found: dict[Scope, Rows] = {}
    while waiting:
        scope = waiting.pop()
        rows = _rows(scope)
        if rows and scope not in found:
            found[scope] = rows
            inner = [call.scope for call in scope.calls.values() if call.scope is not None]
            waiting += [each for each in inner if each.parent is scope]
    return found


def _rows(scope: Scope) -> Rows:
    """The tasks of a scope in rows; [] if steps would not be equivalent."""
    is_limited = scope.parallelism is not None or scope.fail_fast is not None or bool(scope.targets)
    if is_limited or not all(map(_is_plain, scope.calls.values())) or _collects(scope):
        return []
    level: dict[str, int] = {}
    rows: Rows = []
    for name, call in scope.calls.items():  # in topological order
        level[name] = 1 + max((level[other] for other in call.dependencies), default=-1)
        if level[name] == len(rows):
            rows.append([])
        rows[level[name]].append(name)
    is_whole = all(scope.calls[name].dependencies >= set(before) for before, row in pairwise(rows) for name in row)
    return rows if is_whole else []


def _collects(scope: Scope) -> bool:
    """True if a collected output of a loop is used: for a loop without items, Argo yields it only in a DAG."""
    said = references_of((tuple(call.task for call in scope.calls.values()), scope.outputs))
    used = {each.task for each in said if isinstance(each, OutputReference)}
    return any(call.loop is not None and name in used for name, call in scope.calls.items())


def _is_plain(call: Call) -> bool:
    """True for a task that waits for the success of others, and has nothing that only a DAG has."""
    is_waiting_otherwise = (
        call.task.depends is not None or bool(call.runs_after_end_of) or bool(only_asked_how_they_ended(call))
    )
    has_more = bool(call.hooks) or call.is_daemon or call.task.settings.argo_task is not None
    implementation = call.implementation
    return not is_waiting_otherwise and not has_more and _OF_DAGS not in repr(implementation)
