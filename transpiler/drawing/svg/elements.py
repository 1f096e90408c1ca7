"""SVG elements as text. Every text and attribute is escaped here, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

from transpiler.report.safe import safe


def element(name: str, children: Iterable[str] | str = (), **attributes: str | float | None) -> str:
    """An element. An attribute that is None is left out; `_` in a name stands for `-`, and at its end for nothing."""
    given = "".join(
        f" {key.rstrip('_').replace('_', '-')}={quoteattr(_written(value))}"
        for key, value in attributes.items()
        if value is not None
    )
    inner = "".join(children)
    return f"<{name}{given}>{inner}</{name}>" if inner else f"<{name}{given}/>"


def text(content: str) -> str:
    """A text between tags. Characters that hide or turn text become escapes; its lines stay."""
    return escape("\n".join(map(safe, content.split("\n"))))


def _written(value: str | float) -> str:
    return safe(value) if isinstance(value, str) else number(value)


def number(value: float) -> str:
    """A number with at most one decimal."""
    return f"{value:.1f}".removesuffix(".0")
