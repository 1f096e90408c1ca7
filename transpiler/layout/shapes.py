"""What is drawn, boxes in boxes and lines between them, and where it stands. Lengths are pixels."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

Direction = Literal["down", "right"]


class Size(Struct, frozen=True):
    """The room that something needs as it is drawn."""

    width: float
    height: float


class Box(Struct, frozen=True):
    """A box; with boxes in it, a frame."""

    name: str
    """Unique in the whole drawing."""
    size: Size
    """Of a frame: its size when it is closed."""
    boxes: tuple[Box, ...] = ()
    title: Size | None = None
    """Of a frame: the room for its title when it is open."""
    bundle: str = ""
    """Boxes of one frame and one layer with the same text here make a bundle, which one box can stand for."""


class Line(Struct, frozen=True):
    """A line between two boxes, wherever they stand; an end may be a frame, even one around the other end."""

    name: str
    source: str
    target: str
    label: Size | None = None
    trunk: str = ""
    """Lines of one source with the same text here share their way, as far as it is the same, and the label."""


class Drawing(Struct, frozen=True):
    """All boxes and lines. Their order decides between layouts that are equally good."""

    boxes: tuple[Box, ...]
    lines: tuple[Line, ...] = ()


class Rect(Struct, frozen=True):
    """A place: the upper left corner and the size."""

    x: float
    y: float
    width: float
    height: float


class Route(Struct, frozen=True):
    """The way of a line, from its source to its target."""

    points: list[tuple[float, float]]
    """An even number: from each point with an even index the way is straight to the next one, else it is curved."""
    label: Rect | None
    is_reversed: bool
    """It runs against the direction of the drawing, since it closes a cycle."""
    names: list[str]
    """All lines that run here: several if the same boxes stand for their ends. The first is the route's own."""


class Placement(Struct, frozen=True):
    """Where everything stands that can be seen."""

    direction: Direction
    width: float
    height: float
    boxes: dict[str, Rect]
    """Frames too, before the boxes in them. A closed bundle stands under the name of its first member."""
    titles: dict[str, Rect]
    """Of open frames."""
    lines: dict[str, Route]
    """By the first name of each route."""
