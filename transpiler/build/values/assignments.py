"""`--set KEY=VALUE`: single values as layers. KEY is a path of keys, VALUE is read as YAML.

All assignments are lines of one source, so that a message names the line of its argument.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from msgspec.structs import replace

from transpiler.diagnostics import Related, Report, Source, Span
from transpiler.patterns import regex
from transpiler.read.yaml.document import read_what_can_be
from transpiler.read.yaml.nodes import UNUSABLE, List, Map, Mark, all_nodes

NAME: Final = "--set"
_PART = regex(r"\"([^\"\n]*)\"|'([^'\n]*)'|([^.=\"'\s][^.=\n]*)")
_FORM: Final = 'write KEY=VALUE, such as inputs.rows=10; quote a key with dots: images."ghcr.io/shop/*"=…'


def layers_of(assignments: Sequence[str], report: Report) -> Iterator[Map]:
    """A layer for each assignment, in their order. One that cannot be read is reported."""
    source, start = Source(NAME, "\n".join(assignments)), 0
    for text in assignments:
        layer = _layer(source, Mark(start, start + len(text)), report)
        if layer is not None:
            yield layer
        start += len(text) + 1


def _layer(source: Source, line: Mark, report: Report) -> Map | None:
    path, at = _path(source.text, line)
    if not path or source.text[at : at + 1] != "=" or at >= line.end:
        wrong = source.span(min(at, line.end), line.end) if at < line.end else source.span(line.start, line.end)
        report.error("wrong-assignment", "this is not KEY=VALUE", wrong, _FORM)
        return None
    value = _value(source, Mark(at + 1, line.end), report)
    return _nested(source, path, (value, Mark(at + 1, line.end)))


def _path(text: str, line: Mark) -> tuple[list[tuple[str, Mark]], int]:
    """The keys before the `=`, each with its place, and where they end."""
    path: list[tuple[str, Mark]] = []
    at = line.start
    while found := _PART.match(text, at, line.end):
        key = next(each for each in found.groups() if each is not None)
        path.append((key.strip(), Mark(*found.span())))
        at = found.end()
        if text[at : at + 1] != "." or _PART.match(text, at + 1, line.end) is None:
            break
        at += 1
    return path, at


def _nested(source: Source, path: list[tuple[str, Mark]], value: tuple[Any, Mark]) -> Map:
    """A mapping of one key in another, the last with the value."""
    node, mark = value
    for key, key_mark in reversed(path):
        outer = Map(source, Mark(key_mark.start, mark.end))
        outer.put(key, node, key_mark, mark)
        if node is UNUSABLE:
            outer.incomplete_keys.add(key)
        node, mark = outer, outer.mark
    made: Map = node
    return made


def _value(source: Source, mark: Mark, report: Report) -> Any:
    """The value as YAML, with its places in the line."""
    before, own = source.text[: mark.start], Report()
    padded = Source(
        NAME, "".join("\n" if each == "\n" else " " for each in before) + source.text[mark.start : mark.end]
    )
    node, is_broken = read_what_can_be(padded, own)
    for found in own.diagnostics:
        related = tuple(Related(each.message, _moved(each.span, source)) for each in found.related)
        report.add(replace(found, span=_moved(found.span, source), related=related, hint=str(found.hint)))
    if is_broken or own.failed:
        return UNUSABLE
    for each in all_nodes(node) if isinstance(node, (Map, List)) else ():
        each.source = source  # in which they are shown
    return node


def _moved(span: Span, source: Source) -> Span:
    return span._replace(source=source)
