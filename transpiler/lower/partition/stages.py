"""A graph of tasks → parts of it, with as little unnecessary waiting as possible.

A part becomes a DAG of its own: it starts when all dependencies of its tasks have ended, and ends when all of them
have. This causes no further waiting if a graph is cut into stages (all tasks of one wait for all of the one
before) or branches (without edges between them), so these cuts come first, recursively. The remaining graphs
are cut into bands (`bands`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from msgspec import Struct

from transpiler.lower.partition.bands import bands, runs
from transpiler.resolve.graph import Graph, Nodes, components, in_order, levels

MAX_VISITS: Final = 16
"""How often a node is looked at in the search for stages and branches; a graph like a comb has as many as nodes."""


def partition(graph: Graph, classes: Sequence[Nodes], most: int, capacity: int) -> list[Nodes]:
    """At most `most` parts that make up a graph, each after those that it waits for; [] if there is no solution.

    A part contains nodes of one class, and at most `capacity` tasks, more only if there would be too many parts.
    """
    total = sum(graph.weight)
    capacity = max(capacity, -(-total * 4 // (most * 3)) if total > most * capacity else 0)
    while capacity < total:
        for packed in (False, True):
            found = _Partition(graph, capacity, packed)
            parts = in_order((part for each in classes for part in found.of(each)), graph)
            if 1 < len(parts) <= most:
                return parts
        capacity = capacity * 3 // 2
    return []


class _Partition(Struct):
    graph: Graph
    capacity: int
    packed: bool
    """True if parts with different neighbours must be merged."""
    visits: int = 0

    def of(self, nodes: Nodes) -> list[Nodes]:
        """The parts that make up some nodes."""
        parts: list[Nodes] = []
        waiting = [nodes]
        while waiting:
            nodes = waiting.pop()
            if self.graph.tasks(nodes) <= self.capacity or len(nodes) == 1:
                parts.append(nodes)
                continue
            branches = components(nodes, self.graph)
            if len(branches) > 1:
                waiting += self.branches(branches)
                continue
            self.visits += len(nodes)
            found = stages(nodes, self.graph) if self.visits < MAX_VISITS * len(self.graph.before) else [nodes]
            if len(found) > 1:
                waiting += self.runs(found)
            else:
                parts += bands(nodes, self.graph, self.capacity, packed=self.packed)
        return parts

    def branches(self, branches: list[Nodes]) -> list[Nodes]:
        """Branches, small ones together."""
        small = [branch for branch in branches if self.graph.tasks(branch) <= self.capacity]
        large = [branch for branch in branches if self.graph.tasks(branch) > self.capacity]
        return [*large, *self.runs(small)]

    def runs(self, parts: Iterable[Nodes]) -> list[Nodes]:
        """Parts in order, with neighbours merged up to the capacity."""
        return runs(parts, self.graph, self.capacity)


def stages(nodes: Nodes, graph: Graph) -> list[Nodes]:
    """Connected nodes as stages, of which each waits for all of the one before.

    A stage ends at a level when each node of the next waits for every one that nothing up to that level waits for.
    """
    level = levels(nodes, graph)
    depth = 1 + max(level.values())
    ends, edges, width = [0] * (depth + 1), [0] * (depth + 1), [0] * (depth + 1)
    for node in nodes:
        users = [level[user] for user in graph.after[node] if user in level]
        first = min(users, default=depth)
        width[level[node]] += 1
        ends[level[node]] += 1  # nothing waits for it from its own level on, until the first that does
        ends[first] -= 1
        edges[first] += users.count(first)
    stage, open_ends, stage_of = 0, 0, [0] * depth
    for number in range(depth):
        if number and edges[number] == open_ends * width[number]:
            stage += 1
        stage_of[number] = stage
        open_ends += ends[number]
    found: list[Nodes] = [[] for _ in range(stage + 1)]
    for node in nodes:
        found[stage_of[level[node]]].append(node)
    return found
