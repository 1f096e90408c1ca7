"""Comments that ignore a warning: `# transpile: ignore[CODE] reason`, on its line or alone on the line above.

They are found in the lines of a file, so that they also work in the text of a script. An error cannot be ignored: no
Workflow would come of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from msgspec import Struct

from transpiler.diagnostics import Diagnostic, Report, Source, Span
from transpiler.patterns import regex
from transpiler.suggest import suggestion

_WORD: Final = "transpile:"
_CODE: Final = regex(r"[^\s,]+")
_COMMENT: Final = regex(r"(?:^|(?<=\s))#\s*transpile:\s*ignore\b(?:\s*\[(?P<codes>[^\]\n]*)\])?(?P<reason>[^\n]*)")
_FORM: Final = "write `# transpile: ignore[CODE] reason`"


class Ignore(Struct, frozen=True):
    """A comment, the codes that it names with their places, and the number of the line on which it ignores them."""

    codes: tuple[tuple[str, Span], ...]
    reason: str
    line: int
    span: Span


def without_ignored(found: Iterable[Diagnostic]) -> tuple[tuple[Diagnostic, ...], tuple[Diagnostic, ...]]:
    """The diagnostics that count, and the warnings that a comment ignores."""
    told: list[Diagnostic] = []
    ignored: list[Diagnostic] = []
    comments: dict[Source, tuple[Ignore, ...]] = {}
    for each in found:
        source = each.span.source
        if source not in comments:
            comments[source] = tuple(ignores_of(source))
        (ignored if any(_ignores(comment, each) for comment in comments[source]) else told).append(each)
    return tuple(told), tuple(ignored)


def check_ignores(source: Source, ignored: Sequence[Diagnostic] | None, report: Report) -> None:
    """Report comments without code or reason, and those that ignore nothing: only if all warnings are known."""
    for comment in ignores_of(source):
        if not comment.codes:
            report.warning("ignore-comment", "this comment names no code to ignore", comment.span, _FORM)
        elif not comment.reason:
            report.warning("ignore-comment", "this comment gives no reason", comment.span, _FORM)
        for code, span in comment.codes:
            used = ignored is None or any(each.code == code and _ignores(comment, each) for each in ignored)
            _check_code(code, span, comment.line, used, report)


def _check_code(code: str, span: Span, line: int, is_used: bool, report: Report) -> None:
    from transpiler.rules import codes, rule  # noqa: PLC0415 - only files with such comments need the pages

    if code not in codes():
        hint = suggestion(code, codes(), "codes") or "`transpile explain` lists all codes"
        report.warning("ignore-comment", f"there is no code `{code}`", span, hint)
    elif rule(code).severity == "error":
        hint = "correct the mistake, and delete the comment"
        report.warning("ignore-comment", f"`{code}` is an error; only warnings can be ignored", span, hint)
    elif not is_used:
        message = f"there is no warning `{code}` on line {line}"
        report.warning("ignore-comment", message, span, "delete the comment, or move it to that warning")


def _ignores(comment: Ignore, found: Diagnostic) -> bool:
    same_line = comment.span.source is found.span.source and comment.line == found.span.line
    return same_line and found.severity == "warning" and any(found.code == code for code, _ in comment.codes)


def ignores_of(source: Source) -> Iterator[Ignore]:
    """The comments of a file, in their order."""
    if _WORD not in source.text:
        return
    for match in _COMMENT.finditer(source.text):
        span = source.span(match.start(), match.end())
        yield Ignore(tuple(_codes(source, match)), match["reason"].strip(" \t\r-:"), _line_of(source, span), span)


def _codes(source: Source, comment: re.Match[str]) -> Iterator[tuple[str, Span]]:
    """The codes between the brackets, with their places."""
    if comment["codes"]:
        for code in _CODE.finditer(source.text, *comment.span("codes")):
            yield code[0], source.span(*code.span())


def _line_of(source: Source, comment: Span) -> int:
    """The line of a comment, or the next line with something else if the comment has its line for itself."""
    number = comment.line
    if source.line(number)[: comment.column - 1].strip():
        return number
    last = source.position(len(source.text))[0]
    while number < last and source.line(number).lstrip()[:1] in ("", "#"):
        number += 1
    return number
