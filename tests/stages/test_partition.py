"""Partition: a graph of tasks → parts of it; stages and branches cost no time, and all parts together are the graph."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest

from transpiler.lower.partition.makespan import critical_path, durations, makespan
from transpiler.lower.partition.stages import partition
from transpiler.resolve.graph import Graph

GRAPHS: dict[str, tuple[Sequence[Sequence[int]], int, list[list[int]]]] = {
    "a chain is cut anywhere": ([[], [0], [1], [2], [3], [4]], 2, [[0, 1], [2, 3], [4, 5]]),
    "branches stay whole": ([[], [0], [1], [], [3], [4]], 3, [[0, 1, 2], [3, 4, 5]]),
    "small branches share a part": ([[], [], [], [], [], []], 2, [[0, 1], [2, 3], [4, 5]]),
    "stages of a diamond": ([[], [0], [0], [0], [0], [1, 2, 3, 4]], 4, [[0], [1, 2, 3, 4], [5]]),
    "a fan": ([[], [0], [0], [0], [0], [0]], 3, [[0], [1, 2, 3], [4, 5]]),
    "two lines that join": ([[], [], [0], [1], [2], [3], [4, 5]], 3, [[0, 2, 4], [1, 3, 5], [6]]),
}
"""What each node waits for, how many a part holds, and the parts."""


@pytest.mark.parametrize("name", GRAPHS)
def test_parts(name: str) -> None:
    before, capacity, parts = GRAPHS[name]
    graph = Graph.of(before, [1] * len(before))
    found = partition(graph, [list(range(len(before)))], len(before), capacity)
    assert found == parts
    took = durations(len(before), seed=1)
    assert makespan(found, graph, took) == critical_path(list(range(len(before))), graph, took), "no time is lost"


def test_a_graph_that_one_part_holds_has_no_parts() -> None:
    assert partition(Graph.of([[], [0]], [1, 1]), [[0, 1]], 200, 200) == []


def test_nodes_of_two_classes_stand_in_no_part_together() -> None:
    graph = Graph.of([[], [0], [1], [2]], [1, 1, 1, 1])
    assert partition(graph, [[0, 1], [2, 3]], 4, 2) == [[0, 1], [2, 3]]


@pytest.mark.parametrize("seed", range(20))
def test_any_graph(seed: int) -> None:
    """Every node is in one part, no part is too large, and the parts wait for each other in no circle."""
    chance = random.Random(seed)
    size = chance.randint(300, 1500)
    before = [sorted({chance.randrange(node) for _ in range(chance.randint(0, min(node, 3)))}) for node in range(size)]
    weight = [1 if chance.random() < 0.9 else chance.randint(2, 20) for _ in range(size)]
    graph = Graph.of(before, weight)
    parts = partition(graph, [list(range(size))], 200, 200)
    assert sorted(node for part in parts for node in part) == list(range(size))
    assert 1 < len(parts) <= 200
    place = {node: number for number, part in enumerate(parts) for node in part}
    assert all(place[other] <= place[node] for node in range(size) for other in before[node])
    assert all(graph.tasks(part) <= 200 for part in parts)
