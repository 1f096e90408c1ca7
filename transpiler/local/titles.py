"""What people call the nodes of a run that goes on."""

from __future__ import annotations

from collections.abc import Callable

from transpiler.engine.nodes import NodeState
from transpiler.plan.argo_objects import Node
from transpiler.runs.recorded import Recorded
from transpiler.runs.titles import title_of


class Titles:
    """Titles of nodes, which the engine knows by name."""

    def __init__(self, names: Recorded, node: Callable[[str], NodeState | None]) -> None:
        self._names, self._node = names, node

    def of(self, name: str) -> str:
        """The title of a node; its own name if the engine does not know it."""
        node = self._node(name)
        if node is None:
            return name
        nodes: dict[str, Node] = {}
        here: NodeState | None = node
        while here is not None:
            nodes[here.id] = _fields(here)
            if here.is_try:
                nodes[f"{here.id}?"] = {"type": "Retry", "name": here.name.rpartition("(")[0]}
            here = here.boundary
        known = self._names.found({"status": {"nodes": nodes}})
        return title_of(node.id, nodes, known, {node.id} if node.is_try else ())


def _fields(node: NodeState) -> Node:
    """What names need of a node, as the status has it."""
    return {
        "name": node.name,
        "displayName": node.display,
        "type": node.type,
        "templateName": node.template,
        "templateRef": node.template_ref,
        "boundaryID": node.boundary.id if node.boundary is not None else "",
    }
