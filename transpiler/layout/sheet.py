"""Items by number: where they stand and what they need."""

from __future__ import annotations

from msgspec import Struct

Pull = tuple[int, float, float]
"""An item in a row beside, how strongly it pulls, and how far from it the pulled one wants to stand."""


class Sheet(Struct, frozen=True):
    """Items by number: where they stand and what they need. The lists are filled on the way."""

    x: list[float]
    """The middle."""
    half: list[float]
    """Half of the width, with the room beside it."""
    above: list[list[Pull]]
    below: list[list[Pull]]
    tied: list[int]
    """The item above that each stands straight below; -1: none."""
    boxes: int
    """How many of the items are boxes."""
