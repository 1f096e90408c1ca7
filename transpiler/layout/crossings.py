"""How often lines between two rows cross."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence

Links = Sequence[Sequence[int]]
"""For each item the items that it is linked to in one of the rows beside its own."""


def crossings(rows: Sequence[Sequence[int]], below: Links, position: Sequence[int]) -> int:
    """All crossings of links, in time of about n log n."""
    return sum(inversions(ends(row, below, position)) for row in rows)


def ends(row: Iterable[int], below: Links, position: Sequence[int]) -> Iterable[int]:
    """The positions where the links of a row end, from left to right."""
    for item in row:
        linked = below[item]
        if len(linked) == 1:
            yield position[linked[0]]
        else:
            yield from sorted([position[other] for other in linked])


def inversions(values: Iterable[int]) -> int:
    """How many pairs of values stand in the wrong order."""
    found = 0
    seen: list[int] = []
    for value in values:
        place = bisect_right(seen, value)
        found += len(seen) - place
        seen.insert(place, value)
    return found


def crossed(left: Sequence[int], right: Sequence[int]) -> int:
    """Crossings of the links of two neighbours in a row: the sorted positions where they end."""
    if not left or not right or left[-1] <= right[0]:
        return 0
    found = at = 0
    for value in left:
        while at < len(right) and right[at] < value:
            at += 1
        found += at
    return found
