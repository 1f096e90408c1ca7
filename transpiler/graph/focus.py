"""A graph → the part of it around some tasks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable

from msgspec.structs import replace

from transpiler.graph.lines import lines_of
from transpiler.graph.model import Graph
from transpiler.graph.tree import Tree


def found(graph: Graph, name: str) -> tuple[str, ...]:
    """The ids that a name stands for: an id, or every task that is called so."""
    if name in graph.by_id:
        return (name,)
    return tuple(node.id for node in graph.nodes if node.name == name)


def focused(graph: Graph, ids: Iterable[str], steps: int) -> Graph:
    """The tasks with these ids, all in them, and those at most some steps away along the lines."""
    tree = Tree(graph)
    chosen = set(ids)
    chosen |= {node.id for node in graph.nodes if chosen.intersection(tree.paths[node.id])}
    beside = defaultdict[str, set[str]](set)
    for line in lines_of(graph):
        if line.source and line.target:
            beside[line.source].add(line.target)
            beside[line.target].add(line.source)
    newest = set(chosen)
    for _ in range(steps):
        newest = {other for each in newest for other in beside[each]} - chosen
        chosen |= newest
    return _part(graph, {name for each in chosen for name in tree.paths[each]})


def _part(graph: Graph, kept: Collection[str]) -> Graph:
    ends = {"", *kept}
    return replace(
        graph,
        nodes=tuple(node for node in graph.nodes if node.id in kept),
        edges=tuple(edge for edge in graph.edges if edge.source.node in ends and edge.target.node in ends),
    )
