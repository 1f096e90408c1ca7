"""Tasks as numbers: what waits for what, what is connected, and in which order parts of them stand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from heapq import heapify, heappop, heappush

from msgspec import Struct

Nodes = list[int]
"""Some nodes of a graph, ascending."""


class Graph(Struct, frozen=True):
    """Nodes are the numbers from 0 on, in topological order; each stands for as many tasks as its weight says."""

    before: Sequence[Sequence[int]]
    """What each node waits for."""
    after: Sequence[Sequence[int]]
    """What waits for each node."""
    weight: Sequence[int]

    @classmethod
    def of(cls, before: Sequence[Sequence[int]], weight: Sequence[int]) -> Graph:
        """The graph in which each node waits for those."""
        after: list[list[int]] = [[] for _ in before]
        for node, others in enumerate(before):
            for other in others:
                after[other].append(node)
        return cls(before, after, weight)

    def tasks(self, nodes: Iterable[int]) -> int:
        """How many tasks nodes stand for."""
        return sum(map(self.weight.__getitem__, nodes))


class Sets:
    """Nodes that are found to be connected, one by one (union by path halving)."""

    def __init__(self) -> None:
        self.parent: dict[int, int] = {}

    def first(self, node: int) -> int:
        """The node that stands for all that this one is connected with: the smallest."""
        parent = self.parent
        while parent[node] != node:
            parent[node] = node = parent[parent[node]]
        return node

    def join(self, node: int, other: int) -> tuple[int, int] | None:
        """Connect two nodes; what stood for each before, the smaller first, unless they were connected."""
        one, two = self.first(node), self.first(other)
        if one == two:
            return None
        one, two = min(one, two), max(one, two)
        self.parent[two] = one
        return one, two


def components(nodes: Nodes, graph: Graph) -> list[Nodes]:
    """The nodes, those together that are connected."""
    sets = Sets()
    sets.parent = {node: node for node in nodes}
    for node in nodes:
        for other in graph.before[node]:
            if other in sets.parent:
                sets.join(node, other)
    found: dict[int, Nodes] = {}
    for node in nodes:
        found.setdefault(sets.first(node), []).append(node)
    return list(found.values())


def levels(nodes: Nodes, graph: Graph) -> dict[int, int]:
    """Node → the number of nodes on the longest way to it, among these."""
    level: dict[int, int] = {}
    for node in nodes:
        level[node] = 1 + max([level[other] for other in graph.before[node] if other in level], default=-1)
    return level


def in_order(parts: Iterable[Nodes], graph: Graph) -> list[Nodes]:
    """Parts of a graph in topological order, and where that leaves a choice by their first nodes.

    [] when they wait for each other.
    """
    ordered = sorted(parts)
    owner = {node: place for place, part in enumerate(ordered) for node in part}
    waits = [
        {owner[other] for node in part for other in graph.before[node] if other in owner} - {place}
        for place, part in enumerate(ordered)
    ]
    order = topological(waits)
    return [ordered[place] for place in order] if len(order) == len(ordered) else []


def topological(waits: Sequence[set[int]]) -> Nodes:
    """Numbers in topological order, the smallest first; without those of cycles, and what is behind them."""
    users: list[Nodes] = [[] for _ in waits]
    missing = [len(others) for others in waits]
    for number, others in enumerate(waits):
        for other in others:
            users[other].append(number)
    ready = [number for number, count in enumerate(missing) if not count]
    heapify(ready)
    order: Nodes = []
    while ready:
        order.append(heappop(ready))
        for user in users[order[-1]]:
            missing[user] -= 1
            if not missing[user]:
                heappush(ready, user)
    return order
