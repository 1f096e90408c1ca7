"""How many pods tasks may start at the same time: an upper bound, and infinity where only a run or a cluster knows."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf
from typing import Any

from transpiler.argo.loops import LOOPS
from transpiler.model.template import RawTemplate, TemplateRef
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
    """One; or nobody knows, where a cluster says what runs, or Argo's own fields for how long."""
    implementation = call.implementation
    if isinstance(implementation, TemplateRef) or call.is_daemon:
        return inf
    return pods_of_template(implementation.data, {}) if isinstance(implementation, RawTemplate) else 1


Templates = Mapping[str, Mapping[str, Any]]
"""Name → template in Argo's own fields."""


def pods_of_template(template: Mapping[str, Any], templates: Templates, known: dict[str, float] | None = None) -> float:
    """The pods of a template in Argo's own fields, which can call `templates`. `known` are those asked before."""
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
    """How many items the loop of a call has, when it says so itself; one without a loop."""
    given = call.task.settings.argo_task
    if given is not None and not given.data.keys().isdisjoint(LOOPS):
        return inf
    length = 1 if call.loop is None else call.loop.length
    return inf if length is None else length
