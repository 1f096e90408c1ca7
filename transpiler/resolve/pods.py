"""How many pods tasks may start at the same time: an upper bound, and infinity where only a run or a cluster knows."""

from __future__ import annotations

from math import inf

from transpiler.argo.loops import LOOPS
from transpiler.model.pipeline import TemplateRef
from transpiler.model.template import RawTemplate
from transpiler.resolve.scope import Call, Scope, calls_of


def pods_of(scope: Scope, known: dict[Scope, float] | None = None) -> float:
    """The pods of all tasks of a scope and their hooks. `known` are those of scopes that were asked before."""
    known = {} if known is None else known
    if scope not in known:
        known[scope] = inf  # for who calls itself
        each = (own_pods(call) if call.scope is None else pods_of(call.scope, known) for call in calls_of(scope))
        known[scope] = sum(items_of(call) * pods for call, pods in zip(calls_of(scope), each, strict=True))
    return known[scope]


def own_pods(call: Call) -> float:
    """One; or nobody knows, where a cluster or Argo's own fields say what runs, or for how long."""
    implementation = call.component.implementation if call.component is not None else None
    is_open = isinstance(implementation, TemplateRef) or call.is_daemon
    return inf if is_open or (isinstance(implementation, RawTemplate) and implementation.is_of_several) else 1


def items_of(call: Call) -> float:
    """How many items the loop of a call has, when it says so itself; one without a loop."""
    given = call.task.settings.argo_task
    if given is not None and not given.data.keys().isdisjoint(LOOPS):
        return inf
    length = 1 if call.loop is None else call.loop.length
    return inf if length is None else length
