"""The lines of one frame: between boxes in it, and between those and the frame's border."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Final

from msgspec import Struct, field

from transpiler.layout.layers import against
from transpiler.layout.nesting import Nest, Way
from transpiler.layout.shapes import Line, Size

NOWHERE: Final = -1


class Visit(Struct, frozen=True):
    """A line that comes into a frame from above, or leaves it below."""

    line: int
    path: list[int]
    """Boxes from the line's end to the box in the frame through which the line goes on."""
    outside: int = NOWHERE
    """The item outside that it comes from; NOWHERE: the frame itself."""
    position: float = NOWHERE
    """Where it stands outside, from left to right."""


class Link(Struct, frozen=True):
    """A line's way through a frame, from one item down to another."""

    line: int
    top: int
    bottom: int
    trunk: Hashable
    """What the links have in common that share their bends."""
    label: Size | None = None
    upper: list[int] = field(default_factory=list)
    """The boxes from the line's upper end to the top, if the end is further inside."""
    lower: list[int] = field(default_factory=list)
    """The same at the bottom."""


class Border(Struct, frozen=True):
    """The entries and exits of a frame, from left to right."""

    entries: list[int]
    exits: list[int]
    is_given: bool
    """The order of the exits follows from what is outside."""


class Traffic(Struct):
    """What passes a frame."""

    own: list[tuple[int, Way]] = field(default_factory=list)
    """Lines whose innermost frame around both ends it is."""
    coming: list[Visit] = field(default_factory=list)
    leaving: list[Visit] = field(default_factory=list)


def links_of(
    traffic: Traffic, boxes: list[int], lines: tuple[Line, ...], nest: Nest, joint: Callable[[], int]
) -> tuple[list[Link], Border, set[int]]:
    """The links of a frame, its border, and the lines that run upwards. `joint` gives the number of a new item."""
    ways = {line: way for line, way in traffic.own if way.up and way.down}
    pairs = {(way.up[-1], way.down[-1]): None for way in ways.values()}
    closing = against(boxes, pairs)
    turned = {line for line, way in ways.items() if (way.up[-1], way.down[-1]) in closing}
    coming = [*traffic.coming, *(Visit(line, way.down) for line, way in traffic.own if not way.up)]
    leaving = [*traffic.leaving, *(Visit(line, way.up) for line, way in traffic.own if not way.down)]
    entries = _places(coming, lambda visit: visit.outside, joint)
    exits = _places(leaving, lambda visit: visit.path[-1], joint)
    found = []
    own = {line for line, _ in traffic.own}
    for line, way in ways.items():
        upper, lower = (way.down, way.up) if line in turned else (way.up, way.down)
        trunk = _trunk(upper, line, lines, nest)
        found.append(Link(line, upper[-1], lower[-1], trunk, lines[line].label, upper, lower))
    for visit in coming:
        entry, line = entries[visit.outside], visit.line
        trunk = entry if visit.outside != NOWHERE else (entry, lines[line].trunk)
        label = lines[line].label if line in own else None
        found.append(Link(line, entry, visit.path[-1], trunk, label, lower=visit.path))
    for visit in leaving:
        line, top = visit.line, visit.path[-1]
        label = lines[line].label if line in own else None
        found.append(Link(line, top, exits[top], _trunk(visit.path, line, lines, nest), label, upper=visit.path))
    given = all(visit.position != NOWHERE for visit in leaving)
    return found, Border([*entries.values()], [*exits.values()], given), turned


def _trunk(upper: list[int], line: int, lines: tuple[Line, ...], nest: Nest) -> Hashable:
    """The top box, the place where it is left if that is a frame, the source, and what the line says."""
    port = upper[-2] if len(upper) > 1 else NOWHERE
    return (upper[-1], port, nest.numbers[lines[line].source], lines[line].trunk)


def _places(visits: list[Visit], key: Callable[[Visit], int], joint: Callable[[], int]) -> dict[int, int]:
    """An item of the border for each key, ordered by the mean position outside."""
    positions: dict[int, list[float]] = {}
    for visit in visits:
        positions.setdefault(key(visit), []).append(visit.position)
    order = sorted(positions, key=lambda each: sum(positions[each]) / len(positions[each]))
    return {each: joint() for each in order}
