"""Blocks side by side and below each other, about as wide as a screen."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

WIDE: Final = 1.6
"""Width to height of a screen."""
TRIALS: Final = 24
"""How many widths are tried."""


class Packed(Struct, frozen=True):
    """Where blocks stand."""

    width: float
    height: float
    corners: list[tuple[float, float]]
    """The upper left corner of each block."""


def packed(sizes: list[tuple[float, float]], gap: float, shape: float) -> Packed:
    """Blocks in shelves, in their order. `shape` is the width to the height that is wanted."""
    widest = 0.0
    total = 0.0
    for width, _ in sizes:
        widest = max(widest, width)
        total += width + gap
    best = _shelves(sizes, gap, total)
    for trial in range(TRIALS):
        found = _shelves(sizes, gap, widest + (total - widest) * trial * trial / (TRIALS * TRIALS))
        if max(found.width, found.height * shape) < max(best.width, best.height * shape):
            best = found
    return best


def _shelves(sizes: list[tuple[float, float]], gap: float, limit: float) -> Packed:
    """From left to right; a block that fits below the one before, on its shelf, stands there."""
    corners: list[tuple[float, float]] = []
    top = left = column = below = shelf = right = 0.0  # column: the width of the stack of blocks at the end
    for width, height in sizes:
        if column and below + height <= shelf and (width <= column or left + width <= limit):
            corners.append((left, top + below))
            below += height + gap
            column = max(column, width)
            right = max(right, left + width)
            continue
        if column:
            left += column + gap
        if left and left + width > limit:
            top += shelf + gap
            left = shelf = 0.0
        corners.append((left, top))
        column, below = width, height + gap
        shelf = max(shelf, height)
        right = max(right, left + width)
    return Packed(right, top + shelf, corners)
