"""How often lines between two rows cross."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence

Links = Sequence[Sequence[int]]
"""For each item the items that it is linked to in one of the rows beside its own."""


def crossings(rows: Iterable[Sequence[int]], below: Links, position: Sequence[int]) -> int:
    """All crossings of the links to the row below, in time of about n log n."""
    at = position.__getitem__
    found = 0
    for row in rows:
        ends: list[int] = []  # where links end that start further to the left, in order
        for item in row:
            linked = below[item]
            for end in sorted(map(at, linked)) if len(linked) > 1 else map(at, linked):
                if not ends or end >= ends[-1]:
                    ends.append(end)
                else:
                    place = bisect_right(ends, end)
                    found += len(ends) - place
                    ends.insert(place, end)
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
