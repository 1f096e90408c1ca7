"""How many pods tasks may start at the same time: an upper bound, and infinity where only a run or a cluster knows."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf
from typing import Any, NamedTuple

from msgspec import Struct, field

from transpiler.argo.loops import LOOPS
from transpiler.model.task import Limit
from transpiler.resolve.scope import Call, Scope, calls_of


def pods_of(scope: Scope, known: dict[Scope, float] | None = None) -> float:
    """The pods of all tasks of a scope and their hooks. `known` caches the result of each scope."""
    known = {} if known is None else known
    if scope not in known:
        known[scope] = inf  # for who calls itself
        each = (own_pods(call) if call.scope is None else pods_of(call.scope, known) for call in calls_of(scope))
        known[scope] = sum(items_of(call) * pods for call, pods in zip(calls_of(scope), each, strict=True))
    return known[scope]


def own_pods(call: Call) -> float:
    """One, or infinity if a cluster template or Argo's own fields decide."""
    if call.implementation.is_in_cluster or call.is_daemon:
        return inf
    return pods_of_template(call.implementation.argo_fields, {})


Templates = Mapping[str, Mapping[str, Any]]
"""Name → template in Argo's own fields."""


def pods_of_template(template: Mapping[str, Any], templates: Templates, known: dict[str, float] | None = None) -> float:
    """The pods of a template in Argo's own fields, which can call `templates`. `known` caches results."""
    known = {} if known is None else known
    if "dag" in template:
        groups = [_mappings(template["dag"], "tasks")]
    else:
        groups = [each for each in template.get("steps") or () if isinstance(each, list)]
    counted = [
        sum(_loop_of(task) * _of_task(task, templates, known) for task in group if isinstance(task, dict))
        for group in groups
    ]
    return max(counted, default=1)


def _of_task(task: Mapping[str, Any], templates: Templates, known: dict[str, float]) -> float:
    if isinstance(task.get("inline"), dict):
        return pods_of_template(task["inline"], templates, known)
    name = task.get("template")
    if not isinstance(name, str) or name not in templates:
        return inf
    if name not in known:
        known[name] = inf  # for who calls itself
        known[name] = pods_of_template(templates[name], templates, known)
    return known[name]


def _loop_of(task: Mapping[str, Any]) -> float:
    items, sequence = task.get("withItems"), task.get("withSequence")
    if isinstance(items, list):
        return len(items)
    count = sequence.get("count") if isinstance(sequence, dict) else None
    if str(count).isdigit():
        return int(str(count))
    return 1 if set(LOOPS).isdisjoint(task) else inf


def _mappings(node: object, key: str) -> list[Any]:
    found = node.get(key) if isinstance(node, dict) else None
    return found if isinstance(found, list) else []


def items_of(call: Call) -> float:
    """The number of items of a loop, infinity if only a run knows it; one without a loop."""
    given = call.task.settings.argo_task
    if given is not None and not given.data.keys().isdisjoint(LOOPS):
        return inf
    length = 1 if call.loop is None else call.loop.length
    return inf if length is None else length


class LimitedPods(NamedTuple):
    """The pods that each task of a scope may start at once: an upper bound, which can exceed the limit."""

    scope: Scope
    limit: Limit | None
    """The closest limit: of the scope itself, or its share of one from outside."""
    pods: dict[str, float]


def pods_under_limits(scope: Scope, limit: Limit | None) -> list[LimitedPods]:
    """The pods of a scope and of all scopes below it, which come first, where none starts more than its limit."""
    counted = _Limited()
    counted.of_scope(scope, limit, None)
    return counted.found


class _Limited(Struct):
    known: dict[tuple[Scope, int], float] = field(default_factory=dict)
    """Scope and limit → its pods, of those that are counted."""
    found: list[LimitedPods] = field(default_factory=list)

    def of_scope(self, scope: Scope, limit: Limit | None, call: Call | None) -> float:
        """How many pods a scope runs at once. `call` is the one that runs it."""
        limit = _closest(scope, limit, call)
        key = scope, limit.most if limit is not None else 0
        if key not in self.known:
            self.known[key] = inf  # for a scope that calls itself
            pods = {name: self.of_call(each, limit) for name, each in scope.calls.items()}
            self.found.append(LimitedPods(scope, limit, pods))
            most = inf if limit is None else limit.most
            self.known[key] = min(sum(min(each, most) for each in pods.values()), most)
        return self.known[key]

    def of_call(self, call: Call, limit: Limit | None) -> float:
        """The pods of a call, for all items of its loop; or of a hook, which runs when those have ended."""
        items = items_of(call)
        hooks = max((self.of_call(hook.call, limit) for hook in call.hooks), default=0)
        share = limit and Limit(max(1, int(limit.most // max(1, items))), limit.span)
        one = own_pods(call) if call.scope is None else self.of_scope(call.scope, share, call)
        return max(one * items, hooks)


def _closest(scope: Scope, limit: Limit | None, call: Call | None) -> Limit | None:
    """The narrower of two limits: one from outside, and that of the scope itself."""
    if scope.parallelism is None or call is None or (limit is not None and limit.most <= scope.parallelism):
        return limit
    said = scope.group.parallelism if scope.group is not None else None
    return Limit(scope.parallelism, said.span if said is not None else call.task.span)
