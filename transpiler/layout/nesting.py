"""Boxes in boxes as numbers, and which frames a line passes."""

from __future__ import annotations

from msgspec import Struct

from transpiler.layout.shapes import Box, Drawing, Line, Size


class Nest(Struct, frozen=True):
    """The boxes of a drawing by number, a frame before the boxes in it. Box 0 is the drawing."""

    boxes: list[Box]
    frames: list[int]
    depths: list[int]
    insides: dict[int, list[int]]
    """Frame → the boxes in it, in their order. Holds every frame."""
    numbers: dict[str, int]


class Way(Struct, frozen=True):
    """The boxes around each end of a line, as far as the line leaves them, innermost first."""

    frame: int
    """The innermost frame around both ends; it may be an end itself."""
    up: list[int]
    """From the source to a box of the frame. Empty: the source is the frame itself."""
    down: list[int]
    """From the target to a box of the frame. Empty: the target is the frame itself."""


def nest(drawing: Drawing) -> Nest:
    """Number the boxes."""
    boxes, frames, depths, insides = [Box("", Size(0, 0), drawing.boxes)], [-1], [0], {0: list[int]()}
    waiting = [(box, 0) for box in reversed(drawing.boxes)]
    while waiting:
        box, frame = waiting.pop()
        number = len(boxes)
        boxes.append(box)
        frames.append(frame)
        depths.append(depths[frame] + 1)
        insides[frame].append(number)
        if box.boxes:
            insides[number] = []
            waiting += [(each, number) for each in reversed(box.boxes)]
    return Nest(boxes, frames, depths, insides, {box.name: number for number, box in enumerate(boxes) if number})


def way(line: Line, nest: Nest) -> Way | None:
    """The frames that a line passes; None if it ends where it starts."""
    source, target = nest.numbers[line.source], nest.numbers[line.target]
    frames, depths = nest.frames, nest.depths
    up, down = [source], [target]
    while up[-1] != down[-1]:
        if depths[up[-1]] >= depths[down[-1]]:
            up.append(frames[up[-1]])
        else:
            down.append(frames[down[-1]])
    return Way(up.pop(), up, down[:-1]) if source != target else None
