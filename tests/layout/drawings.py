"""Drawings for tests, and what is asked of every placement."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from random import Random
from typing import Any

from hypothesis import strategies as st

from transpiler.layout.shapes import Box, Drawing, Line, Placement, Rect, Route, Size

SIZE = Size(90, 34)
WIDTHS = (24, 60, 90, 130, 480)


def leaf(name: str, size: Size = SIZE, bundle: str = "") -> Box:
    return Box(name, size, bundle=bundle)


def flat(count: int, pairs: list[tuple[int, int]]) -> Drawing:
    """Boxes b0, b1 … with a line for each pair."""
    lines = tuple(Line(f"l{number}", f"b{a}", f"b{b}") for number, (a, b) in enumerate(pairs))
    return Drawing(tuple(leaf(f"b{number}") for number in range(count)), lines)


def layered(count: int, lines: int, seed: int = 1, width: int = 10) -> Drawing:
    """Layers of boxes, and lines down from each to the next layers, most often to the very next one."""
    chance = Random(seed)
    pairs = []
    for _ in range(lines):
        source = chance.randrange(max(1, count - width))
        layer = min(source // width + (1 if chance.random() < 0.8 else chance.randint(1, 4)), (count - 1) // width)
        pairs.append((source, chance.randrange(layer * width, min(count, (layer + 1) * width))))
    return flat(count, pairs)


def nested(chance: Random, boxes: int, lines: int, *, has_cycles: bool = True) -> Drawing:
    """Boxes in boxes, up to three deep, with lines between any of them."""
    names: list[str] = []

    def some(count: int, depth: int) -> tuple[Box, ...]:
        found = []
        while count > 0:
            name = f"b{len(names)}"
            names.append(name)
            size = Size(chance.choice(WIDTHS), chance.choice((20, 34, 60)))
            bundle = chance.choice(("", "x", "y"))
            if depth and count > 1 and chance.random() < 0.3:
                inside = chance.randint(1, count - 1)
                title = chance.choice((None, Size(60, 16)))
                found.append(Box(name, size, some(inside, depth - 1), title, bundle))
                count -= inside
            else:
                found.append(leaf(name, size, bundle))
            count -= 1
        return tuple(found)

    whole = some(boxes, 3)
    made = []
    for number in range(lines if len(names) > 1 else 0):
        ends = [chance.randrange(len(names)), chance.randrange(len(names))]
        if not has_cycles:
            ends.sort()
        label = Size(chance.choice((20, 70)), 14) if chance.random() < 0.3 else None
        made.append(Line(f"l{number}", names[ends[0]], names[ends[1]], label, chance.choice(("", "a", "b"))))
    return Drawing(whole, tuple(made))


@st.composite
def drawings(draw: st.DrawFn) -> Drawing:
    """Any drawing of some size; made of a number, so that a failing one can be made again."""
    chance = Random(draw(st.integers(0, 2**32)))
    boxes = draw(st.integers(0, 25))
    return nested(chance, boxes, draw(st.integers(0, 2 * boxes)), has_cycles=draw(st.booleans()))


def foldings(drawing: Drawing, bundles: dict[str, list[str]], chance: Random) -> dict[str, Any]:
    """Some frames closed, some bundles closed, some boxes hidden."""
    boxes = list(every(drawing.boxes))
    return {
        "closed": frozenset(box.name for box in boxes if box.boxes and chance.random() < 0.3),
        "bundled": frozenset(name for name in bundles if chance.random() < 0.6),
        "hidden": frozenset(box.name for box in boxes if chance.random() < 0.1),
        "direction": chance.choice(("down", "right")),
    }


def every(boxes: tuple[Box, ...]) -> Iterator[Box]:
    for box in boxes:
        yield box
        yield from every(box.boxes)


def around(drawing: Drawing) -> dict[str, list[str]]:
    """Each box → the frames around it, innermost first."""
    found: dict[str, list[str]] = {}

    def add(boxes: tuple[Box, ...], frames: list[str]) -> None:
        for box in boxes:
            found[box.name] = frames
            add(box.boxes, [box.name, *frames])

    add(drawing.boxes, [])
    return found


# ------------------------------------------------------------------ what is asked

FUZZ = 1e-6


def overlap(one: Rect, other: Rect, margin: float = 0) -> bool:
    return (
        one.x + one.width + margin - FUZZ > other.x
        and other.x + other.width + margin - FUZZ > one.x
        and one.y + one.height + margin - FUZZ > other.y
        and other.y + other.height + margin - FUZZ > one.y
    )


def within(inner: Rect, outer: Rect, padding: float) -> bool:
    return (
        inner.x >= outer.x + padding - FUZZ
        and inner.y >= outer.y + padding - FUZZ
        and inner.x + inner.width <= outer.x + outer.width - padding + FUZZ
        and inner.y + inner.height <= outer.y + outer.height - padding + FUZZ
    )


def sampled(route: Route, direction: str) -> list[tuple[float, float]]:
    """Points along a route, ends included."""
    found = [route.points[0]]
    for number, (one, other) in enumerate(pairwise(route.points)):
        if number % 2 == 0:
            found += [
                (one[0] + (other[0] - one[0]) * part / 8, one[1] + (other[1] - one[1]) * part / 8)
                for part in range(1, 9)
            ]
            continue
        if direction == "down":
            middle = (one[1] + other[1]) / 2
            handles = (one[0], middle), (other[0], middle)
        else:
            middle = (one[0] + other[0]) / 2
            handles = (middle, one[1]), (middle, other[1])
        found += [bezier(one, *handles, other, part / 12) for part in range(1, 13)]
    return found


def bezier(*given: Any) -> tuple[float, float]:
    *points, at = given
    weights = ((1 - at) ** 3, 3 * at * (1 - at) ** 2, 3 * at**2 * (1 - at), at**3)
    x, y = (sum(weight * point[axis] for weight, point in zip(weights, points, strict=True)) for axis in (0, 1))
    return x, y


def inside(point: tuple[float, float], rect: Rect) -> bool:
    """Well inside, not on the border."""
    return (
        rect.x + 0.05 < point[0] < rect.x + rect.width - 0.05 and rect.y + 0.05 < point[1] < rect.y + rect.height - 0.05
    )


def assert_sound(drawing: Drawing, placement: Placement, bundles: dict[str, list[str]] | None = None) -> None:
    """No overlaps, frames around their boxes, and lines that pass nothing but their ends and what is around those."""
    frames = around(drawing)
    boxes = placement.boxes
    whole = Rect(0, 0, placement.width, placement.height)
    for name, rect in boxes.items():
        assert within(rect, whole, 0)
        for frame in frames[name][:1]:
            assert within(rect, boxes[frame], 8), (name, frame)
        for title in (placement.titles.get(frame) for frame in frames[name]):
            assert title is None or not overlap(rect, title), name
    by_frame: dict[str, list[str]] = {}
    for name in boxes:
        by_frame.setdefault(frames[name][0] if frames[name] else "", []).append(name)
    for names in by_frame.values():
        for number, name in enumerate(names):
            assert not [other for other in names[:number] if overlap(boxes[name], boxes[other], 18)], name
    first = {member: name for name, members in (bundles or {}).items() for member in members}
    assert_routes(drawing, placement, frames, first)


def assert_routes(drawing: Drawing, placement: Placement, frames: dict[str, list[str]], first: dict[str, str]) -> None:
    boxes = placement.boxes
    ends = {line.name: (line.source, line.target) for line in drawing.lines}
    labels = [route.label for route in placement.lines.values() if route.label]
    labels = list(dict.fromkeys(labels))
    for number, label in enumerate(labels):
        assert not [other for other in labels[:number] if overlap(label, other)]
        assert not [other for other in placement.titles.values() if overlap(label, other)]
    for name, route in placement.lines.items():
        assert route.names[0] == name
        assert len(route.points) % 2 == 0
        allowed = {end for each in ends[name] for end in (each, *frames[each])}
        allowed |= {first[each] for each in allowed if each in first}
        others = [rect for box, rect in boxes.items() if box not in allowed]
        obstacles = [*others, *placement.titles.values(), *(label for label in labels if label != route.label)]
        if route.label:
            assert not [box for box, rect in boxes.items() if overlap(rect, route.label) and box not in allowed]
        for point in sampled(route, placement.direction):
            assert not [rect for rect in obstacles if inside(point, rect)], (name, point)
