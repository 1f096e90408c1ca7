"""How wide a text is. The fonts of readers differ: the widths are those of DejaVu Sans, a wide one, at 1 px."""

from __future__ import annotations

from typing import Final

from transpiler.report.safe import safe, width

_NARROW: Final = dict.fromkeys("ijl|'", 0.29) | dict.fromkeys(' .,:;!frtI()[]/\\-"`', 0.38)
_WIDE: Final = dict.fromkeys("mMW@%", 0.96) | dict.fromkeys("wABCDEFGHKNOPQRSUVXYZ&<>=+~#", 0.76)
_USUAL: Final = 0.615
ELLIPSIS: Final = "…"


BOLD: Final = 1.12
"""How much wider a bold text is."""


def measure(content: str, size: float) -> float:
    """The width of a text in a font of a size, in pixels."""
    shown = safe(content)
    return size * sum(_WIDE.get(each) or _NARROW.get(each) or _USUAL * max(1, width(each)) for each in shown)


def fit(content: str, size: float, most: float) -> str:
    """As much of a text as fits into a width."""
    shown = safe(content)
    if measure(shown, size) <= most:
        return shown
    left = most - measure(ELLIPSIS, size)
    for place, each in enumerate(shown):
        left -= measure(each, size)
        if left < 0:
            return shown[:place].rstrip() + ELLIPSIS
    return shown
