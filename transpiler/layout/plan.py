"""Places that are not final yet: everything is laid out downwards, inside of its frame."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from transpiler.layout.arrangement import Arrangement, Floor
from transpiler.layout.fold import Fold
from transpiler.layout.shapes import Rect
from transpiler.layout.sheet import Sheet
from transpiler.layout.steps import REVERSED, Steps, steps_of

ROOM: Final = 12.0
"""On each side of a box."""
LABEL_ROOM: Final = 6.0
BEND_ROOM: Final = 6.0
TURN: Final = 12.0
"""How far beside the middle of a box a reversed line is."""


class Plan(Struct, frozen=True):
    """Places of items, each inside of its frame and downwards."""

    arrangement: Arrangement
    fold: Fold
    steps: Steps
    sheet: Sheet
    is_down: bool
    width: list[float]
    height: list[float]
    top: list[float]
    """The upper edge of each item."""
    row_top: list[float]
    row_bottom: list[float]
    """The row of each item reaches from here to there: in between, lines are straight."""


def planned(arrangement: Arrangement, fold: Fold, *, is_down: bool) -> Plan:
    """A plan in which only the sizes of leaves are known."""
    boxes = len(arrangement.names)
    count = boxes + arrangement.joints
    width, height = [0.0] * count, [0.0] * count
    half = [ROOM] * boxes + [BEND_ROOM] * arrangement.joints
    for box, size in enumerate(arrangement.sizes):
        bundle = fold.bundles.get(box)
        _set_size(box, (bundle.width, bundle.height) if bundle else size, width, height, is_down=is_down)
    for label, size in arrangement.labels.items():
        _set_size(label, size, width, height, is_down=is_down)
        half[label] = LABEL_ROOM
    for item in range(count):
        half[item] += width[item] / 2
    tied = [-1] * count
    sheet = Sheet([0.0] * count, half, [[] for _ in range(count)], [[] for _ in range(count)], tied, boxes)
    steps = steps_of(arrangement, fold)
    for upper, lower in arrangement.ties:
        tied[lower] = upper
    loose = set(arrangement.loose)
    for bend, before in steps.bends:
        if all(each not in loose for each in range(before + 1, bend + 1)):
            tied[bend] = before
    places = [[0.0] * count for _ in range(3)]
    return Plan(arrangement, fold, steps, sheet, is_down, width, height, *places)


def _set_size(item: int, size: tuple[float, float], width: list[float], height: list[float], *, is_down: bool) -> None:
    width[item], height[item] = size if is_down else (size[1], size[0])


def port_of(item: int, port: int, plan: Plan) -> float:
    """How far to the right of the middle of an item a line meets it."""
    if port >= 0:
        return plan.sheet.x[port] - plan.width[item] / 2
    if port == REVERSED and item < plan.sheet.boxes:
        return min(TURN, plan.width[item] / 4)
    return 0.0


def move(items: list[int], x: float, y: float, plan: Plan) -> None:
    """Shift items, by so much to the right and down."""
    for item in items:
        plan.sheet.x[item] += x
        plan.top[item] += y
        plan.row_top[item] += y
        plan.row_bottom[item] += y


def move_floor(floor: Floor, x: float, y: float, plan: Plan) -> None:
    """Shift all that is in a frame."""
    for part in floor.parts:
        for row in part:
            move(row, x, y, plan)
    move(floor.singles, x, y, plan)


def rect_of(item: int, plan: Plan) -> Rect:
    """Where an item stands in the drawing."""
    x, y = plan.sheet.x[item] - plan.width[item] / 2, plan.top[item]
    if plan.is_down:
        return Rect(x, y, plan.width[item], plan.height[item])
    return Rect(y, x, plan.height[item], plan.width[item])
