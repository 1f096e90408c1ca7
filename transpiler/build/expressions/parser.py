"""The text of an expression → its tree: tokens, then precedence climbing. Mistakes are diagnostics at their place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from transpiler.diagnostics import Hint, Report, Source, Span
from transpiler.model.expressions.functions import FUNCTIONS
from transpiler.model.expressions.tree import (
    RESULTS,
    Binary,
    Conditional,
    Constant,
    Expression,
    FactReference,
    FunctionCall,
    Index,
    InputReference,
    ItemReference,
    Listing,
    OutputReference,
    Unary,
    WorkflowReference,
    is_deeper,
    walk,
)
from transpiler.patterns import regex
from transpiler.read.unmarked_references import quoted

PlaceOf = Callable[[int, int], Span]
"""Offsets in the value → the place in the file."""

MAX_DEPTH: Final = 50
"""How deep brackets, conditions and signs may contain each other."""
MAX_TREE_DEPTH: Final = 100
"""How deep a tree may be: `a + b + c` is two deep. Later stages follow it by recursion."""
MAX_INTEGER: Final = 2**63 - 1
"""Whole numbers have 64 bits in Argo's engine."""
FACTS: Final = ("status", "id", "ip", "exitCode", "startedAt", "finishedAt", "hostNodeName")
"""Argo's facts about a task besides its outputs (Argo's docs/variables.md)."""
FORMS: Final = (
    "`inputs.NAME`, `tasks.TASK.output`, `tasks.TASK.outputs.NAME`, `tasks.TASK.outputs['odd name']`, `item`, "
    "`workflow.NAME` or `env.NAME`"
)
PRECEDENCE: Final = {
    "??": 1,
    "||": 2,
    "&&": 3,
    "==": 4,
    "!=": 4,
    "<": 5,
    "<=": 5,
    ">": 5,
    ">=": 5,
    "in": 5,
    "+": 6,
    "-": 6,
    "*": 7,
    "/": 7,
}
_CONSTANTS: Final = {"true": True, "false": False, "null": None}
_FOREIGN_CONSTANTS: Final = {
    **dict.fromkeys(["True", "TRUE"], "true"),
    **dict.fromkeys(["False", "FALSE"], "false"),
    **dict.fromkeys(["None", "nil", "undefined", "Null", "NULL"], "null"),
}
_TOKEN = regex(
    r"\s*(?:(?P<name>[A-Za-z_](?:[A-Za-z0-9_]|-(?=[A-Za-z0-9_]))*)|(?P<string>'[^']*'|\"[^\"]*\")"
    r"|(?P<number>[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?)"
    r"|(?P<operator>\?\?|\|\||&&|==|!=|<=|>=|[<>!+\-*/?:])|(?P<mark>\S))"
)


def parse_expression(text: str, offset: int, place_of: PlaceOf, report: Report) -> Expression | None:
    """The tree of an expression at `offset` of its value; None, with a diagnostic, if it is invalid."""
    parser = _Parser(list(_tokens(text, offset)), place_of)
    try:
        return parser.whole()
    except _SyntaxError as error:
        meant = _meant(text)
        span = place_of(error.token.start, max(error.token.end, error.token.start + 1))
        if meant:
            span = place_of(parser.tokens[0].start, parser.tokens[-1].end)
        report.error("expression-syntax", error.message, span, _proposal(meant, span) if meant else error.hint)
    return None


def _proposal(meant: str, span: Span) -> Hint:
    """The hint to write an expression: as a scalar of its own where no braces are around it."""
    before = span.source.text[: span.source.offset(span.line, span.column)].rstrip()
    of_a_list = "; of a list, `x in list`" if ".contains(" in span.text or ".includes(" in span.text else ""
    return Hint(f"write `{meant}`{of_a_list}", meant, alone="" if before.endswith("{{") else quoted(meant))


def _meant(text: str) -> str:
    """An expression of another language in this one; empty if it would be none either, or calls what is unknown."""
    from transpiler.build.expressions.translations import translation  # noqa: PLC0415 - only mistakes need it

    meant = translation(text)
    nowhere = Span(Source("", ""), 1, 1, 1, 1)
    try:
        tree = _Parser(list(_tokens(meant, 0)), lambda _start, _end: nowhere).whole()
    except _SyntaxError:
        return ""
    return meant if all(each.name in FUNCTIONS for each in walk(tree) if isinstance(each, FunctionCall)) else ""


_TOO_DEEP: Final = "split it into several tasks"


class _Token(NamedTuple):
    kind: str
    text: str
    start: int
    end: int


