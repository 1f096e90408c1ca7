"""Functions of times."""

from __future__ import annotations

from typing import Any, Final

from transpiler.engine.tags.durations import Duration, parse_duration
from transpiler.engine.tags.errors import ExpressionError
from transpiler.engine.tags.functions.arguments import text
from transpiler.engine.tags.run import Run
from transpiler.engine.tags.times import Time, parse_time
from transpiler.engine.tags.zones import Zone, zone

_LAYOUTS: Final = (
    "2006-01-02",
    "15:04:05",
    "2006-01-02 15:04:05",
    "2006-01-02T15:04:05Z07:00",
    "02 Jan 06 15:04 MST",
    "Monday, 02-Jan-06 15:04:05 MST",
    "Mon, 02 Jan 2006 15:04:05 MST",
)


def now(run: Run, *where: Any) -> Time:
    """The time now, in UTC or a zone."""
    if where and not isinstance(where[0], Zone):
        raise ExpressionError("invalid number of arguments (expected 0, got 1)")
    return Time(run.time().nanoseconds, where[0]) if where else run.time()


def duration(_: Run, whole: Any) -> Duration:
    """The duration that a text is."""
    return parse_duration(text(whole))


def timezone(_: Run, name: Any) -> Zone:
    """The time zone of a name."""
    return zone(text(name))


def date(_: Run, *arguments: Any) -> Time:
    """The time that a text is: in a layout and a zone, or in one of the usual layouts."""
    where = arguments[0] if isinstance(arguments[0], Zone) else None
    texts = [text(each) for each in (arguments[1:] if where else arguments)]
    if not texts:
        raise ExpressionError("runtime error: index out of range [0] with length 0")
    if len(texts) > 1:
        return parse_time(texts[1], texts[0], zone(texts[2]) if len(texts) > 2 else where)
    for layout in _LAYOUTS:
        try:
            return parse_time(layout, texts[0], where)
        except ExpressionError:
            continue
    raise ExpressionError(f"invalid date {texts[0]}")
