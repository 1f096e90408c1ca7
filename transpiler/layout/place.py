"""An arrangement and what is folded of it → where everything stands. place.js does the same in a browser.

Frames come from the inside out. For `right`, sizes are turned before and places after.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from transpiler.layout.arrangement import Arrangement
from transpiler.layout.floors import BORDER, PADDING, lay
from transpiler.layout.fold import folded
from transpiler.layout.plan import Plan, move_floor, planned, rect_of
from transpiler.layout.routes import routes_of
from transpiler.layout.shapes import Direction, Placement, Rect


def placed(
    arrangement: Arrangement,
    closed: AbstractSet[str] = frozenset(),
    bundled: AbstractSet[str] = frozenset(),
    hidden: AbstractSet[str] = frozenset(),
    direction: Direction | None = None,
) -> Placement:
    """Where boxes and lines stand if these frames are closed, these bundles are one box each, and these boxes are away.

    A bundle is named by its first member. Without `direction` the arrangement's own is taken.
    """
    way = direction or arrangement.direction
    plan = planned(arrangement, folded(arrangement, closed, bundled, hidden), is_down=way == "down")
    for floor in reversed(arrangement.floors):
        if plan.fold.stands[floor.frame] == floor.frame and plan.fold.is_open[floor.frame]:
            lay(floor, plan)
    _to_the_whole(plan)
    width, height = plan.width[0], plan.height[0]
    return Placement(
        direction=way,
        width=width if plan.is_down else height,
        height=height if plan.is_down else width,
        boxes=_boxes(plan),
        titles=_titles(plan),
        lines=routes_of(plan),
    )


def _to_the_whole(plan: Plan) -> None:
    """Count places from the corner of the drawing."""
    for floor in plan.arrangement.floors:
        frame = floor.frame
        if frame and plan.fold.stands[frame] == frame and plan.fold.is_open[frame]:
            left, top = plan.sheet.x[frame] - plan.width[frame] / 2, plan.top[frame]
            move_floor(floor, left, top, plan)


def _boxes(plan: Plan) -> dict[str, Rect]:
    boxes = {}
    for box in range(1, plan.sheet.boxes):
        if plan.steps.seen[box]:
            bundle = plan.fold.bundles.get(box)
            boxes[bundle.name if bundle else plan.arrangement.names[box]] = rect_of(box, plan)
    return boxes


def _titles(plan: Plan) -> dict[str, Rect]:
    titles = {}
    for frame, (width, height) in plan.arrangement.titles.items():
        if plan.steps.seen[frame] and plan.fold.is_open[frame]:
            around = rect_of(frame, plan)
            titles[plan.arrangement.names[frame]] = Rect(around.x + PADDING, around.y + BORDER, width, height)
    return titles
