"""What is closed, bundled or hidden: which box stands for which, and which lines are left."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import Final

from msgspec import Struct

from transpiler.layout.arrangement import Arrangement, Piece, Strand

HIDDEN: Final = -1


class Bundle(Struct, frozen=True):
    """A closed bundle."""

    name: str
    width: float
    height: float


class Fold(Struct, frozen=True):
    """A drawing as far as it can be seen."""

    stands: list[int]
    """For each box the box that stands for it: itself, or the closed frame or the bundle that it is in; HIDDEN."""
    is_open: list[bool]
    bundles: dict[int, Bundle]
    """Boxes that stand for closed bundles."""
    lines: list[list[Strand]]
    """Lines that share a route, the one whose route it is first."""


def folded(
    arrangement: Arrangement, closed: AbstractSet[str], bundled: AbstractSet[str], hidden: AbstractSet[str]
) -> Fold:
    """Which boxes and lines can be seen."""
    names, frames = arrangement.names, arrangement.frames
    count = len(names)
    in_bundle, bundles = _bundles(arrangement, bundled, hidden)
    filled = [False] * count
    for box in range(1, count):
        if names[box] not in hidden:
            filled[frames[box]] = True
    stands = [0] * count
    is_open = [True] * count
    for box in range(1, count):
        frame = frames[box]
        if stands[frame] == HIDDEN or names[box] in hidden:
            stands[box] = HIDDEN
        elif not is_open[frame]:
            stands[box] = stands[frame]
        else:
            stands[box] = in_bundle.get(box, box)
        is_open[box] = stands[box] == box and box not in in_bundle and filled[box] and names[box] not in closed
    return Fold(stands, is_open, bundles, _lines(arrangement.strands, stands))


def _bundles(
    arrangement: Arrangement, bundled: AbstractSet[str], hidden: AbstractSet[str]
) -> tuple[dict[int, int], dict[int, Bundle]]:
    """The box in the middle of each closed bundle stands for its members."""
    names, sizes = arrangement.names, arrangement.sizes
    in_bundle: dict[int, int] = {}
    bundles: dict[int, Bundle] = {}
    for bundle in arrangement.bundles:
        members = [box for box in bundle if names[box] not in hidden]
        if names[bundle[0]] in bundled and len(members) > 1:
            middle = members[len(members) // 2]
            for box in members:
                in_bundle[box] = middle
            width = max(sizes[box][0] for box in members)
            bundles[middle] = Bundle(names[bundle[0]], width, max(sizes[box][1] for box in members))
    return in_bundle, bundles


def _lines(strands: list[Strand], stands: list[int]) -> list[list[Strand]]:
    """Lines by what stands for their ends. The route is that of a line whose own ends can be seen, if there is one."""
    found: dict[tuple[int, int], list[Strand]] = {}
    for strand in strands:
        ends = (stands[strand.source], stands[strand.target])
        if ends[0] == HIDDEN or ends[1] == HIDDEN or ends[0] == ends[1]:
            continue
        if ends not in found:
            found[ends] = [strand]
        elif _exact(strand, stands) > _exact(found[ends][0], stands):
            found[ends].insert(0, strand)
        else:
            found[ends].append(strand)
    return list(found.values())


def _exact(strand: Strand, stands: list[int]) -> int:
    return (stands[strand.source] == strand.source) + (stands[strand.target] == strand.target)


def pieces_of(strand: Strand, fold: Fold, frames: list[int]) -> list[Piece]:
    """The pieces of a line that lie in open frames."""
    count = len(frames)
    found = []
    for piece in strand.pieces:
        box = piece[0] if piece[0] < count else piece[4]
        frame = frames[box] if box < count else HIDDEN
        if fold.stands[frame] == frame and fold.is_open[frame]:
            found.append(piece)
    return found
