"""The way of each line: straight through rows, curved between them."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor
from typing import Final

from transpiler.layout.arrangement import Piece, Strand
from transpiler.layout.plan import Plan, port_of, rect_of
from transpiler.layout.shapes import Direction, Rect, Route
from transpiler.layout.steps import CENTRE, REVERSED

NEAR: Final = 0.01
"""Pixels to the side that are no bend."""

Point = tuple[float, float]


def routes_of(plan: Plan) -> dict[str, Route]:
    """The route of each visible line."""
    routes = {}
    starts = _starts(plan)
    for same, pieces in zip(plan.fold.lines, plan.steps.pieces, strict=True):
        spans, label = _spans(same[0], pieces, starts, plan)
        routes[same[0].name] = _route(same, spans, label, plan)
    return routes


def _starts(plan: Plan) -> list[int]:
    """For each bend the first bend of the straight run that it is in."""
    starts = list(range(len(plan.top)))
    for bend, before in plan.steps.bends:
        if abs(plan.sheet.x[bend] - plan.sheet.x[before]) < NEAR:
            starts[bend] = starts[before]
    return starts


Span = tuple[float, float, float]
"""A straight way downwards: from side to side, from, to."""


def _spans(strand: Strand, pieces: list[Piece], starts: list[int], plan: Plan) -> tuple[list[Span], int]:
    """The straight ways of a line, from its upper end, and its label or -1."""
    spans: list[Span] = []
    shown = -1
    boxes = plan.sheet.boxes
    middle = REVERSED if strand.is_reversed else CENTRE
    for number, (top, label, first, last, bottom) in enumerate(pieces):
        if top >= boxes:
            start = plan.row_top[top] if number else plan.top[plan.arrangement.frames[bottom]]
            _join(spans, (plan.sheet.x[top], start, plan.row_bottom[top]))
        else:
            port = pieces[number - 1][4] if number else middle
            _join(spans, (_meets(top, port, plan), plan.top[top] + plan.height[top], plan.row_bottom[top]))
        if label >= 0:
            shown = label
            _join(spans, (plan.sheet.x[label], plan.row_top[label], plan.row_bottom[label]))
        for span in reversed(_straights(first, last, starts, plan)):
            _join(spans, span)
        if bottom >= boxes:
            frame = plan.arrangement.frames[top]
            end = plan.row_bottom[bottom] if number < len(pieces) - 1 else plan.top[frame] + plan.height[frame]
            _join(spans, (plan.sheet.x[bottom], plan.row_top[bottom], end))
        else:
            port = pieces[number + 1][0] if number < len(pieces) - 1 else middle
            _join(spans, (_meets(bottom, port, plan), plan.row_top[bottom], plan.top[bottom]))
    return spans, shown


def _meets(box: int, port: int, plan: Plan) -> float:
    """Where a line meets a box, from side to side."""
    return plan.sheet.x[port] if port >= 0 else plan.sheet.x[box] + port_of(box, port, plan)


def _straights(first: int, last: int, starts: list[int], plan: Plan) -> list[Span]:
    """The straight ways through bends, the last one first."""
    spans = []
    before = plan.steps.before
    while first >= 0 and last >= first:
        start = max(starts[last], first)
        spans.append((plan.sheet.x[last], plan.row_top[start], plan.row_bottom[last]))
        last = before[start]
    return spans


def _join(spans: list[Span], span: Span) -> None:
    """Add a way; if the line does not bend before it, the way before goes on."""
    if spans and abs(spans[-1][0] - span[0]) < NEAR:
        x, start, _ = spans.pop()
        span = (x, start, span[2])
    spans.append(span)


def _route(same: list[Strand], spans: list[Span], label: int, plan: Plan) -> Route:
    points: list[Point] = []
    for x, start, end in spans:
        points += [(x, start), (x, end)] if plan.is_down else [(start, x), (end, x)]
    is_reversed = same[0].is_reversed
    if is_reversed:
        points.reverse()
    rect: Rect | None = rect_of(label, plan) if label >= 0 else None
    return Route(points, rect, is_reversed, [strand.name for strand in same])


def path(points: Sequence[Point], direction: Direction) -> str:
    """The points of a route as an SVG path, with one decimal at most."""
    x, y = points[0]
    texts = [f"M{number(x)} {number(y)}"]
    for place, (right, low) in enumerate(points[1:], 1):
        if place % 2 and (right, low) == points[place - 1]:
            continue  # an arrowhead takes its direction from what comes before
        if place % 2:
            texts.append(f"L{number(right)} {number(low)}")
        else:
            x, y = points[place - 1]
            if direction == "down":
                middle = number((y + low) / 2)
                texts.append(f"C{number(x)} {middle} {number(right)} {middle} {number(right)} {number(low)}")
            else:
                middle = number((x + right) / 2)
                texts.append(f"C{middle} {number(y)} {middle} {number(low)} {number(right)} {number(low)}")
    return "".join(texts)


def number(value: float) -> str:
    """A number with one decimal at most, half rounded up."""
    tenths = floor(value * 10 + 0.5)
    return str(tenths // 10) if tenths % 10 == 0 else str(tenths / 10)
