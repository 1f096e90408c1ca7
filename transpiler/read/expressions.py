"""`${{ … }}` in a text → its literal pieces and references, each with its place.

Knows the grammar and nothing of what the names mean. `$${{` is a literal `${{`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from transpiler.diagnostics import Report, Source, Span
from transpiler.read.nodes import Mark, first_line


@dataclass(frozen=True, slots=True)
class InputReference:
    """`inputs.NAME`: an input of the pipeline."""

    name: str
    span: Span


@dataclass(frozen=True, slots=True)
class OutputReference:
    """`tasks.TASK.outputs.NAME`, or `tasks.TASK.output` (name None): what a task yields."""

    task: str
    output: str | None
    span: Span
    task_span: Span
    output_span: Span


@dataclass(frozen=True, slots=True)
class WorkflowReference:
    """`workflow.NAME`: a variable of the run, in Argo's names."""

    name: str
    span: Span


Reference = InputReference | OutputReference | WorkflowReference


@dataclass(frozen=True, slots=True)
class Text:
    """A string value: literal pieces and references, in order."""

    parts: tuple[str | Reference, ...]

    @property
    def references(self) -> tuple[Reference, ...]:
        """The references, without the text around them."""
        return tuple(part for part in self.parts if not isinstance(part, str))

    @property
    def plain_reference(self) -> Reference | None:
        """The reference, when it is the whole value."""
        part = self.parts[0] if len(self.parts) == 1 else None
        return None if isinstance(part, str) else part


_OPENING = re.compile(r"\$?\$\{\{")
_QUOTED_OR_END = re.compile(r"'[^']*'|\"[^\"]*\"|\}\}")
_TOKEN = re.compile(r"\s*(?:(?P<name>[A-Za-z_][A-Za-z0-9_-]*)|(?P<string>'[^']*'|\"[^\"]*\")|(?P<mark>\S))")
FORMS: Final = (
    "`inputs.NAME`, `tasks.TASK.output`, `tasks.TASK.outputs.NAME`, `tasks.TASK.outputs['odd name']` or `workflow.NAME`"
)


def parse_text(text: str, source: Source, mark: Mark, report: Report) -> Text | None:
    """Split a string value at its `${{ … }}`; None when a reference in it cannot be parsed, which is reported."""
    parts: list[str | Reference] = []
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
        reference = _Parser(text[opening.end() : end], opening.end(), place, report).reference()
        broken = broken or reference is None
        if reference:
            parts.append(reference)
    literal += text[at:]
    if literal or not parts:
        parts.append(literal)
    return None if broken else Text(tuple(parts))


def _closing(text: str, start: int) -> int | None:
    for found in _QUOTED_OR_END.finditer(text, start):
        if found.group() == "}}":
            return found.start()
    return None


class _Place:
    """Where a stretch of a string value stands in its file; the whole value, where escapes hide it."""

    def __init__(self, text: str, source: Source, mark: Mark) -> None:
        self.text, self.source, self.mark = text, source, mark
        self.opening = 0
        self.raw = mark.start - 1

    def advance(self, opening: int) -> None:
        """Go on to the next `${{`: at `opening` in the value, and at the next one in the file."""
        if self.raw >= self.mark.start - 1:
            self.raw = self.source.text.find("${{", self.raw + 1, self.mark.end)
        self.opening = opening

    def span(self, start: int, end: int) -> Span:
        """The place in the file of a stretch of the value."""
        shift = self.raw - self.opening
        exact = self.raw >= 0 and self.source.text[start + shift : end + shift] == self.text[start:end]
        return self.source.span(start + shift, end + shift) if exact else first_line(self.source, self.mark)


class _Token(NamedTuple):
    kind: str
    text: str
    start: int
    end: int


class _SyntaxError(Exception):
    def __init__(self, message: str, token: _Token, hint: str = "") -> None:
        super().__init__(message)
        self.message, self.token, self.hint = message, token, hint


class _Parser:
    """Recursive descent over the tokens of one expression."""

    def __init__(self, text: str, offset: int, place: _Place, report: Report) -> None:
        self.place, self.report = place, report
        self.whole = (offset + len(text) - len(text.lstrip()), offset + len(text.rstrip()))
        self.tokens = list(_tokens(text, offset))
        self.at = 0

    def reference(self) -> Reference | None:
        try:
            reference = self.parse()
            if self.peek.kind != "end":
                raise _SyntaxError(f"`{self.peek.text}` is not expected here", self.peek, f"a reference is {FORMS}")
        except _SyntaxError as error:
            span = self.place.span(error.token.start, max(error.token.end, error.token.start + 1))
            self.report.error("expression-syntax", error.message, span, error.hint)
            return None
        return reference

    def parse(self) -> Reference:
        root = self.next()
        if root.kind == "end":
            raise _SyntaxError("the expression is empty", root, f"write {FORMS}")
        if root.text == "inputs":
            return InputReference(self.member()[0], self.span())
        if root.text == "tasks":
            return self.output()
        if root.text == "workflow":
            name = self.member()[0]
            while self.peek.text == ".":
                name += "." + self.member()[0]
            return WorkflowReference(name, self.span())
        raise _SyntaxError(f"`{root.text}` is not a reference", root, f"write {FORMS}")

    def output(self) -> OutputReference:
        task, task_span = self.member()
        name, name_span = self.member()
        if name == "output":
            return OutputReference(task, None, self.span(), task_span, name_span)
        if name != "outputs":
            hint = f"write `tasks.{task}.output`, or `tasks.{task}.outputs.NAME`"
            raise _SyntaxError(f"a task has no `{name}`", self.tokens[self.at - 1], hint)
        output, output_span = self.member()
        return OutputReference(task, output, self.span(), task_span, output_span)

    def member(self) -> tuple[str, Span]:
        """`.name` or `['any name']`."""
        opener = self.next()
        if opener.text == ".":
            name = self.expect("name", "a name")
        elif opener.text == "[":
            name = self.expect("string", "a quoted name")
            closer = self.next()
            if closer.text != "]":
                raise _SyntaxError("`]` is missing", closer, "write ['odd name']")
        else:
            raise _SyntaxError("a `.` and a name are missing", opener, f"a reference is {FORMS}")
        text = name.text[1:-1] if name.kind == "string" else name.text
        return text, self.place.span(name.start, name.end)

    def expect(self, kind: str, what: str) -> _Token:
        token = self.next()
        if token.kind != kind:
            raise _SyntaxError(f"{what} is missing", token, "write a name that is no identifier as ['odd name']")
        return token

    @property
    def peek(self) -> _Token:
        return self.tokens[self.at]

    def next(self) -> _Token:
        token = self.tokens[self.at]
        self.at = min(self.at + 1, len(self.tokens) - 1)
        return token

    def span(self) -> Span:
        return self.place.span(*self.whole)


def _tokens(text: str, offset: int) -> Iterator[_Token]:
    for found in _TOKEN.finditer(text):
        kind = found.lastgroup or "mark"
        yield _Token(kind, found[kind], offset + found.start(kind), offset + found.end(kind))
    end = offset + len(text.rstrip())
    yield _Token("end", "", end, end)
