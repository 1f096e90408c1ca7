"""Where the items of rows stand from side to side: near to what they are linked with, in order, with room between."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

Pull = tuple[int, float, float]
"""An item in a row beside, how strongly it pulls, and how far from it the pulled one wants to stand."""

WEAK: Final = 0.01
"""How strongly an item without links stays where it is."""
SLACK: Final = 0.2
"""How strongly bends resist, compared with boxes."""
ROUNDS: Final = 3
"""How often rows are spread downwards and upwards; then as often to both sides."""
TOUCHES: Final = 4
"""How often what stands straight is moved towards its links at the end."""


class Sheet(Struct, frozen=True):
    """Items by number: where they stand and what they need. The lists are filled on the way."""

    x: list[float]
    """The middle."""
    half: list[float]
    """Half of the width, with the room beside it."""
    above: list[list[Pull]]
    below: list[list[Pull]]
    tied: list[int]
    """The item above that each stands straight below; -1: none."""
    boxes: int
    """How many of the items are boxes."""


def spread(rows: list[list[int]], sheet: Sheet) -> None:
    """Set `x` of all items of the rows, such that each tied item stands straight below the other."""
    for row in rows:
        _line_up(row, sheet)
    for _ in range(ROUNDS):
        for row in rows:
            _spread_row(row, sheet, 1, 0)
        for row in reversed(rows):
            _spread_row(row, sheet, 0, 1)
    for _ in range(ROUNDS):
        for row in rows:
            _spread_row(row, sheet, 1, 1)
        for row in reversed(rows):
            _spread_row(row, sheet, 1, 1)
    _straighten(rows, sheet)


def _line_up(row: list[int], sheet: Sheet) -> None:
    """Side by side, the middle at 0."""
    width = 0.0
    for item in row:
        sheet.x[item] = width + sheet.half[item]
        width += 2 * sheet.half[item]
    for item in row:
        sheet.x[item] -= width / 2


def _spread_row(row: list[int], sheet: Sheet, upwards: float, downwards: float) -> None:
    """The places nearest to where the links pull, in order and with room: pool adjacent violators.

    Without the room that those to the left need, places only have to increase. A pool is a run of items side by side.
    """
    pulls: list[float] = []
    weights: list[float] = []
    sizes: list[int] = []
    left = 0.0
    for item in row:
        weight = WEAK
        pull = WEAK * sheet.x[item]
        for sheets, share in ((sheet.above, upwards), (sheet.below, downwards)):
            if share:
                for other, strength, shift in sheets[item]:
                    weight += strength
                    pull += strength * (sheet.x[other] + shift)
        want = pull / weight
        if item >= sheet.boxes:
            weight *= SLACK
        left += sheet.half[item]
        pull = weight * (want - left)
        left += sheet.half[item]
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
            left += sheet.half[item]
            sheet.x[item] = middle + left
            left += sheet.half[item]
            place += 1


def _straighten(rows: list[list[int]], sheet: Sheet) -> None:
    """Columns, which are what stands straight, get one place each, and room between them."""
    column_of, shifts, columns = _columns(rows, sheet)
    order, right_of, left_of = _neighbours(rows, sheet, column_of, shifts, len(columns))
    wanted = [0.0] * len(columns)
    for number in range(len(columns)):
        total = 0.0
        for item in columns[number]:
            total += sheet.x[item] - shifts[item]
        wanted[number] = total / len(columns[number])
    place = _separate(wanted, order, left_of, right_of)
    for turn in range(TOUCHES):
        for number in order if turn % 2 == 0 else reversed(order):
            _touch(number, columns[number], column_of, shifts, place, left_of, right_of, sheet)
    for number in range(len(columns)):
        for item in columns[number]:
            sheet.x[item] = place[number] + shifts[item]


def _columns(rows: list[list[int]], sheet: Sheet) -> tuple[dict[int, int], dict[int, float], list[list[int]]]:
    """The column of each item, how far to the right in it the item stands, and the items of each column."""
    column_of: dict[int, int] = {}
    shifts: dict[int, float] = {}
    columns: list[list[int]] = []
    for row in rows:
        for item in row:
            other = sheet.tied[item]
            if other >= 0 and other in column_of:
                column_of[item] = column_of[other]
                shifts[item] = shifts[other]
                for upper, _, shift in sheet.above[item]:
                    if upper == other:
                        shifts[item] = shifts[other] + shift
                columns[column_of[item]].append(item)
            else:
                column_of[item] = len(columns)
                shifts[item] = 0.0
                columns.append([item])
    return column_of, shifts, columns


Gaps = list[list[tuple[int, float]]]
"""For each column the columns next to it on one side, and how far away they must be."""


def _neighbours(
    rows: list[list[int]], sheet: Sheet, column_of: dict[int, int], shifts: dict[int, float], count: int
) -> tuple[list[int], Gaps, Gaps]:
    """All columns from left to right, and the neighbours of each to the right and to the left."""
    right_of: Gaps = [[] for _ in range(count)]
    left_of: Gaps = [[] for _ in range(count)]
    for row in rows:
        for place in range(1, len(row)):
            left, right = row[place - 1], row[place]
            gap = sheet.half[left] + sheet.half[right] + shifts[left] - shifts[right]
            right_of[column_of[left]].append((column_of[right], gap))
            left_of[column_of[right]].append((column_of[left], gap))
    missing = [len(each) for each in left_of]
    order = [number for number in range(count) if not missing[number]]
    for number in order:
        for other, _ in right_of[number]:
            missing[other] -= 1
            if not missing[other]:
                order.append(other)
    return order, right_of, left_of


def _separate(wanted: list[float], order: list[int], left_of: Gaps, right_of: Gaps) -> list[float]:
    """Places with room: halfway between those where all give way to the right, and where all give way to the left."""
    rightmost = list(wanted)
    for number in order:
        for other, gap in left_of[number]:
            rightmost[number] = max(rightmost[number], rightmost[other] + gap)
    leftmost = list(wanted)
    for number in reversed(order):
        for other, gap in right_of[number]:
            leftmost[number] = min(leftmost[number], leftmost[other] - gap)
    return [(leftmost[number] + rightmost[number]) / 2 for number in range(len(wanted))]


def _touch(
    number: int, items: list[int], column_of: dict[int, int], shifts: dict[int, float], place: list[float],
    left_of: Gaps, right_of: Gaps, sheet: Sheet,
) -> None:  # fmt: skip
    """Move one column towards what it is linked with, as far as its neighbours let it."""
    weight = 0.0
    pull = 0.0
    for item in items:
        for links in (sheet.above[item], sheet.below[item]):
            for other, strength, shift in links:
                if column_of[other] != number:
                    weight += strength
                    pull += strength * (place[column_of[other]] + shifts[other] + shift - shifts[item])
    if not weight:
        return
    want = pull / weight
    for other, gap in right_of[number]:
        want = min(want, place[other] - gap)
    for other, gap in left_of[number]:
        want = max(want, place[other] + gap)
    place[number] = want
