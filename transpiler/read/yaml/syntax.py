"""libyaml's errors → diagnostics: at the opening quote or bracket where there is one, else at the problem."""

from __future__ import annotations

import re
from typing import Final

from ruamel.yaml.error import MarkedYAMLError

from transpiler.diagnostics import Related, Report, Source


def report_syntax(error: MarkedYAMLError, source: Source, report: Report) -> None:
    """Report where the text stopped being YAML."""
    problem = error.problem_mark.index if error.problem_mark else 0
    at = min(problem, max(len(source.text) - 1, 0))
    here = source.span(at, at + 1)
    message = sentence(error.problem or "this is not valid YAML")
    conflict = re.search(r"^<{7} .*", source.text, re.MULTILINE)
    if conflict:
        place = source.span(conflict.start(), conflict.start() + 7)
        report.error(
            "yaml-syntax", "this is an unresolved merge conflict", place, "resolve it: keep one of the two sides"
        )
    elif source.text[at : at + 1] == "\t":
        report.error("yaml-syntax", "tabs are not allowed for indentation", here, "indent with spaces")
    elif error.context_mark and message.startswith(_LEFT_OPEN):
        start = error.context_mark.index
        ends = "the file ends here" if problem >= len(source.text.rstrip()) else "noticed here"
        opening = source.span(start, start + 1)
        message = f"`{source.text[start : start + 1]}` is not closed"
        hint = _BARE_REFERENCE if "${{" in source.line(here.line) else "close it, or quote the string"
        report.error("yaml-syntax", message, opening, hint, (Related(ends, here),))
    else:
        hint = (
            _BARE_REFERENCE if re.search(r"[^\"'$]\$\{\{", source.line(here.line)) else "quote the string, or close it"
        )
        report.error("yaml-syntax", message, here, _HINTS.get(message, hint))


def sentence(text: str) -> str:
    """A message on one line."""
    return " ".join(text.split())


_LEFT_OPEN: Final = (
    "found unexpected end of stream",
    "found unexpected document indicator",
    "did not find expected ','",
)
_BARE_REFERENCE: Final = 'inside { } and [ ], quote a reference: "${{ ... }}"'
_HINTS: Final = {
    "mapping values are not allowed in this context": "quote a string that contains `: `, or check the indentation",
    "mapping values are not allowed here": "quote a string that contains `: `, or check the indentation",
    "found character that cannot start any token": "quote a string that starts with this character",
    "did not find expected key": "check the indentation of this line, and the quotes before it",
    "did not find expected '-' indicator": "check the indentation: a list item or the end of the list was expected",
    "found unexpected ':'": "inside { } and [ ], quote a string that contains `:`",
    "found invalid Unicode character escape code": "write the character itself",
}
