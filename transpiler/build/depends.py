"""The text of `depends` → its tree. Argo evaluates it as an expression, so what is no expression is found here."""

from __future__ import annotations

import re
from typing import Final

from transpiler.diagnostics import Report, Source, Span
from transpiler.model.depends import LOOP_RESULTS, RESULTS, Depends, Junction, Negation, TaskResult
from transpiler.patterns import regex
from transpiler.read.yaml.nodes import Mark, first_line
from transpiler.suggest import suggestion

MAX_DEPTH: Final = 50
_TOKEN = regex(r"\s*(?:(?P<name>[A-Za-z0-9_][A-Za-z0-9_-]*)|(?P<mark>&&|\|\||.))", re.DOTALL)
_HINT: Final = "join tasks with `&&`, `||`, `!` and parentheses, such as `a.Succeeded || b.Failed`"


def build_depends(text: str, source: Source, mark: Mark, report: Report) -> Depends | None:
    """The tree of a `depends`; None when it is none, which is reported."""
    inner = re.fullmatch(r"\$\{\{(.*)\}\}", text.strip(), re.DOTALL)
    parser = _Parser(inner[1].strip() if inner else text, source, mark)
    try:
        tree = parser.junction("||")
        if parser.peek:
            raise _SyntaxError(f"`{parser.peek}` is not expected here", parser.here)
    except _SyntaxError as error:
        report.error("depends-syntax", error.message, error.span, error.hint)
        return None
    return tree


class _SyntaxError(Exception):
    def __init__(self, message: str, span: Span, hint: str = _HINT) -> None:
        super().__init__(message)
        self.message, self.span, self.hint = message, span, hint


class _Parser:
    """Recursive descent; `&&` binds closer than `||`, as in Argo."""

    def __init__(self, text: str, source: Source, mark: Mark) -> None:
        self.source, self.mark = source, mark
        self.start = source.text.find(text, mark.start, mark.end)
        self.tokens = [(found[found.lastgroup or 0], found.end()) for found in _TOKEN.finditer(text.rstrip())]
        self.at = 0
        self.depth = 0

    def junction(self, operator: str) -> Depends:
        operands = [self.junction("&&") if operator == "||" else self.unary()]
        while self.peek == operator:
            self.at += 1
            operands.append(self.junction("&&") if operator == "||" else self.unary())
        return operands[0] if len(operands) == 1 else Junction(operator, tuple(operands))

    def unary(self) -> Depends:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise _SyntaxError("it is nested too deeply", self.here)
        node = self.primary()
        self.depth -= 1
        return node

    def primary(self) -> Depends:
        here = self.peek
        if here == "!":
            self.at += 1
            return Negation(self.unary())
        if here == "(":
            self.at += 1
            inner = self.junction("||")
            if self.peek != ")":
                raise _SyntaxError("`)` is missing", self.here)
            self.at += 1
            return inner
        if not re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_-]*", here):
            message = f"`{here}` is not expected here" if here else "a task is missing"
            raise _SyntaxError(message, self.here)
        return self.result(here)

    def result(self, task: str) -> TaskResult:
        span = self.here
        self.at += 1
        if self.peek != ".":
            return TaskResult(task, "", span)
        self.at += 1
        result, place = self.peek, self.here
        if result not in (*RESULTS, *LOOP_RESULTS):
            hint = suggestion(result, (*RESULTS, *LOOP_RESULTS), "results")
            raise _SyntaxError(f"a task has no result `{result}`", place, hint)
        self.at += 1
        return TaskResult(task, result, span)

    @property
    def peek(self) -> str:
        return self.tokens[self.at][0] if self.at < len(self.tokens) else ""

    @property
    def here(self) -> Span:
        """The place of the next token; the whole text, where the file writes it in another way."""
        if self.start < 0 or not self.tokens:
            return first_line(self.source, self.mark)
        text, end = self.tokens[min(self.at, len(self.tokens) - 1)]
        return self.source.span(self.start + end - len(text), self.start + end)
