"""The nodes that Argo's controller makes of a task: a pod, several nodes, or the tries of one.

Who waits for a task, and what runs when it has ended, depends on it (workflow/controller/dag.go of v4.0.7). What is
tried again is a node of its own, with the tries and all hooks below it. Who waits for it stands below the last of
these: a hook that ended well then hides that every try failed, and below a hook that is tried as well nobody looks.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import Final

from transpiler.argo.loops import LOOPS
from transpiler.diagnostics import Span
from transpiler.model.pipeline import Pipeline
from transpiler.read.yaml import fields
from transpiler.read.yaml.nodes import Map
from transpiler.resolve.scope import Call, Scope

RETRY: Final = "retryStrategy"
_RUNS: Final = ("template", "templateRef", "inline")


class NodeKind(Enum):
    """The kinds of node that a task can be."""

    SINGLE = auto()
    """A pod, or a node that Argo runs itself: a wait, a request."""
    SEVERAL = auto()
    """A DAG, steps, or the items of a loop."""
    TRIES = auto()
    """A retried node of any kind."""
    UNKNOWN = auto()
    """A template of the cluster: any of these."""


def node_of(call: Call, scope: Scope) -> NodeKind:
    """The kind of node that a call of a scope is."""
    given = call.task.settings.argo_task
    said = given.data if given is not None else {}
    if call.loop is not None or not said.keys().isdisjoint(LOOPS):
        return NodeKind.SEVERAL
    if is_tried_again(call, scope):
        return NodeKind.TRIES
    if call.implementation.is_in_cluster or not said.keys().isdisjoint(_RUNS):
        return NodeKind.UNKNOWN
    return NodeKind.SEVERAL if call.scope is not None or call.implementation.is_of_several else NodeKind.SINGLE


def is_tried_again(call: Call, scope: Scope) -> bool:
    """True when a call, or each item of its loop, may have several tries, as far as a manifest can tell."""
    return scope.retries_all or retries_itself(call)


def may_be_kept(call: Call) -> bool:
    """True when the results of a call may come from a cache, so that it ends as soon as it starts."""
    settings = call.task.settings
    given = settings.argo_template.data if settings.argo_template is not None else {}
    own = call.implementation.argo_fields.get("memoize")
    return own is not None or settings.cache is not None or given.get("memoize") is not None


def ends_unseen(call: Call, scope: Scope) -> bool:
    """True when Argo may notice the end of a call only when it starts a successor."""
    return node_of(call, scope) is not NodeKind.SINGLE or may_be_kept(call)


def retries_itself(call: Call) -> bool:
    """True when a call is retried by its own settings, or by its template in Argo's own fields."""
    own = call.implementation.argo_fields.get(RETRY)
    return own is not None or call.task.settings.is_retried


def retries_everything(pipeline: Pipeline) -> Span | None:
    """The place where Argo's own fields retry every template, DAGs and hooks included; None if they do not."""
    spec: Map | None = dict(pipeline.argo).get("spec")
    if spec is None:
        return None
    defaults = fields.mapping(spec, "templateDefaults")
    for place in (spec, defaults):
        if place is not None and place.get(RETRY) is not None:
            return place.key_span(RETRY)
    return None


def awaited_in(scope: Scope) -> frozenset[str]:
    """The tasks of a scope with successors in it; those that may fail get one (`lower/reshape/failing_tasks.py`)."""
    calls = scope.calls.values()
    failing = frozenset(call.task.name for call in calls if call.task.may_fail)
    return failing.union(*(call.dependencies | call.runs_after_end_of for call in calls))
