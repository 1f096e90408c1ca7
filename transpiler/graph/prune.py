"""A graph and its closed frames → the graph without what is in them, for pictures that stay as they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet

from msgspec.structs import replace

from transpiler.graph.fold import Folding, Shown
from transpiler.graph.line import Flow, Line
from transpiler.graph.model import Edge, End, Graph


def pruned(graph: Graph, closed: AbstractSet[str]) -> Graph:
    """The graph where closed frames hold nothing, and have the edges of what they held."""
    shown = Shown(graph, Folding(frozenset(closed))).of
    inside: dict[str, int] = {}
    for node in graph.nodes:
        if shown[node.id] != node.id:
            inside[shown[node.id]] = inside.get(shown[node.id], 0) + (node.unopened or not node.is_frame)
    kept = tuple(
        replace(node, unopened=inside[node.id]) if node.id in inside else node
        for node in graph.nodes
        if shown[node.id] == node.id
    )
    edges = dict.fromkeys(_lifted(edge, shown[edge.source.node], shown[edge.target.node]) for edge in graph.edges)
    return replace(
        graph,
        nodes=kept,
        edges=tuple(each for each in edges if each.source.node != each.target.node or not each.source.node),
        lines=_lifted_lines(graph.lines, shown) if graph.lines is not None else None,
        line_marks={(shown[one], shown[other]): mark for (one, other), mark in graph.line_marks.items()},
    )


def _lifted(edge: Edge, source: str, target: str) -> Edge:
    """The edge with these ends; a port of a task in a closed frame is none of the frame."""
    if (source, target) == (edge.source.node, edge.target.node):
        return edge
    ends = End(source, edge.source.port, edge.source.span), End(target, edge.target.port, edge.target.span)
    return Edge(*ends, edge.type, edge.how, edge.is_negated)


def _lifted_lines(lines: Iterable[Line], shown: Mapping[str, str]) -> tuple[Line, ...]:
    found: dict[tuple[str, str], dict[Flow, None]] = {}
    for line in lines:
        ends = shown[line.source], shown[line.target]
        if ends[0] != ends[1] or not ends[0]:
            found.setdefault(ends, {}).update(dict.fromkeys(line.flows))
    return tuple(Line(source, target, tuple(flows)) for (source, target), flows in found.items())
