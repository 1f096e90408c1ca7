"""Texts of components and manifests → what the templates of the site print, piece by piece."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from msgspec import Struct

from transpiler.diagnostics import Diagnostic, Span
from transpiler.model.ports import Input, Output
from transpiler.patterns import regex
from transpiler.report.text import without_credentials
from transpiler.views.entries import Entry

MAX_TYPES: Final = 3
"""Types of a component's inputs, or outputs, that the list of all shows."""
MAX_LINES: Final = 6
"""Lines of a description, after its first paragraph, that are shown at once."""
MAX_DEPTH: Final = 3
_URL: Final = regex(r"https?://[^\s<>\"'`(){}\[\]|\\^]*[^\s<>\"'`(){}\[\]|\\^.,;:!?]")
_BREAK: Final = regex(r"(?<=[-_/.])(?=[^-_/.])|(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_KEY: Final = regex(r"( *)('(?:[^']|'')*':|[^'].*?:)(?= |$)(.*)")


def links(text: str) -> Iterator[tuple[str, bool]]:
    """The pieces of a text, and whether each is a web address. Nothing but http and https ever is."""
    at = 0
    for found in _URL.finditer(text):
        yield from ((text[at : found.start()], False), (found.group(), True))
        at = found.end()
    yield text[at:], False


def search_words(entry: Entry) -> str:
    """All that a search looks at, as `catalog search` does."""
    component = entry.component
    texts = [component.name, entry.reference, component.description, entry.image]
    texts += (text for port in entry.ports for text in (port.name, port.type.shown, port.description))
    return " ".join(" ".join(texts).lower().split())


def split_long(text: str) -> tuple[str, str]:
    """A text split into the visible and the collapsed part: for a long text, all but the first paragraph."""
    first, _, rest = text.partition("\n\n")
    return (first, rest.strip("\n")) if rest.count("\n") >= MAX_LINES else (text, "")


def indented_lines(text: str) -> Iterator[tuple[int, str]]:
    """Each line without its indentation, and how deep that was."""
    for line in text.strip("\n").splitlines():
        kept = line.lstrip()
        yield min((len(line) - len(kept) + 2) // 4, MAX_DEPTH), kept


def breakable(text: str) -> list[str]:
    """The pieces of a path or name between which a line may end."""
    return _BREAK.split(text)


def types(ports: Iterable[Input | Output]) -> str:
    """The types of inputs or outputs, each once, in short."""
    names = list(dict.fromkeys(port.type.written for port in ports))
    more = len(names) - MAX_TYPES
    return ", ".join(names[:MAX_TYPES]) + (f" +{more}" if more > 0 else "")


def yaml_lines(text: str) -> list[tuple[str, str, str]]:
    """Each line as the text before its key, the key, and the rest."""
    found = [(_KEY.fullmatch(line), line) for line in text.splitlines()]
    return [(match[1], match[2], match[3]) if match else (line, "", "") for match, line in found]


class Line(Struct, frozen=True):
    """A line of a file, in the pieces that `yaml_lines` gives; `mark` is the severity of what is wrong in it."""

    before: str
    key: str
    rest: str
    mark: str = ""


def file_lines(data: bytes, found: Iterable[Diagnostic] = ()) -> list[Line]:
    """The lines of a file. Where a diagnostic says that something looks like a secret, there are stars for it."""
    text = data.decode("utf-8-sig", "replace")
    lines = [line.removesuffix("\r") for line in text.removesuffix("\n").split("\n")]
    marks: dict[int, str] = {}
    for each in found:
        if marks.get(each.span.line) != "error":
            marks[each.span.line] = each.severity
        if each.code == "secret-in-manifest":
            _hide(each.span, lines)
    return [_line(without_credentials(line), marks.get(number, "")) for number, line in enumerate(lines, 1)]


def _hide(span: Span, lines: list[str]) -> None:
    for number in range(span.line, min(span.end_line, len(lines)) + 1):
        line = lines[number - 1]
        start = span.column - 1 if number == span.line else 0
        end = span.end_column - 1 if number == span.end_line else len(line)
        lines[number - 1] = f"{line[:start]}{'*' * len(line[start:end])}{line[end:]}"


def _line(text: str, mark: str) -> Line:
    found = _KEY.fullmatch(text)
    return Line(found[1], found[2], found[3], mark) if found else Line(text, "", "", mark)
