"""What stands straight below each other is a column: it gets one place, and room to both sides in all its rows."""

from __future__ import annotations

from typing import Final

from msgspec import Struct, field

from transpiler.layout.sheet import Sheet

TOUCHES: Final = 4
"""How often columns are moved towards what they are linked with."""
SNAP: Final = 12.0
"""So far a column with boxes moves to stand straight below or above something that it is linked with."""
NEAR: Final = 0.01
FEW: Final = 12
"""Links of a column that are tried for that."""

Gaps = list[list[tuple[int, float]]]
"""For each column the columns next to it on one side, and how far away they must be."""


class Columns(Struct, frozen=True):
    """The columns of some rows."""

    items: list[list[int]]
    of: dict[int, int]
    """Item → column."""
    shifts: dict[int, float]
    """How far to the right of the column's place an item stands."""
    place: list[float]
    left: Gaps = field(default_factory=list)
    right: Gaps = field(default_factory=list)


def straighten(rows: list[list[int]], sheet: Sheet) -> None:
    """Move items such that each that is tied stands straight below the other, all near to where they stand."""
    columns = _columns(rows, sheet)
    order = _neighbours(rows, sheet, columns)
    _separate(order, columns)
    for turn in range(TOUCHES):
        for number in order if turn % 2 == 0 else reversed(order):
            _touch(number, columns, sheet)
    for number in order:
        _snap(number, columns, sheet)
    for number in order:
        for item in columns.items[number]:
            sheet.x[item] = columns.place[number] + columns.shifts[item]


def _columns(rows: list[list[int]], sheet: Sheet) -> Columns:
    """The columns, each at the mean of the places of its items."""
    columns = Columns([], {}, {}, [])
    for row in rows:
        for item in row:
            other = sheet.tied[item]
            if other in columns.of:
                columns.of[item] = columns.of[other]
                columns.shifts[item] = columns.shifts[other]
                for upper, _, shift in sheet.above[item]:
                    if upper == other:
                        columns.shifts[item] = columns.shifts[other] + shift
                columns.items[columns.of[item]].append(item)
            else:
                columns.of[item] = len(columns.items)
                columns.shifts[item] = 0.0
                columns.items.append([item])
    for items in columns.items:
        total = 0.0
        for item in items:
            total += sheet.x[item] - columns.shifts[item]
        columns.place.append(total / len(items))
    return columns


def _neighbours(rows: list[list[int]], sheet: Sheet, columns: Columns) -> list[int]:
    """Find the neighbours of each column. Gives the columns from left to right."""
    for _ in columns.items:
        columns.left.append([])
        columns.right.append([])
    for row in rows:
        for number in range(1, len(row)):
            left, right = row[number - 1], row[number]
            gap = sheet.half[left] + sheet.half[right] + columns.shifts[left] - columns.shifts[right]
            columns.right[columns.of[left]].append((columns.of[right], gap))
            columns.left[columns.of[right]].append((columns.of[left], gap))
    missing = [len(each) for each in columns.left]
    order = [number for number in range(len(missing)) if not missing[number]]
    for number in order:  # grows on the way
        for other, _ in columns.right[number]:
            missing[other] -= 1
            if not missing[other]:
                order.append(other)
    return order


def _separate(order: list[int], columns: Columns) -> None:
    """Make room: halfway between the places where all give way to the right, and where all give way to the left."""
    place = columns.place
    rightmost, leftmost = list(place), list(place)
    for number in order:
        for other, gap in columns.left[number]:
            rightmost[number] = max(rightmost[number], rightmost[other] + gap)
    for number in reversed(order):
        for other, gap in columns.right[number]:
            leftmost[number] = min(leftmost[number], leftmost[other] - gap)
    for number in order:
        place[number] = (leftmost[number] + rightmost[number]) / 2


def _touch(number: int, columns: Columns, sheet: Sheet) -> None:
    """Move a column towards what it is linked with, as far as its neighbours let it."""
    weight = 0.0
    pull = 0.0
    for at, strength in _links(number, columns, sheet):
        weight += strength
        pull += strength * at
    if weight:
        columns.place[number] = _within(pull / weight, number, columns)


def _snap(number: int, columns: Columns, sheet: Sheet) -> None:
    """Let a column stand straight with what it is linked with most, among what is near."""
    links = _links(number, columns, sheet)
    here = columns.place[number]
    is_free = min(columns.items[number]) >= sheet.boxes  # a line alone: one bend is better than two
    best, most = here, 0.0
    for at, _ in links if len(links) <= FEW else []:
        if (is_free or abs(at - here) <= SNAP) and _within(at, number, columns) == at:
            total = 0.0
            for other, strength in links:
                if abs(other - at) < NEAR:
                    total += strength
            if total > most or (total == most and abs(at - here) < abs(best - here)):
                best, most = at, total
    columns.place[number] = best


def _links(number: int, columns: Columns, sheet: Sheet) -> list[tuple[float, float]]:
    """Where a column would be straight with each thing that it is linked with, and how strong the link is."""
    found = []
    for item in columns.items[number]:
        for links in (sheet.above[item], sheet.below[item]):
            for other, strength, shift in links:
                column = columns.of[other]
                if column != number:
                    at = columns.place[column] + columns.shifts[other] + shift - columns.shifts[item]
                    found.append((at, strength))
    return found


def _within(place: float, number: int, columns: Columns) -> float:
    """The nearest place that leaves room for the neighbours."""
    for other, gap in columns.right[number]:
        place = min(place, columns.place[other] - gap)
    for other, gap in columns.left[number]:
        place = max(place, columns.place[other] + gap)
    return place
