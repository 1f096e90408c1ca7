"""The frames around nodes, and what is in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from transpiler.graph.model import Graph, Node


class Tree:
    """Knows for each id of a graph the frames around it, the outermost first; the id itself comes last."""

    def __init__(self, graph: Graph) -> None:
        found: dict[str, tuple[str, ...]] = {"": ()}
        for node in graph.nodes:  # frames come before what they hold
            found[node.id] = (*found[node.parent], node.id)
        self.paths: Mapping[str, tuple[str, ...]] = found

    def depth(self, node: str) -> int:
        """How many frames are around a node."""
        return len(self.paths[node]) - 1

    def siblings(self, one: str, other: str) -> tuple[str, str] | None:
        """The outermost frames, or nodes, that two nodes do not share; None if one holds the other."""
        for each, its in zip(self.paths[one], self.paths[other], strict=False):
            if each != its:
                return each, its
        return None


def frames_first(nodes: Sequence[Node]) -> list[Node]:
    """The nodes so that each frame is followed by what it holds."""
    below: dict[str, list[Node]] = {}
    for node in nodes:
        below.setdefault(node.parent, []).append(node)
    ordered, waiting = [], below.get("", [])[::-1]
    while waiting:
        node = waiting.pop()
        ordered.append(node)
        waiting += below.get(node.id, [])[::-1]
    return ordered
