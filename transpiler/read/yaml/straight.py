"""Text → mappings and lists that know where each of their keys and values stands.

Built over libyaml's event stream, because that is the only fast reader that keeps every position.
Promises: bad YAML gives diagnostics, never an exception.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from transpiler.diagnostics import Report, Source
from transpiler.patterns import regex
from transpiler.read.yaml.builder import Builder, SecondDocument, Stop
from transpiler.read.yaml.syntax import sentence

MAX_PURE: Final = 256 * 1024
"""Characters that ruamel's slow reader is asked to read (about a second)."""


class Break(NamedTuple):
    """Where a text breaks off being one document of YAML."""

    error: MarkedYAMLError | None
    """None for a second document, which is reported already."""


def read_straight(source: Source, report: Report) -> tuple[Any, Break | None]:
    """The one document of a source: Map, List or scalar; None when it is empty or cannot be read.

    Limits (each is a diagnostic of its own): nesting 64, 500,000 nodes, 1 MiB a scalar, 10,000 nodes reached
    through aliases. A text beyond a limit has no break: it is not looked into any further. A break is not reported, nor
    what stands before it.
    """
    source = _without_surrogates(source)
    document, broken = _attempt(source, report, pure=False)
    error = broken.error if broken is not None else None
    if error is not None and may_be_fine(error, source.text) and len(source.text) <= MAX_PURE:
        return _attempt(source, report, pure=True)
    return document, broken


def _attempt(source: Source, report: Report, *, pure: bool) -> tuple[Any, Break | None]:
    """What a reader makes of a source: libyaml, or `pure` ruamel's own, which knows YAML 1.2 better."""
    own = Report()
    document, broken = None, None
    try:
        document = _read(source, own, pure=pure)
    except SecondDocument:
        broken = Break(None)
    except MarkedYAMLError as error:
        return None, Break(error)
    report.take(own)
    return document, broken


def may_be_fine(error: MarkedYAMLError, text: str) -> bool:
    """True for what libyaml refuses although YAML 1.2 allows it: `{image: python:3.12}` and `{text: really?}`."""
    at = error.problem_mark.index if error.problem_mark else len(text)
    return error.problem == "found unexpected ':'" or text[at : at + 1] == "?"


def events_of(text: str, *, pure: bool = False) -> Iterator[Any]:
    """The events of a text. Raises YAMLError, or ValueError."""
    yield from YAML(typ="safe", pure=pure).parse(text)


def _read(source: Source, report: Report, *, pure: bool) -> Any:
    stand_ins = stand_ins_of(source.text)
    builder = Builder(source, report, {stand_in: character for character, stand_in in stand_ins.items()})
    try:
        for event in events_of(source.text.translate(stand_ins), pure=pure):
            builder.take(event)
    except (SecondDocument, MarkedYAMLError):
        raise
    except Stop:
        return None
    except (YAMLError, ValueError) as error:
        report.error("yaml-syntax", sentence(str(error)), source.span(0), "save the file as plain UTF-8 text")
        return None
    return builder.root


_SURROGATE_PAIR = regex(r"\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})")


def stand_ins_of(text: str) -> dict[int, int]:
    """Characters that end a line in YAML 1.1, and so for libyaml, but not in 1.2 → ones that the text does not have."""
    found = [character for character in "\x85\u2028\u2029" if character in text]
    free = (code for code in range(0xE000, 0xF8FF) if chr(code) not in text)
    return {ord(character): code for character, code in zip(found, free, strict=False)}


def _without_surrogates(source: Source) -> Source:
    """JSON writes an emoji as two escapes, which YAML forbids: the same text with one, where it is JSON."""
    text = source.text
    if not text.lstrip().startswith("{") or not _SURROGATE_PAIR.search(text):
        return source
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return source
    return Source(source.name, _SURROGATE_PAIR.sub(_joined, text))


def _joined(pair: re.Match[str]) -> str:
    code = 0x10000 + (int(pair[1], 16) - 0xD800) * 0x400 + int(pair[2], 16) - 0xDC00
    return rf"\U{code:08x}"
