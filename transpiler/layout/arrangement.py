"""What does not depend on sizes: the layers, the order in them and the chains of lines, frame by frame, as plain data.

Everything has a number. Boxes come first, a frame before the boxes in it; box 0 is the drawing itself. Then come the
*joints* of lines: bends, labels, and the entries and exits where lines pass the borders of frames.
"""

from __future__ import annotations

from typing import Any

from msgspec import Struct, to_builtins

from transpiler.layout.shapes import Direction

Piece = tuple[int, int, int, int, int]
"""A line's way through one frame: the item at the top, the label, the first and the last bend, the item at the bottom.

-1: has none. The numbers of bends from the first to the last are consecutive."""


class Floor(Struct, frozen=True, array_like=True):
    """The inside of a frame."""

    frame: int
    parts: list[list[list[int]]]
    """Connected boxes: rows from top to bottom, in each the items from left to right."""
    has_border: bool
    """Lines pass the frame's border, at the first part."""
    has_entries: bool
    """The first row of the first part."""
    has_exits: bool
    """The last row of the first part."""
    singles: list[int]
    """Boxes without boxes in them and without lines."""


class Strand(Struct, frozen=True, array_like=True):
    """A line."""

    name: str
    source: int
    target: int
    is_reversed: bool
    pieces: list[Piece]
    """From the upper end to the lower end, a piece for each frame that it passes."""


class Arrangement(Struct, frozen=True):
    """The layout of a drawing, without coordinates."""

    direction: Direction
    """The direction that suits the drawing, or that was asked for."""
    names: list[str]
    frames: list[int]
    """For each box the frame around it; -1 for the drawing itself."""
    sizes: list[tuple[float, float]]
    """Width and height of each box, of a frame when it is closed."""
    titles: dict[int, tuple[float, float]]
    labels: dict[int, tuple[float, float]]
    bundles: list[list[int]]
    """The members of each bundle, at least two."""
    floors: list[Floor]
    """Of each frame, outer ones first."""
    strands: list[Strand]
    joints: int
    """How many items are no boxes."""
    loose: list[int]
    """Bends that need not stand below the one before: two straight chains would cross there."""
    ties: list[tuple[int, int]]
    """Items that are to stand straight below each other: an only child below its only parent, a bend below a label."""

    def bundle_names(self) -> dict[str, list[str]]:
        """Each bundle: the name of its first member → the names of all."""
        return {self.names[members[0]]: [self.names[each] for each in members] for members in self.bundles}

    def plain(self) -> dict[str, Any]:
        """The same as mappings, lists, texts and numbers, for JSON."""
        plain: dict[str, Any] = to_builtins(self, str_keys=True)
        return plain
