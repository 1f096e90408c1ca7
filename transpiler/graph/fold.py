"""A graph that is too large to be read → the frames to close, and the tasks to draw as one box."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from transpiler.graph.lines import Line
from transpiler.graph.model import Graph, Node
from transpiler.graph.tree import Tree

NOTHING: Mapping[str, str] = {}


class Bundle(Struct, frozen=True):
    """Tasks that are one box: they stand in the same frame, and at the same distance from its start."""

    id: str
    parent: str
    what: str
    """What they run; empty for tasks that run several things."""
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


def fitting(graph: Graph, lines: Sequence[Line], limits: Limits) -> Folding:
    """The least folding within the limits: frames first, the innermost before those around them, then bundles.

    A graph that fits in no way is folded as far as it goes.
    """
    tree = Tree(graph)
    frames = [node.id for node in graph.nodes if node.is_frame and node.id in graph.below]
    deepest = max((tree.depth(each) for each in frames), default=-1)
    best = Folding()
    for depth in _steps(deepest):
        best = _counted(graph, frozenset(each for each in frames if tree.depth(each) >= depth))
        if _fits(graph, lines, best, limits):
            return best
    for by_component in (True, False):
        best = _counted(graph, best.closed, _bundles(graph, lines, tree, best, by_component=by_component))
        if _fits(graph, lines, best, limits):
            return best
    return best


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


def _bundles(
    graph: Graph, lines: Sequence[Line], tree: Tree, folding: Folding, *, by_component: bool
) -> tuple[Bundle, ...]:
    """The boxes for several tasks, among those that are drawn."""
    shown = Shown(graph, folding)
    levels = levels_of(graph, lines, tree)
    alike: dict[tuple[str, int, str], list[Node]] = {}
    for node in shown.nodes(graph):
        if node.hook_of or (node.is_frame and node.id not in folding.closed):
            continue
        key = (node.parent or f"@{node.section}", levels[node.id], _what(node) if by_component else "")
        alike.setdefault(key, []).append(node)
    names = Counter[str]()
    made = []
    for (_, _, what), nodes in alike.items():
        if len(nodes) > 1:
            names[nodes[0].parent] += 1
            number = names[nodes[0].parent]
            ids = tuple(node.id for node in nodes)
            made.append(Bundle(f"{nodes[0].parent}/#{number}", nodes[0].parent, what, ids))
    return tuple(made)


def _what(node: Node) -> str:
    return node.title or node.reference or node.work or node.kind


def levels_of(graph: Graph, lines: Iterable[Line], tree: Tree) -> dict[str, int]:
    """How many tasks of its frame come before each node, at most: the longest way. Cycles are cut where they close."""
    after, waits = defaultdict[str, set[str]](set), Counter[str]()
    for line in lines:
        pair = tree.siblings(line.source, line.target)
        if pair is not None and pair[1] not in after[pair[0]]:
            after[pair[0]].add(pair[1])
            waits[pair[1]] += 1
    levels = dict.fromkeys((node.id for node in graph.nodes), 0)
    ready = [name for name in levels if not waits[name]]
    left = [name for name in reversed(levels) if waits[name]]
    done = set(ready)
    while ready or left:
        if not ready:
            cut = left.pop()
            if cut in done:
                continue
            ready.append(cut)
            done.add(cut)
        name = ready.pop()
        for each in sorted(after[name]):
            levels[each] = max(levels[each], levels[name] + 1) if each not in done else levels[each]
            waits[each] -= 1
            if not waits[each] and each not in done:
                ready.append(each)
                done.add(each)
    return levels
