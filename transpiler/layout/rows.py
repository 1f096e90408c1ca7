"""Connected boxes: their rows below each other, and the items of each row side by side."""

from __future__ import annotations

from typing import Final

from transpiler.layout.plan import Plan, port_of
from transpiler.layout.spread import spread
from transpiler.layout.steps import Step

GAP: Final = 36.0
"""Between two rows."""
LABEL_GAP: Final = 18.0
"""Between a row and a row of labels."""
BORDER_GAP: Final = 24.0
"""Between the border of a frame, where lines pass it, and the next row."""
STEEPEST: Final = 8.0
"""How many pixels to the side lines may run for each pixel of a gap, as long as the gap is not too large."""
LARGER: Final = 48.0
"""By how much it may be larger."""
STRENGTHS: Final = (4.0, 2.0, 8.0)
"""How strongly two items pull each other of which so many are no boxes."""


def link(steps: list[Step], plan: Plan) -> None:
    """Let the items of a frame pull each other."""
    sheet = plan.sheet
    for upper, lower, leaves, meets in steps:
        shift = port_of(upper, leaves, plan) - port_of(lower, meets, plan)
        joints = (upper >= sheet.boxes) + (lower >= sheet.boxes)
        strength = STRENGTHS[joints]
        sheet.above[lower].append((upper, strength, shift))
        sheet.below[upper].append((lower, strength, -shift))


def seen_rows(part: list[list[int]], plan: Plan) -> list[list[int]]:
    """The rows without what cannot be seen."""
    rows = []
    for row in part:
        seen = [item for item in row if plan.steps.seen[item]]
        if seen:
            rows.append(seen)
    return rows


def lay_rows(rows: list[list[int]], plan: Plan, least: float) -> tuple[float, float]:
    """Place connected items; the first row is at least so high. Gives the width and the height."""
    if not rows:
        return 0.0, 0.0
    sheet = plan.sheet
    spread(rows, sheet)
    left, right = sheet.x[rows[0][0]], sheet.x[rows[0][0]]
    for row in rows:
        for item in row:
            left = min(left, sheet.x[item] - plan.width[item] / 2)
            right = max(right, sheet.x[item] + plan.width[item] / 2)
    top = 0.0
    bottom = 0.0
    for number in range(len(rows)):
        if number:
            top = bottom + _gap(rows[number - 1], rows[number], plan)
        height = 0.0 if number else least
        for item in rows[number]:
            height = max(height, plan.height[item])
        bottom = top + height
        for item in rows[number]:
            sheet.x[item] -= left
            plan.row_top[item] = top
            plan.row_bottom[item] = bottom
            plan.top[item] = top + (height - plan.height[item]) / 2
    return right - left, bottom


def _gap(row: list[int], following: list[int], plan: Plan) -> float:
    """Between two rows: larger where lines have far to go to the side."""
    sheet = plan.sheet
    farthest = 0.0
    for item in following:
        for other, _, shift in sheet.above[item]:
            farthest = max(farthest, abs(sheet.x[item] - sheet.x[other] - shift))
    gap = min(_own_gap(row, plan), _own_gap(following, plan))
    return gap + min(LARGER, max(0.0, farthest / STEEPEST - gap))


def _own_gap(row: list[int], plan: Plan) -> float:
    """The gap beside a row of boxes, of labels, or of entries or exits."""
    gap = BORDER_GAP
    for item in row:
        if item < plan.sheet.boxes:
            return GAP
        if item in plan.arrangement.labels:
            gap = LABEL_GAP
    return gap
