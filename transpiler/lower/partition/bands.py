"""A graph without stages and branches → bands of levels, each divided into its connected components.

A level is the number of steps from the start. A band takes in level after level while its components are small
enough. If all tasks take equally long, a cut between levels costs no time; otherwise, fewer cuts are
better. A task without dependents in the next level can be in its level or a later one, so there are two ways to number
levels; the simulated total time decides between them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from transpiler.lower.partition.makespan import critical_path, durations, makespan
from transpiler.resolve.graph import Graph, Nodes, Sets, components, in_order, levels

SEEDS: Final = (1, 2)
CROSSING: Final = 0.25
"""The weight, for each task, of a value that crosses parts, against time as a multiple of the best."""


def bands(nodes: Nodes, graph: Graph, capacity: int, *, packed: bool) -> list[Nodes]:
    """Parts that make up connected nodes, of at most `capacity` tasks where one node has no more."""
    early = levels(nodes, graph)
    found = [_cut(nodes, level, graph, capacity, packed=packed) for level in (early, _middle(nodes, early, graph))]
    return found[0] if found[0] == found[1] else min(found, key=lambda parts: _cost(nodes, parts, graph))


def runs(parts: Iterable[Nodes], graph: Graph, capacity: int) -> list[Nodes]:
    """Parts in order, with neighbours merged up to the capacity."""
    found: list[Nodes] = []
    run: Nodes = []
    filled = 0
    for part in parts:
        tasks = graph.tasks(part)
        if run and filled + tasks > capacity:
            found.append(sorted(run))
            run, filled = [], 0
        run += part
        filled += tasks
    return [*found, sorted(run)] if run else found


def _middle(nodes: Nodes, early: dict[int, int], graph: Graph) -> dict[int, int]:
    """The midpoint between a node's earliest and latest level, so that it never delays a band."""
    last = max(early.values())
    late: dict[int, int] = {}
    for node in reversed(nodes):
        late[node] = min([late[user] - 1 for user in graph.after[node] if user in late], default=last)
    middle: dict[int, int] = {}
    for node in nodes:
        behind = [middle[other] + 1 for other in graph.before[node] if other in middle]
        middle[node] = max([(early[node] + late[node]) // 2, *behind])
    return middle


def _cut(nodes: Nodes, level: dict[int, int], graph: Graph, capacity: int, *, packed: bool) -> list[Nodes]:
    rows: dict[int, Nodes] = {}
    for node in nodes:
        rows.setdefault(level[node], []).append(node)
    ordered = [rows[number] for number in sorted(rows)]
    parts: list[Nodes] = []
    start = 0
    while start < len(ordered):
        end = _end(ordered, start, graph, capacity)
        band = sorted(node for row in ordered[start:end] for node in row)
        parts += _together(band, graph, capacity, packed=packed)
        start = end
    return parts


def _end(rows: list[Nodes], start: int, graph: Graph, capacity: int) -> int:
    """After the last level of a band: with the next one, a component would be too large."""
    sets = Sets()
    tasks: dict[int, int] = {}
    for number in range(start, len(rows)):
        for node in rows[number]:
            sets.parent[node] = node
            tasks[node] = graph.weight[node]
        for node in rows[number]:
            for other in graph.before[node]:
                joined = sets.join(node, other) if other in tasks else None
                if joined is not None:
                    tasks[joined[0]] += tasks[joined[1]]
                    if tasks[joined[0]] > capacity:
                        return max(number, start + 1)
    return len(rows)


def _together(band: Nodes, graph: Graph, capacity: int, *, packed: bool) -> list[Nodes]:
    """The components of a band, merged if they have the same neighbours outside, or similar ones if necessary."""
    inside = set(band)
    alike: dict[tuple[tuple[int, ...], tuple[int, ...]], list[Nodes]] = {}
    for part in components(band, graph):
        waits = {other for node in part for other in graph.before[node]} - inside
        users = {user for node in part for user in graph.after[node]} - inside
        alike.setdefault((tuple(sorted(waits)), tuple(sorted(users))), []).append(part)
    groups = [alike[key] for key in sorted(alike)]
    if packed:
        groups = [[part for group in groups for part in group]]
    return [run for group in groups for run in runs(group, graph, capacity)]


def _cost(nodes: Nodes, parts: list[Nodes], graph: Graph) -> float:
    """The increase of the total time, for some random durations, and the number of values that cross parts."""
    owner = {node: place for place, part in enumerate(parts) for node in part}
    ordered = in_order(parts, graph)
    longer = 0.0
    for seed in SEEDS:
        took = durations(len(graph.before), seed)
        longer += makespan(ordered, graph, took) / critical_path(nodes, graph, took)
    crossing = {(other, owner[node]) for node in nodes for other in graph.before[node] if other in owner}
    crossing -= {(other, part) for other, part in crossing if owner[other] == part}
    exported = {other for other, _ in crossing}
    return longer / len(SEEDS) + CROSSING * (len(crossing) + len(exported)) / len(nodes)
