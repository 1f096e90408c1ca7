"""The text of `depends` → its tree, of a manifest's task or of one in Argo's own fields.

Argo evaluates it as an expression, and reports a mistake in it only during the run.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, NamedTuple

from transpiler.argo.conditions import DependsToken, depends_tokens, not_in_depends
from transpiler.argo.expressions import missing_after
from transpiler.diagnostics import Report, Source, Span
from transpiler.model.depends import LOOP_RESULTS, RESULTS, Depends, Junction, Negation, TaskResult
from transpiler.read.yaml.nodes import Mark, first_line
from transpiler.suggest import suggestion

MAX_DEPTH: Final = 50
HINT: Final = "join tasks with `&&`, `||`, `!` and parentheses, such as `a && (b.Succeeded || b.Failed)`"
_SIGNS: Final = frozenset(["&&", "||", "!", "(", ")"])

Place = Callable[[int, int], Span]
"""Offsets in the text → where that stands in the file."""


class DependsFault(NamedTuple):
    """Why Argo cannot read a `depends`, and where."""

    message: str
    span: Span


class ParsedDepends(NamedTuple):
    """The tree of a `depends`, or a fault; and every task that it names, in both cases."""

    tree: Depends | None
    named: tuple[TaskResult, ...]
    fault: DependsFault | None


def build_depends(text: str, source: Source, mark: Mark, report: Report) -> Depends | None:
    """The tree of a `depends` of a manifest; None when it is none, which is reported."""
    inner = re.fullmatch(r"\$\{\{(.*)\}\}", text.strip(), re.DOTALL)
    text = inner[1].strip() if inner else text
    start = source.text.find(text, mark.start, mark.end)

    def place(first: int, end: int) -> Span:
        """Where the file writes the text in another way, as a whole."""
        return source.span(start + first, start + end) if start >= 0 < end else first_line(source, mark)

    parsed = parse_depends(text, place)
    for token in depends_tokens(text) if parsed.fault is None else ():
        if token.task and token.result not in ("", *RESULTS, *LOOP_RESULTS):
            span = place(token.end - len(token.result), token.end)
            hint = suggestion(token.result, (*RESULTS, *LOOP_RESULTS), "results")
            report.error("depends-syntax", f"a task has no result `{token.result}`", span, hint)
            return None
    if parsed.fault is not None:
        report.error("depends-syntax", parsed.fault.message, parsed.fault.span, _written(text) or HINT)
    return parsed.tree


def _written(text: str) -> str:
    """The hint for names as in an expression, and for words in place of signs; empty for a text without any."""
    meant = re.sub(r"\btasks\.(?=\w)", "", text)
    meant = re.sub(r"\band\b", "&&", re.sub(r"\bor\b", "||", re.sub(r"\bnot\s+", "!", meant)))
    is_one = parse_depends(meant, lambda _first, _end: Span(Source("", ""), 1, 1, 1, 1)).tree is not None
    return f"write `{meant}`" if meant != text and is_one and "\n" not in meant else ""


def parse_depends(text: str, place: Place) -> ParsedDepends:
    """Parse a `depends`. Which results there are is not asked."""
    tokens = depends_tokens(text)
    named = tuple(TaskResult(each.task, each.result, place(*_of_task(each))) for each in tokens if each.task)
    parser = _Parser(tokens, place)
    try:
        return ParsedDepends(parser.whole(), named, None)
    except _SyntaxError as error:
        return ParsedDepends(None, named, error.fault)


def _of_task(token: DependsToken) -> tuple[int, int]:
    return token.start, token.start + len(token.task)


class _SyntaxError(Exception):
    def __init__(self, message: str, span: Span) -> None:
        super().__init__(message)
        self.fault = DependsFault(message, span)


class _Parser:
    """Recursive descent; `&&` binds closer than `||`, as in Argo."""

    def __init__(self, tokens: list[DependsToken], place: Place) -> None:
        self.tokens, self.place = tokens, place
        self.at = 0
        self.depth = 0

    def whole(self) -> Depends:
        tree = self.junction("||")
        if self.at < len(self.tokens):
            before, here = self.tokens[self.at - 1].text, self.peek
            is_closed = here == ")"
            between = f"an operator is missing between `{before}` and `{here}`"
            raise self.fault("`)` has no opening counterpart" if is_closed else between)
        return tree

    def junction(self, operator: str) -> Depends:
        operands = [self.junction("&&") if operator == "||" else self.unary()]
        while self.peek == operator:
            self.at += 1
            operands.append(self.junction("&&") if operator == "||" else self.unary())
        return operands[0] if len(operands) == 1 else Junction(operator, tuple(operands))

    def unary(self) -> Depends:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.fault(f"it is nested more than {MAX_DEPTH} levels deep")
        node = self.primary()
        self.depth -= 1
        return node

    def primary(self) -> Depends:
        here = self.peek
        if here == "!":
            self.at += 1
            return Negation(self.unary())
        if here == "(":
            return self.group()
        token = self.tokens[self.at] if self.at < len(self.tokens) else None
        if token is None:
            raise self.fault(missing_after(self.tokens[-1].text) if self.tokens else "it does not name a task")
        if not token.task:
            raise self.fault(f"something is missing before `{here}`")
        self.at += 1
        return TaskResult(token.task, token.result, self.place(*_of_task(token)))

    def group(self) -> Depends:
        opened = self.at
        self.at += 1
        inner = self.junction("||")
        if self.peek == "":
            self.at = opened
            raise self.fault("`(` is not closed")
        if self.peek != ")":
            raise self.fault(f"an operator is missing between `{self.tokens[self.at - 1].text}` and `{self.peek}`")
        self.at += 1
        return inner

    @property
    def peek(self) -> str:
        """The next token; empty at the end."""
        return self.tokens[self.at].text if self.at < len(self.tokens) else ""

    def fault(self, message: str) -> _SyntaxError:
        """What is wrong at the next token, or the last; a sign that means nothing explains it."""
        if not self.tokens:
            return _SyntaxError(message, self.place(0, 0))
        token = self.tokens[min(self.at, len(self.tokens) - 1)]
        if token.sign and token.sign not in _SIGNS:
            message = not_in_depends(token.sign)
        return _SyntaxError(message, self.place(token.start, token.end))
