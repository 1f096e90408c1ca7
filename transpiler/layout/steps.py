"""The steps of the lines that are left, from row to row, and the items that they run through."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from transpiler.layout.arrangement import Arrangement, Piece, Strand
from transpiler.layout.fold import Fold, pieces_of

CENTRE: Final = -1
"""A line meets a box in the middle."""
REVERSED: Final = -2
"""Beside the middle, so that it can be told from one that runs the other way."""

Step = tuple[int, int, int, int]
"""The item above, the item below, and where the line meets them: an exit or entry of the frame, CENTRE or REVERSED."""


class Steps(Struct, frozen=True):
    """How the visible lines run."""

    seen: list[bool]
    """For each item: there is something to place."""
    of: dict[int, list[Step]]
    """The steps in each open frame."""
    bends: list[tuple[int, int]]
    """Each bend with the bend that the line comes from, if it is one."""
    before: list[int]
    """The same by number; -1: none."""
    pieces: list[list[Piece]]
    """Of each visible line, with bends and boxes as they are seen."""


def steps_of(arrangement: Arrangement, fold: Fold) -> Steps:
    """The steps of all visible lines. Rows in which only bends are left are skipped."""
    boxes = len(arrangement.names)
    count = boxes + arrangement.joints
    seen = [0 < item < boxes and fold.stands[item] == item for item in range(boxes)] + [False] * arrangement.joints
    opens, joins = [0] * (count + 1), [0] * (count + 1)
    routes = [pieces_of(same[0], fold, arrangement.frames) for same in fold.lines]
    for pieces in routes:
        for top, label, first, last, bottom in pieces:
            for item in (top, label, bottom):
                if item >= boxes:
                    seen[item] = True
            if first >= 0:
                opens[first] += 1
                opens[last + 1] -= 1
                joins[first + 1] += 1
                joins[last + 1] -= 1
    room_of = _see_bends(arrangement, opens, seen)
    before, behind = _next_bends(boxes, count, joins, seen)
    bends = [(bend, before[bend]) for bend in range(boxes, count) if seen[bend] and before[bend] >= 0]
    of: dict[int, dict[Step, None]] = {floor.frame: {} for floor in arrangement.floors}
    for bend, other in bends:
        of[room_of[bend]][other, bend, CENTRE, CENTRE] = None
    shown = []
    for same, all_pieces in zip(fold.lines, routes, strict=True):
        pieces = [_as_seen(piece, fold.stands, boxes, seen, before, behind) for piece in all_pieces]
        _add(same[0], pieces, of, arrangement.frames)
        shown.append(pieces)
    return Steps(seen, {frame: list(steps) for frame, steps in of.items()}, bends, before, shown)


def _see_bends(arrangement: Arrangement, opens: list[int], seen: list[bool]) -> dict[int, int]:
    """Bends are seen where lines need them and something else stands in their row. Gives the frame of each."""
    boxes = len(arrangement.names)
    covering = 0
    needed = [False] * len(seen)
    for item in range(len(seen)):
        covering += opens[item]
        needed[item] = covering > 0
    room_of: dict[int, int] = {}
    for floor in arrangement.floors:
        for part in floor.parts:
            for row in part:
                if any(seen[item] for item in row):
                    for item in row:
                        if item >= boxes and needed[item]:
                            seen[item] = True
                            room_of[item] = floor.frame
    return room_of


def _next_bends(boxes: int, count: int, joins: list[int], seen: list[bool]) -> tuple[list[int], list[int]]:
    """For each bend the bend before it and behind it that is seen, as far as lines join them; -1: none."""
    before, behind = [-1] * count, [-1] * count
    joining, last = 0, -1
    joined = [False] * (count + 1)
    for item in range(boxes, count):
        joining += joins[item]
        joined[item] = joining > 0
        if not joined[item]:
            last = -1
        before[item] = last
        if seen[item]:
            last = item
    last = -1
    for item in range(count - 1, boxes - 1, -1):
        if not joined[item + 1]:
            last = -1
        behind[item] = last
        if seen[item]:
            last = item
    return before, behind


def _as_seen(
    piece: Piece, stands: list[int], boxes: int, seen: list[bool], before: list[int], behind: list[int]
) -> Piece:
    top, label, first, last, bottom = piece
    if top < boxes:
        top = stands[top]
    if bottom < boxes:
        bottom = stands[bottom]
    if first >= 0:
        start, end = first, last
        if not seen[first]:
            first = behind[first]
        if not seen[last]:
            last = before[last]
        if first < start or last < start or first > end:
            first = last = -1
    return (top, label, first, last, bottom)


def _add(strand: Strand, pieces: list[Piece], of: dict[int, dict[Step, None]], frames: list[int]) -> None:
    """The steps of a line that are not between bends."""
    middle = REVERSED if strand.is_reversed else CENTRE
    for number, (top, label, first, last, bottom) in enumerate(pieces):
        upper_port = lower_port = CENTRE
        if top < len(frames):
            upper_port = pieces[number - 1][4] if number > 0 else middle
        if bottom < len(frames):
            lower_port = pieces[number + 1][0] if number < len(pieces) - 1 else middle
        steps = of[frames[top if top < len(frames) else bottom]]
        upper = top
        for item in (label, first):
            if item >= 0:
                steps[upper, item, upper_port, CENTRE] = None
                upper, upper_port = item, CENTRE
        steps[last if last >= 0 else upper, bottom, upper_port, lower_port] = None
