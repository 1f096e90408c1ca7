"""Which items stand straight below each other whatever their sizes are: the bends of a chain, and only children.

Two straight steps never cross, so there is always room for all of them.
"""

from __future__ import annotations

from bisect import bisect, bisect_left
from collections.abc import Iterable, Mapping, Sequence

Step = tuple[int, int]


def straight(rows: Sequence[Sequence[int]], chains: Iterable[Step], steps: Iterable[Step]) -> set[Step]:
    """The straight steps: of the chains as many as possible, then those from an only parent to its only child."""
    position = {item: place for row in rows for place, item in enumerate(row)}
    row_of = {item: number for number, row in enumerate(rows) for item in row}
    by_gap: dict[int, list[Step]] = {}
    for step in chains:
        by_gap.setdefault(row_of[step[0]], []).append(step)
    kept = {gap: _uncrossed(steps, position) for gap, steps in by_gap.items()}
    for step in sorted(_only(steps), key=lambda step: (row_of[step[0]], position[step[0]])):
        _add(step, kept.setdefault(row_of[step[0]], []), position)
    return {step for steps in kept.values() for step in steps}


def _uncrossed(steps: list[Step], position: Mapping[int, int]) -> list[Step]:
    """The longest sequence of steps that do not cross, from left to right."""
    steps = sorted(steps, key=lambda step: position[step[0]])
    ends: list[int] = []
    at: list[int] = []
    before: list[int] = []
    for number, (_, lower) in enumerate(steps):
        place = bisect_left(ends, position[lower])
        before.append(at[place - 1] if place else -1)
        ends[place:], at[place:] = (
            [position[lower], *ends[place + 1 :]],
            [number, *at[place + 1 :]],
        )
    kept, number = [], at[-1] if at else -1
    while number >= 0:
        kept.append(steps[number])
        number = before[number]
    return kept[::-1]


def _only(steps: Iterable[Step]) -> list[Step]:
    """The steps from an item with one lower neighbour to one with one upper neighbour."""
    above: dict[int, int] = {}
    below: dict[int, int] = {}
    steps = list(steps)
    for upper, lower in steps:
        above[lower] = above.get(lower, 0) + 1
        below[upper] = below.get(upper, 0) + 1
    return [(upper, lower) for upper, lower in steps if above[lower] == below[upper] == 1]


def _add(step: Step, kept: list[Step], position: Mapping[int, int]) -> None:
    """Put a step among others if it crosses none of them and ends where none of them ends."""
    place = bisect(kept, position[step[0]], key=lambda other: position[other[0]])
    is_right = place == 0 or (
        position[kept[place - 1][0]] < position[step[0]] and position[kept[place - 1][1]] < position[step[1]]
    )
    if is_right and (place == len(kept) or position[step[1]] < position[kept[place][1]]):
        kept.insert(place, step)
