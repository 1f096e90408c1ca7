"""The order of items in their rows with few crossings: barycenters in sweeps, then swaps of neighbours."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from transpiler.layout.crossings import Links, crossed, crossings

EFFORT: Final = 25_000
"""About how many links are looked at in sweeps, where there are so many."""
FEWEST: Final = 4
MOST: Final = 24
"""Sweeps from each start."""
PATIENCE: Final = 4
"""Sweeps without success before the next start."""
SWAPS: Final = 4
"""How often all rows are gone through for swaps at the end."""

Rows = list[list[int]]


class Web(Struct, frozen=True):
    """Items by number from 0, in rows, and what is linked with the row above and below."""

    rows: Rows
    above: Links
    below: Links
    fixed: frozenset[int]
    """Rows whose order is given."""


def ordered(web: Web) -> Rows:
    """The rows in the best order that was found."""
    links = sum(map(len, web.below))
    sweeps = min(MOST, max(FEWEST, EFFORT // (links + 1)))
    best, fewest = web.rows, -1
    for downwards in (True, False):
        rows = _first(web, downwards=downwards)
        rows, found = _swept(web, rows, sweeps, downwards=downwards)
        if fewest < 0 or found < fewest:
            best, fewest = rows, found
        if not fewest or links > EFFORT // FEWEST:
            break
    return best


def _first(web: Web, *, downwards: bool) -> Rows:
    """Rows in the order in which a search in depth meets the items: trees have no crossings."""
    row_of = [0] * len(web.above)
    for number, row in enumerate(web.rows):
        for item in row:
            row_of[item] = number
    near, far = (web.below, web.above) if downwards else (web.above, web.below)
    rows: Rows = [[] for _ in web.rows]
    seen = [False] * len(web.above)
    for row in web.rows if downwards else reversed(web.rows):
        for start in row:
            waiting = [start]
            while waiting:
                item = waiting.pop()
                if not seen[item]:
                    seen[item] = True
                    rows[row_of[item]].append(item)
                    waiting += [other for links in (far, near) for other in reversed(links[item]) if not seen[other]]
    return [web.rows[number] if number in web.fixed else row for number, row in enumerate(rows)]


def _swept(web: Web, rows: Rows, sweeps: int, *, downwards: bool) -> tuple[Rows, int]:
    position = [0] * len(web.above)
    for row in rows:
        _number(row, position)
    best, fewest = [list(row) for row in rows], crossings(rows, web.below, position)
    idle = 0
    for turn in range(sweeps):
        if not fewest or idle == PATIENCE:
            break
        _sweep(web, rows, position, downwards=downwards == (turn % 2 == 0), leftwards=turn % 4 > 1)
        if sweeps == MOST:
            _swap(web, rows, position)
        found = crossings(rows, web.below, position)
        idle += 1
        if found < fewest:
            best, fewest, idle = [list(row) for row in rows], found, 0
    return _swapped(web, best, position, fewest)


def _swapped(web: Web, rows: Rows, position: list[int], fewest: int) -> tuple[Rows, int]:
    """The rows after the swaps that make them better."""
    for row in rows:
        _number(row, position)
    for _ in range(SWAPS):
        tried = [list(row) for row in rows]
        _swap(web, tried, position)
        found = crossings(tried, web.below, position)
        if found >= fewest:
            break
        rows, fewest = tried, found
    return rows, fewest


def _number(row: list[int], position: list[int]) -> None:
    for number, item in enumerate(row):
        position[item] = number


def _sweep(web: Web, rows: Rows, position: list[int], *, downwards: bool, leftwards: bool) -> None:
    """Sort each row by the mean position of what its items are linked to in the row before."""
    links = web.above if downwards else web.below
    at = position.__getitem__
    for number in range(len(rows)) if downwards else reversed(range(len(rows))):
        row = rows[number]
        if number in web.fixed or len(row) < 2:
            continue
        linked = [item for item in row if links[item]]
        if leftwards:
            linked.reverse()
        mean = {item: sum(map(at, links[item])) / len(links[item]) for item in linked}
        linked.sort(key=mean.__getitem__)
        if len(linked) < len(row):  # what has no links keeps its place
            following = iter(linked)
            linked = [next(following) if links[item] else item for item in row]
        rows[number] = linked
        _number(linked, position)


def _swap(web: Web, rows: Rows, position: list[int]) -> None:
    """Swap neighbours in a row as long as that takes crossings away."""
    for number, row in enumerate(rows):
        if number in web.fixed or len(row) < 2:
            continue
        above = {item: sorted([position[other] for other in web.above[item]]) for item in row}
        below = {item: sorted([position[other] for other in web.below[item]]) for item in row}
        for _ in range(3):
            if not _swap_row(row, above, below):
                break
        _number(row, position)


def _swap_row(row: list[int], above: dict[int, list[int]], below: dict[int, list[int]]) -> bool:
    swapped = False
    for place in range(len(row) - 1):
        left, right = row[place], row[place + 1]
        now = crossed(above[left], above[right]) + crossed(below[left], below[right])
        if now and now > crossed(above[right], above[left]) + crossed(below[right], below[left]):
            row[place], row[place + 1] = right, left
            swapped = True
    return swapped
