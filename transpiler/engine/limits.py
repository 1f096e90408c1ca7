"""Limits of parallelism, and `failFast` of a template: whether a node may go on."""

from __future__ import annotations

from transpiler.engine.errors import BlockedError
from transpiler.engine.library import kind_of
from transpiler.engine.nodes import NodeState
from transpiler.engine.run import Call, Run
from transpiler.plan.argo_objects import Node

_FAILED_FAST = "template has failed or errored children and failFast enabled"


def check(run: Run, template: Node, node: NodeState | None, call: Call) -> None:
    """Raises BlockedError where a limit holds back a node."""
    limit = run.spec.get("parallelism")
    if limit is not None and run.running >= int(limit):
        raise BlockedError(node, is_whole=True)
    kind = kind_of(template)
    if node is not None and kind in ("dag", "steps"):
        _check_fast(run, template, node, kind, node)
        if _limit(template) and node.pods >= _limit(template):
            raise BlockedError(node)
    if call.boundary is not None and (node is None or node.phase not in ("Pending", "Running")):
        around = call.boundary.work.template
        _check_fast(run, around, call.boundary, kind_of(around), node)
        if _limit(around) and call.boundary.active >= _limit(around):
            raise BlockedError(node)


def _limit(template: Node) -> int:
    return int(template.get("parallelism") or 0)


def _check_fast(run: Run, template: Node, node: NodeState, kind: str, asks: NodeState | None) -> None:
    if not template.get("failFast") or not node.failed:
        return
    if not node.pods:
        group = _last_group(run, node) if kind == "steps" else None
        if group is not None:
            run.mark(group, "Failed", _FAILED_FAST)
        run.mark(node, "Failed", _FAILED_FAST)
    raise BlockedError(asks)


def _last_group(run: Run, node: NodeState) -> NodeState | None:
    groups = [each for each in run.nodes.by_name.values() if each.boundary is node and each.type == "StepGroup"]
    return groups[-1] if groups else None
