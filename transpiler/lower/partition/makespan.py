"""The duration of a graph of tasks: with single dependencies, or with parts that start and end as one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import log
from typing import Final

from transpiler.resolve.graph import Graph, Nodes

_STEPS: Final = 256
_TABLE: Final = tuple(round(-1000 * log((step + 0.5) / _STEPS)) for step in range(_STEPS))
"""Exponentially distributed durations, many short and few long, with a mean of about 1,000."""


def durations(count: int, seed: int) -> list[int]:
    """Random durations, the same for the same seed."""
    state, found = seed, []
    for _ in range(count):
        state = (state * 6364136223846793005 + 1442695040888963407) % (1 << 64)
        found.append(_TABLE[state >> 56])
    return found


def critical_path(nodes: Nodes, graph: Graph, took: Sequence[int]) -> int:
    """When the last of some nodes ends, if each starts as soon as it may."""
    return max(_ends(nodes, graph, took, 0).values())


def makespan(parts: Iterable[Nodes], graph: Graph, took: Sequence[int]) -> int:
    """When the last part ends, if each starts as soon as all that its nodes wait for has ended.

    Parts have ended when all of their nodes have. Expects them in topological order.
    """
    ended: dict[int, int] = {}
    for part in parts:
        start = max([ended[other] for node in part for other in graph.before[node] if other in ended], default=0)
        end = max(_ends(part, graph, took, start).values())
        ended.update(dict.fromkeys(part, end))
    return max(ended.values())


def _ends(nodes: Nodes, graph: Graph, took: Sequence[int], start: int) -> dict[int, int]:
    ends: dict[int, int] = {}
    for node in nodes:
        ends[node] = took[node] + max([ends[other] for other in graph.before[node] if other in ends], default=start)
    return ends
