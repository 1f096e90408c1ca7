"""A table of a TOML file → a mapping that knows about where its keys and values stand.

The standard reader keeps no positions, so keys and values are looked for in the text, from the header of the table on.
"""

from __future__ import annotations

import re
import tomllib
from typing import Any, Final

from transpiler.diagnostics import Report, Source
from transpiler.patterns import regex
from transpiler.read.yaml.nodes import List, Map, Mark

_PLACE: Final = regex(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_END: Final = regex(r"[ \t]*(#.*)?$", re.MULTILINE)


def read_table(source: Source, path: tuple[str, ...], report: Report) -> Map | None:
    """The table at a path; None when there is none, or, with a diagnostic, when the file is not TOML."""
    try:
        found: Any = tomllib.loads(source.text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        _not_toml(source, error, report)
        return None
    for key in path:
        found = found.get(key) if isinstance(found, dict) else None
    if not isinstance(found, dict):
        return None
    return _map(found, source, _header(source.text, path))


def _not_toml(source: Source, error: Exception, report: Report) -> None:
    message = str(error) if isinstance(error, tomllib.TOMLDecodeError) else "the file is nested too deeply"
    place = _PLACE.search(message)
    end = len(source.text.rstrip())
    start = source.offset(int(place[1]), int(place[2])) if place and place[1] else end
    text = message[: place.start()] if place else message
    report.error("toml-syntax", text[:1].lower() + text[1:], source.span(min(start, end), min(start, end) + 1))


def _header(text: str, path: tuple[str, ...]) -> int:
    """Where a table begins: after its header, or at its last key."""
    dotted = r"[ \t]*\.[ \t]*".join(rf"[\"']?{re.escape(key)}[\"']?" for key in path)
    found = re.search(rf"^[ \t]*\[[ \t]*{dotted}[ \t]*[\].]", text, re.MULTILINE) or re.search(
        rf"^[^#\n]*{re.escape(path[-1])}", text, re.MULTILINE
    )
    return found.start() if found else 0


def _map(table: dict[str, Any], source: Source, start: int) -> Map:
    made = Map(source, Mark(start, start + 1))
    for key, value in table.items():
        made.keys_at[key] = at = _key(source.text, key, start)
        made.values_at[key] = _value(source.text, value, at.end)
        made[key] = _node(value, source, at.end)
    return made


def _node(value: Any, source: Source, start: int) -> Any:
    if isinstance(value, dict):
        return _map(value, source, start)
    if not isinstance(value, list):
        return value
    made = List(source, Mark(start, start + 1))
    for item in value:
        made.items_at.append(_value(source.text, item, start))
        made.append(_node(item, source, start))
        start = made.items_at[-1].end
    return made


def _key(text: str, key: str, start: int) -> Mark:
    """The first place where a key stands before its `=`, or in a header."""
    found = re.compile(rf"(?<![\w-])([\"']?){re.escape(key)}\1(?=[ \t]*[=.\]])").search(text, start)
    return Mark(*found.span()) if found else Mark(start, start + 1)


def _value(text: str, value: Any, start: int) -> Mark:
    """A value as far as its first line goes; a text that is written without escapes, with its quotes."""
    if isinstance(value, str):
        for written in (f'"{value}"', f"'{value}'"):
            at = text.find(written, start)
            if at >= 0:
                return Mark(at, at + len(written))
    sign = text.find("=", start)
    first = sign + 1 if 0 <= sign <= start + 3 else start
    first += len(text[first:]) - len(text[first:].lstrip(" \t"))
    end = _END.search(text, first)
    return Mark(first, max(end.start() if end else first, first + 1))
