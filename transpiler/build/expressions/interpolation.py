"""A string value → its literal pieces and the expressions in its `${{ … }}`. `$${{` is a literal `${{`."""

from __future__ import annotations

import re

from transpiler.build.expressions.parser import parse_expression
from transpiler.diagnostics import Report, Source, Span
from transpiler.model.expressions.tree import Expression, Text
from transpiler.patterns import regex
from transpiler.read.yaml.nodes import Mark, first_line

_OPENING = regex(r"\$?\$\{\{")
_QUOTED = regex(r"'[^']*'|\"[^\"]*\"")
_QUOTED_OR_END = regex(r"'[^']*'|\"[^\"]*\"|\}\}")


def parse_text(text: str, source: Source, mark: Mark, report: Report) -> Text | None:
    """Split a string value at its `${{ … }}`; None when an expression in it cannot be parsed, which is reported."""
    parts: list[str | Expression] = []
    literal, at, broken = "", 0, False
    place = _Place(text, source, mark)
    while opening := _OPENING.search(text, at):
        literal += text[at : opening.start()]
        place.advance(opening.end() - len("${{"))
        if opening.group().startswith("$$"):
            literal, at = literal + "${{", opening.end()
            continue
        end = _closing(text, opening.end())
        if end is None:
            report.error(
                "expression-syntax",
                "`${{` is not closed",
                place.span(opening.end() - 3, opening.end()),
                "close it with `}}`; write `$${{` for a literal `${{`",
            )
            return None
        if literal:
            parts.append(literal)
        literal, at = "", end + 2
        expression = parse_expression(text[opening.end() : end], opening.end(), place.span, report)
        broken = broken or expression is None
        if expression:
            parts.append(expression)
    literal += text[at:]
    if literal or not parts:
        parts.append(literal)
    return None if broken else Text(tuple(parts))


def parse_bare(text: str, source: Source, mark: Mark, report: Report) -> Expression | None:
    """The expression of a `when`, which may leave out the `${{ }}`; None when it cannot be parsed."""
    stripped = text.strip()
    if stripped.startswith("${{") and stripped.endswith("}}"):
        parsed = parse_text(stripped, source, mark, report)
        if parsed is None:
            return None
        if parsed.whole is not None:
            return parsed.whole
    if "${{" in _QUOTED.sub("", text):
        whole = re.sub(r"\$\{\{\s*(.*?)\s*\}\}", r"\1", " ".join(text[:200].split()))[:100]
        hint = f"write the whole expression inside: ${{{{ {whole} }}}}"
        report.error(
            "expression-syntax", "text outside `${{ }}` is not part of an expression", first_line(source, mark), hint
        )
        return None
    place = _Place(text, source, mark)
    place.find(text)
    return parse_expression(text, 0, place.span, report)


def _closing(text: str, start: int) -> int | None:
    for found in _QUOTED_OR_END.finditer(text, start):
        if found.group() == "}}":
            return found.start()
    return None


class _Place:
    """Where a stretch of a string value stands in its file; the whole value, where escapes hide it."""

    def __init__(self, text: str, source: Source, mark: Mark) -> None:
        self.text, self.source, self.mark = text, mark.of(source), mark
        self.opening = 0
        self.raw = mark.start - 1

    def advance(self, opening: int) -> None:
        """Go on to the next `${{`: at `opening` in the value, and at the next one in the file."""
        if self.raw >= self.mark.start - 1:
            self.raw = self.source.text.find("${{", self.raw + 1, self.mark.end)
        self.opening = opening

    def find(self, text: str) -> None:
        """Look for the whole value in the file."""
        self.raw = self.source.text.find(text, self.mark.start, self.mark.end)

    def span(self, start: int, end: int) -> Span:
        """The place in the file of a stretch of the value."""
        shift = self.raw - self.opening
        exact = self.raw >= 0 and self.source.text[start + shift : end + shift] == self.text[start:end]
        return self.source.span(start + shift, end + shift) if exact else first_line(self.source, self.mark)