class _SyntaxError(Exception):
    def __init__(self, message: str, token: _Token, hint: str = "") -> None:
        super().__init__(message)
        self.message, self.token, self.hint = message, token, hint


_FOREIGN: Final = {
    "and": "write `&&`",
    "or": "write `||`",
    "not": "write `!`",
    "=": "write `==` to compare",
    "&": "write `&&`",
    "|": "write `||`",
    "%": "there is no remainder operator; compute it in a task",
}


def _foreign(token: _Token) -> str:
    if token.text == "{":
        return "delete the inner braces, and write `inputs.x` for `inputs.parameters.x`"
    if token.kind == "string":
        return "to insert values into a text, write it around them: a ${{ inputs.x }} b"
    return _FOREIGN.get(token.text, f"a reference is {FORMS}")


class _Parser:
    """Precedence climbing over the tokens of one expression."""

    def __init__(self, tokens: list[_Token], place_of: PlaceOf) -> None:
        self.tokens, self.place_of = tokens, place_of
        self.at = 0
        self.depth = 0

    def whole(self) -> Expression:
        """The expression, which is all of the text. Raises _SyntaxError."""
        expression = self.expression()
        if self.peek.kind != "end":
            raise _SyntaxError(f"`{self.peek.text}` is not expected here", self.peek, _foreign(self.peek))
        if is_deeper(expression, MAX_TREE_DEPTH):
            raise _SyntaxError("the expression has too many operators in a row", self.tokens[0], _TOO_DEEP)
        return expression

    def expression(self) -> Expression:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise _SyntaxError("the expression is nested too deeply", self.peek, _TOO_DEEP)
        start = self.peek.start
        test = self.binary(1)
        if self.peek.text == "?":
            self.next()
            then = self.expression()
            self.expect(":", "a condition is `test ? then : otherwise`")
            otherwise = self.expression()
            test = Conditional(test, then, otherwise, self.span(start))
        self.depth -= 1
        return test

    def binary(self, lowest: int) -> Expression:
        start = self.peek.start
        left = self.unary()
        while (precedence := PRECEDENCE.get(self.peek.text, 0)) >= lowest and self.peek.kind in {"operator", "name"}:
            operator = self.next().text
            left = Binary(operator, left, self.binary(precedence + 1), self.span(start))
        return left

    def unary(self) -> Expression:
        token = self.peek
        if token.kind == "operator" and token.text in {"!", "-"}:
            self.next()
            self.depth += 1
            if self.depth > MAX_DEPTH:
                raise _SyntaxError("the expression is nested too deeply", token, _TOO_DEEP)
            operand = self.unary()
            self.depth -= 1
            return Unary(token.text, operand, self.span(token.start))
        return self.postfix()

    def postfix(self) -> Expression:
        start = self.peek.start
        node = self.primary()
        while self.peek.text in {".", "["}:
            key: Expression
            if self.next().text == ".":
                name = self.expect_kind("name", "a name is missing")
                key = Constant(name.text, self.place_of(name.start, name.end))
            else:
                key = self.expression()
                self.expect("]", "write ['name'] or [0]")
            node = Index(node, key, self.span(start))
        return node

    def primary(self) -> Expression:
        token = self.next()
        if token.kind == "string":
            return Constant(token.text[1:-1], self.place_of(token.start, token.end))
        if token.kind == "number":
            return Constant(_number(token), self.place_of(token.start, token.end))
        if token.text == "(":
            inner = self.expression()
            self.expect(")", "add `)`")
            return inner
        if token.text == "[":
            return self.listing(token)
        if token.kind == "name":
            return self.named(token)
        if token.kind == "end":
            message = "the expression is empty" if len(self.tokens) == 1 else "the expression ends here"
            raise _SyntaxError(message, token, f"write {FORMS}")
        raise _SyntaxError(f"`{token.text}` is not expected here", token, _foreign(token))

    def listing(self, opening: _Token) -> Listing:
        items: list[Expression] = []
        while self.peek.text != "]":
            items.append(self.expression())
            if self.peek.text != ",":
                break
            self.next()
        self.no_comma()
        self.expect("]", "write ['a', 'b']")
        return Listing(tuple(items), self.span(opening.start))

    def named(self, root: _Token) -> Expression:
        if root.text in _FOREIGN_CONSTANTS and not self.is_member:
            word = _FOREIGN_CONSTANTS[root.text]
            raise _SyntaxError(f"`{root.text}` is written `{word}`", root, f"write `{word}`")
        if root.text in _CONSTANTS:
            return Constant(_CONSTANTS[root.text], self.place_of(root.start, root.end))
        if self.peek.text == "(":
            return self.call(root)
        if root.text == "inputs":
            return InputReference(self.member()[0], self.span(root.start))
        if root.text == "tasks":
            return self.task(root)
        if root.text == "workflow":
            name = self.member()[0]
            while self.is_member:
                name += "." + self.member()[0]
            return WorkflowReference(name, self.span(root.start))
        if root.text in _FOREIGN:
            raise _SyntaxError(f"`{root.text}` is not an operator", root, _FOREIGN[root.text])
        key = self.member()[0] if self.is_member else None
        return ItemReference(root.text, key, self.span(root.start))

    def call(self, name: _Token) -> FunctionCall:
        self.next()
        arguments: list[Expression] = []
        while self.peek.text != ")":
            arguments.append(self.expression())
            if self.peek.text != ",":
                break
            self.next()
        self.no_comma()
        self.expect(")", "add `)`")
        return FunctionCall(name.text, tuple(arguments), self.span(name.start), self.place_of(name.start, name.end))

    def no_comma(self) -> None:
        """Refuse a value behind another one in a list."""
        token = self.peek
        if token.text in _FOREIGN:
            raise _SyntaxError(f"`{token.text}` is not an operator", token, _FOREIGN[token.text])
        if token.kind in {"string", "number", "name"}:
            raise _SyntaxError(f"a comma is missing before `{token.text}`", token, f"write `, {token.text}`")

    def task(self, root: _Token) -> Expression:
        task, task_span = self.member()
        name, name_span = self.member()
        if name == "output":
            return OutputReference(task, None, self.span(root.start), task_span, name_span)
        if name == RESULTS:
            return OutputReference(task, name, self.span(root.start), task_span, name_span, is_results=True)
        if name in FACTS:
            return FactReference(task, name, self.span(root.start), task_span, name_span)
        if name != "outputs":
            hint = f"write `tasks.{task}.output`, or `tasks.{task}.outputs.NAME`"
            hint = f"{hint}; of a loop, `tasks.{task}.{RESULTS}`" if name.lower() in {"result", RESULTS} else hint
            raise _SyntaxError(f"a task has no `{name}`", self.tokens[self.at - 1], hint)
        output, output_span = self.member()
        return OutputReference(task, output, self.span(root.start), task_span, output_span)

    def member(self) -> tuple[str, Span]:
        """`.name` or `['any name']`."""
        opener = self.next()
        if opener.text == ".":
            name = self.expect_kind("name", "a name is missing")
        elif opener.text == "[":
            name = self.expect_kind("string", "a quoted name is missing")
            self.expect("]", "write ['odd name']")
        else:
            raise _SyntaxError("`.` and a name are missing", opener, f"a reference is {FORMS}")
        text = name.text[1:-1] if name.kind == "string" else name.text
        return text, self.place_of(name.start, name.end)

    def expect_kind(self, kind: str, message: str) -> _Token:
        token = self.next()
        if token.kind != kind:
            raise _SyntaxError(message, token, "write a name that is not an identifier as ['odd name']")
        return token

    def expect(self, text: str, hint: str) -> None:
        token = self.next()
        if token.text != text:
            raise _SyntaxError(f"`{text}` is missing", token, hint)

    @property
    def peek(self) -> _Token:
        return self.tokens[self.at]

    @property
    def is_member(self) -> bool:
        """True before `.name` or `['any name']`."""
        second = self.tokens[min(self.at + 1, len(self.tokens) - 1)]
        return (self.peek.text == "." and second.kind == "name") or (self.peek.text == "[" and second.kind == "string")

    def next(self) -> _Token:
        token = self.tokens[self.at]
        self.at = min(self.at + 1, len(self.tokens) - 1)
        return token

    def span(self, start: int) -> Span:
        return self.place_of(start, self.tokens[self.at - 1].end)


def _number(token: _Token) -> int | float:
    value = float(token.text) if any(mark in token.text for mark in ".eE") else int(token.text[:400])
    if value == float("inf") or (isinstance(value, int) and value > MAX_INTEGER) or len(token.text) > 300:
        raise _SyntaxError("the number is too large", token, "quote it to pass a string")
    return value


def _tokens(text: str, offset: int) -> Iterator[_Token]:
    for found in _TOKEN.finditer(text.rstrip()):  # space that no token ends would be read again from each of its places
        kind = found.lastgroup or "mark"
        yield _Token(kind, found[kind], offset + found.start(kind), offset + found.end(kind))
    end = offset + len(text.rstrip())
    yield _Token("end", "", end, end)
