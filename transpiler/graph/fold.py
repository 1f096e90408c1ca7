"""A graph that is too large to be read → the frames to close, and the tasks to draw as one box."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from transpiler.graph.bands import banded
from transpiler.graph.levels import levels_of
from transpiler.graph.line import Line
from transpiler.graph.model import Graph, Node
from transpiler.graph.tree import Tree


class Bundle(Struct, frozen=True):
    """Tasks that are one box: they stand in the same frame, and at the same distance from its start."""

    id: str
    parent: str
    what: str
    """What they run."""
    members: tuple[str, ...]


class Folding(Struct, frozen=True):
    """What of a graph is closed. A node in a closed frame, or in a bundle, is drawn as that."""

    closed: frozenset[str] = frozenset()
    bundles: tuple[Bundle, ...] = ()
    hidden: int = 0
    """How many tasks are not drawn themselves."""

    @property
    def is_whole(self) -> bool:
        """True if everything is drawn."""
        return not self.hidden


class Limits(Struct, frozen=True):
    """How much a picture may have."""

    nodes: int
    lines: int


class Shown:
    """Node → what is drawn for it."""

    def __init__(self, graph: Graph, folding: Folding) -> None:
        self.members = {name: each.id for each in folding.bundles for name in each.members}
        found = {"": ""}
        for node in graph.nodes:
            around = found[node.parent]
            is_inside = node.parent in folding.closed or around != node.parent
            found[node.id] = around if is_inside else self.members.get(node.id, node.id)
        self.of: Mapping[str, str] = found

    def nodes(self, graph: Graph) -> list[Node]:
        """The nodes that are drawn themselves."""
        return [node for node in graph.nodes if self.of[node.id] == node.id]

    def lines(self, lines: Iterable[Line]) -> dict[tuple[str, str], list[Line]]:
        """The lines that are drawn, each with those that it stands for."""
        found: dict[tuple[str, str], list[Line]] = {}
        for line in lines:
            ends = self.of[line.source], self.of[line.target]
            if ends[0] != ends[1] or not (line.source and line.target):
                found.setdefault(ends, []).append(line)
        return found


def fitting(graph: Graph, lines: Sequence[Line], limits: Limits) -> tuple[Graph, Folding]:
    """The least folding within the limits, and the graph for it, which has more frames if nothing else helps.

    First frames are closed, the innermost before those around them; then tasks with equal components are one box; then
    ranges of tasks are frames, of which as many are open as possible.
    """
    folding = _with_closed_frames(graph, lines, limits)
    if not _fits(graph, lines, folding, limits):
        folding = _counted(graph, folding.closed, _bundles(graph, lines, folding))
    if not _fits(graph, lines, folding, limits):
        graph = banded(graph, lines)
        folding = _with_closed_frames(graph, lines, limits)
    return graph, folding


def _with_closed_frames(graph: Graph, lines: Sequence[Line], limits: Limits) -> Folding:
    """As few closed frames as possible; all of them if that does not suffice."""
    tree = Tree(graph)
    frames = [node.id for node in graph.nodes if node.is_frame and node.id in graph.below]
    deepest = max((tree.depth(each) for each in frames), default=-1)
    folding = Folding()
    for depth in _steps(deepest):
        folding = _counted(graph, frozenset(each for each in frames if tree.depth(each) >= depth))
        if _fits(graph, lines, folding, limits):
            break
    return folding


def _steps(deepest: int) -> list[int]:
    """The depths from which frames are closed: none first, then ever more, in at most about 12 steps."""
    depths = list(range(deepest + 1, -1, -1))
    stride = max(1, len(depths) // 12)
    return [*depths[:1], *depths[1:-1:stride], *depths[-1:]] if len(depths) > 1 else depths


def _fits(graph: Graph, lines: Sequence[Line], folding: Folding, limits: Limits) -> bool:
    shown = Shown(graph, folding)
    boxes = sum(not node.is_frame or node.id in folding.closed for node in shown.nodes(graph)) + len(folding.bundles)
    return boxes <= limits.nodes and len(shown.lines(lines)) <= limits.lines


def _counted(graph: Graph, closed: frozenset[str], bundles: tuple[Bundle, ...] = ()) -> Folding:
    folding = Folding(closed, bundles)
    shown = Shown(graph, folding)
    hidden = sum(not node.is_frame and shown.of[node.id] != node.id for node in graph.nodes)
    return Folding(closed, bundles, hidden)


# ---------------------------------------------------------------------- bundles


def alike(graph: Graph, lines: Sequence[Line]) -> tuple[Bundle, ...]:
    """The tasks of each frame that run the same component at the same distance from its start, in all frames."""
    return _bundles(graph, lines, Folding())


def _bundles(graph: Graph, lines: Sequence[Line], folding: Folding) -> tuple[Bundle, ...]:
    """The boxes for several tasks, among those that are drawn."""
    shown = Shown(graph, folding)
    levels = levels_of(graph, lines)
    alike: dict[tuple[str, int, str], list[Node]] = {}
    for node in shown.nodes(graph):
        if not node.hook_of and (not node.is_frame or node.id in folding.closed):
            key = (node.parent or f"@{node.section}", levels[node.id], _what(node))
            alike.setdefault(key, []).append(node)
    several = [(key, nodes) for key, nodes in alike.items() if len(nodes) > 1]
    return tuple(
        Bundle(f"{around}/*{number}", nodes[0].parent, what, tuple(node.id for node in nodes))
        for number, ((around, _, what), nodes) in enumerate(several, 1)
    )


def _what(node: Node) -> str:
    return node.title or node.reference or node.work or node.kind
