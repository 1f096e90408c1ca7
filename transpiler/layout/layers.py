"""Cycles are broken, connected boxes found, and each box gets a rank: the number of its layer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

Pairs = Iterable[tuple[int, int]]
Neighbours = dict[int, list[int]]

PULLS: Final = 10
"""How often boxes are pulled to their neighbours."""


def neighbours(items: Iterable[int], pairs: Pairs) -> tuple[Neighbours, Neighbours]:
    """What each item comes behind, and what comes behind it."""
    before: Neighbours = {item: [] for item in items}
    after: Neighbours = {item: [] for item in before}
    for upper, lower in pairs:
        after[upper].append(lower)
        before[lower].append(upper)
    return before, after


def against(items: Sequence[int], pairs: Pairs) -> set[tuple[int, int]]:
    """The pairs that close a cycle, found by a search in depth: without them there is none."""
    before, after = neighbours(items, pairs)
    closing: set[tuple[int, int]] = set()
    active: dict[int, bool] = {}  # False: everything behind it has been seen
    for root in sorted(items, key=lambda item: bool(before[item])):
        if root in active:
            continue
        active[root] = True
        path = [(root, iter(after[root]))]
        while path:
            item, rest = path[-1]
            for other in rest:
                if active.get(other):
                    closing.add((item, other))
                elif other not in active:
                    active[other] = True
                    path.append((other, iter(after[other])))
                    break
            else:
                active[item] = False
                path.pop()
    return closing


def connected(items: Sequence[int], pairs: Pairs) -> list[list[int]]:
    """The items in groups that pairs connect, in the order of their first items."""
    before, after = neighbours(items, pairs)
    seen: set[int] = set()
    groups = []
    for first in items:
        if first in seen:
            continue
        seen.add(first)
        group, waiting = [], [first]
        while waiting:
            item = waiting.pop()
            group.append(item)
            for other in (*before[item], *after[item]):
                if other not in seen:
                    seen.add(other)
                    waiting.append(other)
        groups.append(group)
    place = {item: number for number, item in enumerate(items)}
    return [sorted(group, key=place.__getitem__) for group in groups]


def ranks(items: Sequence[int], pairs: Sequence[tuple[int, int]]) -> dict[int, int]:
    """The layer of each item, from 0 and without gaps: below all before it, and near to its neighbours.

    The pairs have no cycle.
    """
    before, after = neighbours(items, pairs)
    order = _topological(items, before, after)
    rank: dict[int, int] = {}
    for item in order:
        rank[item] = max((rank[other] + 1 for other in before[item]), default=0)
    _pull_down(order, rank, before, after, least=-len(items))
    for _ in range(PULLS):
        moved = _pull_up(order, rank, before, after) | _pull_down(order, rank, before, after)
        if not _pull_groups(items, pairs, rank, before, after) | moved:
            break
    dense = {value: number for number, value in enumerate(sorted(set(rank.values())))}
    return {item: dense[rank[item]] for item in items}


def _topological(items: Sequence[int], before: Neighbours, after: Neighbours) -> list[int]:
    missing = {item: len(before[item]) for item in items}
    order = [item for item in items if not missing[item]]
    for item in order:  # grows on the way
        for other in after[item]:
            missing[other] -= 1
            if not missing[other]:
                order.append(other)
    return order


def _pull_down(order: list[int], rank: dict[int, int], before: Neighbours, after: Neighbours, least: int = 0) -> bool:
    """Items with as many lines down as up, or more, to what is below them. `least`: how many more they must have."""
    moved = False
    for item in reversed(order):
        if after[item] and len(after[item]) >= len(before[item]) + least:
            lowest = min(rank[other] for other in after[item]) - 1
            moved |= lowest > rank[item]
            rank[item] = lowest
    return moved


def _pull_up(order: list[int], rank: dict[int, int], before: Neighbours, after: Neighbours) -> bool:
    """Items with as many lines up as down, or more, to what is above them."""
    moved = False
    for item in order:
        if before[item] and len(before[item]) >= len(after[item]):
            highest = max(rank[other] for other in before[item]) + 1
            moved |= highest < rank[item]
            rank[item] = highest
    return moved


def _pull_groups(
    items: Sequence[int], pairs: Sequence[tuple[int, int]], rank: dict[int, int], before: Neighbours, after: Neighbours
) -> bool:
    """Items that short lines hold together move as one, to the side of more long lines."""
    short = [(upper, lower) for upper, lower in pairs if rank[lower] == rank[upper] + 1]
    moved = False
    for group in connected(items, short):
        inside = set(group)
        up = [rank[item] - rank[other] for item in group for other in before[item] if other not in inside]
        down = [rank[other] - rank[item] for item in group for other in after[item] if other not in inside]
        way = min(down) - 1 if len(down) > len(up) else 1 - min(up) if len(up) > len(down) else 0
        moved |= way != 0
        for item in group if way else ():
            rank[item] += way
    return moved
