"""Where a node ends: what comes after a task becomes a child of these nodes."""

from __future__ import annotations

from transpiler.engine.nodes import NodeState
from transpiler.engine.run import Run


def ends_of(run: Run, node: NodeState) -> list[NodeState]:
    """The nodes at the end of a node, down to pods."""
    if node.type == "Pod" and node.work is not None and "containerSet" in node.work.template:
        return _of_children(run, node)
    if node.type in ("Skipped", "Suspend", "HTTP", "Plugin", "Pod"):
        return [node]
    if node.type in ("TaskGroup", "Container"):
        return _of_children(run, node)
    if node.type == "Retry" and node.children:
        return [*run.nodes.children(node)][-1:]
    if node.type in ("DAG", "Steps") and (node.memo or {}).get("hit"):
        return [node]
    inner = [run.nodes.by_name[each] for each in node.outbound or []]
    return [end for each in inner for end in ends_of(run, each)]


def _of_children(run: Run, node: NodeState) -> list[NodeState]:
    if not node.children:
        return [node]
    found: list[NodeState] = []
    for child in run.nodes.children(node):
        if node.type == "Container" and node.boundary is not child.boundary:
            found.append(node)
        else:
            found += ends_of(run, child)
    return found
