"""libyaml's errors → diagnostics, for what no slip explains: at the opening quote or bracket, or at the problem."""

from __future__ import annotations

import re
from typing import Final

from ruamel.yaml.error import MarkedYAMLError

from transpiler.diagnostics import Related, Report, Source


def report_syntax(
    error: MarkedYAMLError, source: Source, report: Report, start: int = 0, end: int | None = None
) -> None:
    """Report where a text stopped being YAML. `start` and `end`: the part of the source that the reader had."""
    text = source.text[start:end]
    problem = error.problem_mark.index if error.problem_mark else 0
    at = min(problem, max(len(text.rstrip()) - 1, 0))
    here = source.span(start + at, start + at + 1)
    message = sentence(error.problem or "this is not valid YAML")
    if error.context_mark and message.startswith(_LEFT_OPEN):
        opening = error.context_mark.index
        ends = "the text ends here" if problem >= len(text.rstrip()) else "noticed here"
        place = source.span(start + opening, start + opening + 1)
        message = f"`{text[opening : opening + 1]}` is not closed"
        hint = _BARE_REFERENCE if "${{" in source.line(here.line) else "close it, or quote the string"
        report.error("yaml-syntax", message, place, hint, (Related(ends, here),))
        return
    bare = re.search(r"[^\"'$]\$\{\{", source.line(here.line))
    known, hint = _WORDS.get(message, (message, _BARE_REFERENCE if bare else "quote the string, or close it"))
    report.error("yaml-syntax", known, here, hint)


def sentence(text: str) -> str:
    """A message on one line."""
    return " ".join(text.split())


_LEFT_OPEN: Final = (
    "found unexpected end of stream",
    "found unexpected document indicator",
    "did not find expected ','",
)
_BARE_REFERENCE: Final = 'inside { } and [ ], quote a reference: "${{ ... }}"'
_COLON: Final = ("a key cannot stand here", "quote a string that contains `: `, or check the indentation")
_WORDS: Final = {
    "mapping values are not allowed in this context": _COLON,
    "mapping values are not allowed here": _COLON,
    "found character that cannot start any token": (
        "a value cannot start with this character",
        "quote a string that starts with this character",
    ),
    "did not find expected key": (
        "no key starts here",
        "check the indentation of this line, and the quotes before it",
    ),
    "did not find expected '-' indicator": (
        "no item of the list starts here",
        "check the indentation: a list item or the end of the list was expected",
    ),
    "could not find expected ':'": (
        "a key before this place has no colon",
        "write `KEY: VALUE`, or quote a string that spans lines",
    ),
    "did not find expected <document start>": (
        "this line is no part of what stands above it",
        "check its indentation, and the quotes and brackets before it",
    ),
    "found unexpected ':'": (
        "a colon cannot stand here",
        "inside { } and [ ], quote a string that contains `:`",
    ),
    "found invalid Unicode character escape code": (
        "this is no escape of a Unicode character",
        "write the character itself",
    ),
}
