"""The changes between two versions of a component: as data, as text, and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any, Final

from msgspec import Struct

from transpiler.diagnostics import Span
from transpiler.report.safe import safe
from transpiler.views.facts import as_json

LEVELS: Final = ("breaking", "notice", "safe")
"""`notice`: every manifest still compiles, but a run may do something else."""
_COLORS: Final = {"breaking": "31", "notice": "33", "safe": "32"}


class Change(Struct, frozen=True):
    """One difference, and its places; a place is None where it has none. `subject` is the input or output."""

    kind: str
    level: str
    message: str
    old: Span | None
    new: Span | None
    subject: str = ""
    component: str = ""

    @property
    def breaks(self) -> bool:
        """True if it can break a manifest."""
        return self.level == "breaking"

    @property
    def order(self) -> tuple[str, int, int, str]:
        """Sort key: component, breaking changes first, then position, then text."""
        span = self.old or self.new
        return self.component, LEVELS.index(self.level), span.line if span else 0, self.message


def render_changes(changes: Sequence[Change], *, color: bool) -> str:
    """The changes by component, each with its place in both files, then a line that counts them."""
    blocks = [
        "\n".join([_bold(safe(component), color), *(line for each in of_one for line in _lines(each, color)), ""])
        for component, of_one in groupby(changes, key=lambda each: each.component)
    ]
    return "\n".join([*blocks, _bold(count(changes), color), ""])


def count(changes: Sequence[Change]) -> str:
    """`2 breaking changes, 1 notice, 3 safe changes`."""
    words = {"breaking": "breaking change", "notice": "notice", "safe": "safe change"}
    counted = [(sum(each.level == level for each in changes), words[level]) for level in LEVELS]
    shown = [f"{number} {what}{'s' if number > 1 else ''}" for number, what in counted if number]
    return ", ".join(shown) or "nothing changed"


def changes_json(changes: Sequence[Change]) -> str:
    """A list of objects, always."""
    return as_json([_object(each) for each in changes])


def _lines(change: Change, color: bool) -> Iterator[str]:
    label = change.level.ljust(max(map(len, LEVELS)))
    yield f"  {_paint(label, _COLORS[change.level], color)}  {safe(change.message)}"
    yield f"  {' ' * len(label)}  {' -> '.join(_place(span) for span in (change.old, change.new) if span)}"


def _bold(text: str, color: bool) -> str:
    return f"\x1b[1m{text}\x1b[0m" if color else text


def _paint(text: str, code: str, color: bool) -> str:
    return f"\x1b[1;{code}m{text}\x1b[0m" if color else text


def _place(span: Span) -> str:
    return f"{safe(span.source.name)}:{span.line}:{span.column}"


def _object(change: Change) -> dict[str, Any]:
    return {
        "component": change.component,
        "change": change.kind,
        "level": change.level,
        "message": change.message,
        "subject": change.subject,
        "old": _span(change.old),
        "new": _span(change.new),
    }


def _span(span: Span | None) -> dict[str, Any] | None:
    return span and {"file": span.source.name, "line": span.line, "column": span.column}
