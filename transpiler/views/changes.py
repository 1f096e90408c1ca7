"""The changes between two versions of a component or pipeline: as data, as text, and as JSON."""

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
    """One difference, and its places; a place is None where it has none.

    `subject` is the input, output or key. In a pipeline, `task` is the task, with the tasks around it, and `component`
    what it runs, if the change is in that; both are empty for what the manifest says of the whole pipeline.
    """

    kind: str
    level: str
    message: str
    old: Span | None
    new: Span | None
    subject: str = ""
    component: str = ""
    pipeline: str = ""
    task: str = ""

    @property
    def heading(self) -> str:
        """What the change is of."""
        if not self.pipeline:
            return self.component
        part = f": component `{self.component}`" if self.component else f": task `{self.task}`" if self.task else ""
        return f"{self.pipeline}{part}"

    @property
    def breaks(self) -> bool:
        """True if it can break a manifest."""
        return self.level == "breaking"

    @property
    def order(self) -> tuple[str, str, str, int, int, str]:
        """Sort key: pipeline, component, task, breaking changes first, then position, then text."""
        span, level = self.old or self.new, LEVELS.index(self.level)
        return self.pipeline, self.component, self.task, level, span.line if span else 0, self.message


def identity(change: Change) -> tuple[object, ...]:
    """What a change says, whatever the pipeline is called."""
    places = (each and (each.source.name, *each[1:]) for each in (change.old, change.new))
    return change.kind, change.task, change.component, change.message, *places


def render_changes(changes: Sequence[Change], *, color: bool) -> str:
    """The changes by what they are of, each with its place in both files, then a line that counts them."""
    return "\n".join([*blocks(changes, color), bold(count(changes), color), ""])


def blocks(changes: Sequence[Change], color: bool) -> Iterator[str]:
    """A heading with the changes below it, for each heading."""
    for heading, of_one in groupby(changes, key=lambda each: each.heading):
        yield "\n".join([bold(safe(heading), color), *(line for each in of_one for line in _lines(each, color)), ""])


def count(changes: Sequence[Change]) -> str:
    """`2 breaking changes, 1 notice, 3 safe changes`."""
    words = {"breaking": "breaking change", "notice": "notice", "safe": "safe change"}
    counted = [(sum(each.level == level for each in changes), words[level]) for level in LEVELS]
    shown = [f"{number} {what}{'s' if number > 1 else ''}" for number, what in counted if number]
    return ", ".join(shown) or "nothing changed"


def changes_json(changes: Sequence[Change]) -> str:
    """A list of objects, always."""
    return as_json([as_object(each) for each in changes])


def _lines(change: Change, color: bool) -> Iterator[str]:
    """A change on two lines: what, and where."""
    label = change.level.ljust(max(map(len, LEVELS)))
    yield f"  {painted(label, change.level, color)}  {safe(change.message)}"
    places = " -> ".join(_place(span) for span in (change.old, change.new) if span)
    if places:
        yield f"  {' ' * len(label)}  {places}"


def bold(text: str, color: bool) -> str:
    """A heading."""
    return f"\x1b[1m{text}\x1b[0m" if color else text


def painted(text: str, level: str, color: bool) -> str:
    """A text in the color of a level."""
    return f"\x1b[1;{_COLORS[level]}m{text}\x1b[0m" if color else text


def _place(span: Span) -> str:
    return f"{safe(span.source.name)}:{span.line}:{span.column}"


def as_object(change: Change) -> dict[str, Any]:
    """A change as JSON; one of a pipeline names that and the task."""
    return {
        **({"pipeline": change.pipeline, "task": change.task} if change.pipeline else {}),
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
