"""A drawing → its arrangement: frame by frame from the outside, so that what is outside orders the lines inside."""

from __future__ import annotations

from itertools import count
from typing import Final, Literal

from transpiler.layout.arrangement import Arrangement, Floor, Piece, Strand
from transpiler.layout.chains import Chains, chained
from transpiler.layout.layers import connected
from transpiler.layout.links import Border, Link, Traffic, Visit, links_of
from transpiler.layout.nesting import Nest, nest, way
from transpiler.layout.order import Web, ordered
from transpiler.layout.place import placed
from transpiler.layout.shapes import Direction, Drawing, Size
from transpiler.layout.straight import straight

SCREEN: Final = (1440, 900)


def arranged(drawing: Drawing, direction: Literal["down", "right", "auto"] = "auto") -> Arrangement:
    """Layers, order and chains of a drawing. `auto` takes `right` where that fits a wide screen better.

    Raises KeyError for a line from or to a box that is not there.
    """
    made = _Making(drawing)
    for frame in made.nest.insides:
        made.add(frame)
    arrangement = made.arrangement("right" if direction == "right" else "down")
    if direction == "auto":
        return made.arrangement(_fitting(arrangement))
    return arrangement


def _fitting(arrangement: Arrangement) -> Direction:
    down, right = placed(arrangement, direction="down"), placed(arrangement, direction="right")
    return "right" if _scale(right.width, right.height) < _scale(down.width, down.height) else "down"


def _scale(width: float, height: float) -> float:
    """How much a drawing must shrink to fit a wide screen."""
    return max(width / SCREEN[0], height / SCREEN[1], 1)


class _Making:
    """What is known of a drawing so far."""

    def __init__(self, drawing: Drawing) -> None:
        self.drawing = drawing
        self.nest: Nest = nest(drawing)
        self._counter = count(len(self.nest.boxes))
        self._traffic = {frame: Traffic() for frame in self.nest.insides}
        self._pieces: list[list[Piece]] = [[] for _ in drawing.lines]
        self._turned: set[int] = set()
        self._labels: dict[int, tuple[float, float]] = {}
        self._floors: list[Floor] = []
        self._loose: list[int] = []
        self._ties: list[tuple[int, int]] = []
        self._layers: dict[int, tuple[int, int]] = {}
        for number, line in enumerate(drawing.lines):
            if found := way(line, self.nest):
                self._traffic[found.frame].own.append((number, found))

    def joint(self) -> int:
        return next(self._counter)

    def add(self, frame: int) -> None:
        """Arrange the inside of a frame, after the frames around it."""
        boxes = self.nest.insides[frame]
        links, border, turned = links_of(self._traffic[frame], boxes, self.drawing.lines, self.nest, self.joint)
        self._turned |= turned
        parts: list[list[list[int]]] = []
        singles = []
        is_first = bool(border.entries or border.exits)
        for group, among in _parts(boxes, links, border):
            if not among and len(group) == 1 and group[0] not in self.nest.insides and not is_first:
                singles.append(group[0])
                self._layers[group[0]] = (0, -1)
            else:
                parts.append(
                    self._part(group, among, border if is_first else Border([], [], is_given=True), len(parts))
                )
            is_first = False
        has_border = bool(border.entries or border.exits)
        self._floors.append(Floor(frame, parts, has_border, bool(border.entries), bool(border.exits), singles))

    def _part(self, boxes: list[int], links: list[Link], border: Border, number: int) -> list[list[int]]:
        chains = chained(boxes, links, border, self.joint)
        self._labels |= chains.labels
        steps = _steps(chains)
        rows = _ordered(chains.rows, steps, border)
        inner = [(bend - 1, bend) for first, last in chains.runs for bend in range(first + 1, last + 1)]
        heads = [(label, first) for _, label, first, _, _ in chains.pieces if min(label, first) >= 0]
        tied = straight(rows, dict.fromkeys(inner + heads), steps)
        self._loose += [lower for upper, lower in inner if (upper, lower) not in tied]
        bends = set(inner)
        self._ties += sorted(tied - bends)
        for place, row in enumerate(rows):
            self._layers |= dict.fromkeys(row, (number, place))
        self._go_inside(links, chains.pieces, rows)
        return rows

    def _go_inside(self, links: list[Link], pieces: list[Piece], rows: list[list[int]]) -> None:
        """Tell the frames at both ends of each link where it comes from and goes to."""
        position = {item: place for row in rows for place, item in enumerate(row)}
        for link, piece in zip(links, pieces, strict=True):
            line, (top, label, first, last, bottom) = link.line, piece
            if len(link.upper) > 1:
                outside = next(each for each in (label, first, bottom) if each >= 0)
                self._traffic[top].leaving.append(Visit(line, link.upper[:-1], position=position[outside]))
            if len(link.lower) > 1:
                outside = next(each for each in (last, label, top) if each >= 0)
                self._traffic[bottom].coming.append(Visit(line, link.lower[:-1], top, position[outside]))
            is_leaving = bottom >= len(self.nest.boxes)  # at an exit: a piece of the upper end, which comes earlier
            self._pieces[line].insert(0 if is_leaving else len(self._pieces[line]), piece)

    def arrangement(self, direction: Direction) -> Arrangement:
        boxes = self.nest.boxes
        return Arrangement(
            direction=direction,
            names=[box.name for box in boxes],
            frames=self.nest.frames,
            sizes=[_pair(box.size) for box in boxes],
            titles={n: _pair(box.title) for n, box in enumerate(boxes) if box.title and box.boxes},
            labels=self._labels,
            bundles=self._bundles(),
            floors=self._floors,
            strands=self._strands(),
            joints=next(self._counter) - len(boxes),
            loose=self._loose,
            ties=self._ties,
        )

    def _bundles(self) -> list[list[int]]:
        bundles: dict[tuple[int, tuple[int, int], str], list[int]] = {}
        for number, box in enumerate(self.nest.boxes):
            if box.bundle:
                key = (self.nest.frames[number], self._layers[number], box.bundle)
                bundles.setdefault(key, []).append(number)
        return [members for members in bundles.values() if len(members) > 1]

    def _strands(self) -> list[Strand]:
        numbers, strands = self.nest.numbers, []
        for number, line in enumerate(self.drawing.lines):
            strands.append(
                Strand(
                    line.name,
                    numbers[line.source],
                    numbers[line.target],
                    number in self._turned,
                    self._pieces[number],
                )
            )
        return strands


