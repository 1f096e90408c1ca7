"""Where the items of rows stand from side to side: near to what they are linked with, in order, with room between."""

from __future__ import annotations

from typing import Final

from transpiler.layout.columns import straighten
from transpiler.layout.sheet import Pull, Sheet

WEAK: Final = 0.01
"""How strongly an item without links stays where it is."""
SLACK: Final = 0.2
"""How strongly bends resist, compared with boxes."""
ROUNDS: Final = 3
"""How often rows are spread downwards and upwards; then as often to both sides."""


def spread(rows: list[list[int]], sheet: Sheet) -> None:
    """Set `x` of all items of the rows, such that each tied item stands straight below the other."""
    for row in rows:
        _line_up(row, sheet)
    for _ in range(ROUNDS):
        for row in rows:
            _spread_row(row, sheet, (sheet.above,))
        for row in reversed(rows):
            _spread_row(row, sheet, (sheet.below,))
    for _ in range(ROUNDS):
        for row in rows:
            _spread_row(row, sheet, (sheet.above, sheet.below))
        for row in reversed(rows):
            _spread_row(row, sheet, (sheet.above, sheet.below))
    straighten(rows, sheet)


def _line_up(row: list[int], sheet: Sheet) -> None:
    """Side by side, the middle at 0."""
    width = 0.0
    for item in row:
        sheet.x[item] = width + sheet.half[item]
        width += 2 * sheet.half[item]
    for item in row:
        sheet.x[item] -= width / 2


def _spread_row(row: list[int], sheet: Sheet, sides: tuple[list[list[Pull]], ...]) -> None:
    """The places nearest to where the links pull, in order and with room: pool adjacent violators.

    Without the room that those to the left need, places only have to increase. A pool is a run of items side by side.
    """
    pulls: list[float] = []
    weights: list[float] = []
    sizes: list[int] = []
    x, half = sheet.x, sheet.half
    left = 0.0
    for item in row:
        weight = WEAK
        pull = WEAK * x[item]
        for links in sides:
            for other, strength, shift in links[item]:
                weight += strength
                pull += strength * (x[other] + shift)
        want = pull / weight
        if item >= sheet.boxes:
            weight *= SLACK
        left += half[item]
        pull = weight * (want - left)
        left += half[item]
        size = 1
        while pulls and pulls[-1] * weight >= pull * weights[-1]:
            pull += pulls.pop()
            weight += weights.pop()
            size += sizes.pop()
        pulls.append(pull)
        weights.append(weight)
        sizes.append(size)
    left = 0.0
    place = 0
    for number in range(len(sizes)):
        middle = pulls[number] / weights[number]
        for _ in range(sizes[number]):
            item = row[place]
            left += half[item]
            x[item] = middle + left
            left += half[item]
            place += 1