def _pair(size: Size) -> tuple[float, float]:
    return (size.width, size.height)


def _parts(boxes: list[int], links: list[Link], border: Border) -> list[tuple[list[int], list[Link]]]:
    """Connected boxes with their links; first all that have to do with the border."""
    inside = set(boxes)
    pairs = [(link.top, link.bottom) for link in links if link.top in inside and link.bottom in inside]
    outer = {item for link in links for item in (link.top, link.bottom) if {link.top, link.bottom} - inside}
    groups = connected(boxes, pairs)
    if border.entries or border.exits:
        first = [group for group in groups if outer & set(group)]
        groups = [
            sorted(box for group in first for box in group),
            *(group for group in groups if not outer & set(group)),
        ]
    group_of = {box: number for number, group in enumerate(groups) for box in group}
    among: list[list[Link]] = [[] for _ in groups]
    for link in links:
        among[group_of[link.top if link.top in inside else link.bottom]].append(link)
    return list(zip(groups, among, strict=True))


def _steps(chains: Chains) -> list[tuple[int, int]]:
    """All steps from a row to the next, once."""
    steps: dict[tuple[int, int], None] = {}
    for top, label, first, last, bottom in chains.pieces:
        upper = top
        for item in (label, first):
            if item >= 0:
                steps[upper, item] = None
                upper = item
        steps[last if last >= 0 else upper, bottom] = None
    for first, last in chains.runs:
        for bend in range(first + 1, last + 1):
            steps[bend - 1, bend] = None
    return list(steps)


def _ordered(rows: list[list[int]], steps: list[tuple[int, int]], border: Border) -> list[list[int]]:
    items = [item for row in rows for item in row]
    number = {item: place for place, item in enumerate(items)}
    above: list[list[int]] = [[] for _ in items]
    below: list[list[int]] = [[] for _ in items]
    for upper, lower in steps:
        below[number[upper]].append(number[lower])
        above[number[lower]].append(number[upper])
    fixed = {0} if border.entries else set()
    if border.exits and border.is_given:
        fixed.add(len(rows) - 1)
    web = Web([[number[item] for item in row] for row in rows], above, below, frozenset(fixed))
    return [[items[place] for place in row] for row in ordered(web)]
