"""The grammar of expr-lang: tokens → tree, as its own parser reads them (parser/parser.go of expr v1.17)."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Final

from transpiler.engine.tags.errors import ExpressionError
from transpiler.engine.tags.lexer import Token, tokens
from transpiler.engine.tags.names_of_functions import BUILTINS, PREDICATES
from transpiler.engine.tags.tree import (
    Array,
    Binary,
    Builtin,
    Call,
    Chain,
    Conditional,
    Let,
    Literal,
    Mapping,
    Member,
    Name,
    Nil,
    Node,
    Pointer,
    Predicate,
    Sequence,
    Slice,
    Unary,
    height,
)

MAX_NODES: Final = 10_000
"""As in the engine."""
MAX_NESTING: Final = 100
"""Brackets in brackets and the like. The engine has no such limit, and no text that people write comes near it."""
MAX_HEIGHT: Final = 250
UNARY: Final = {"not": 50, "!": 50, "-": 90, "+": 90}
BINARY: Final = {
    "|": 0, "or": 10, "||": 10, "and": 15, "&&": 15, "==": 20, "!=": 20, "<": 20, ">": 20, ">=": 20, "<=": 20,
    "in": 20, "matches": 20, "contains": 20, "startsWith": 20, "endsWith": 20, "..": 25, "+": 30, "-": 30,
    "*": 60, "/": 60, "%": 60, "**": 100, "^": 100, "??": 500,
}  # fmt: skip
"""Operators between two operands → how tightly they bind. All but the powers group to the left."""
_RIGHT: Final = frozenset({"**", "^"})
_NEGATED: Final = frozenset({"contains", "matches", "startsWith", "endsWith", "in"})
_COMPARISONS: Final = frozenset({"<", ">", ">=", "<="})
_CONSTANTS: Final = {"true": True, "false": False}


@lru_cache(maxsize=8192)
def parse(source: str, overridden: frozenset[str] = frozenset()) -> Node:
    """The tree of an expression. `overridden` are names of builtin functions that the environment has as its own.

    Raises ExpressionError with the words of the engine where the text is no expression.
    """
    try:
        node = _Parser(source, overridden).whole()
        if height(node) > MAX_HEIGHT:
            raise ExpressionError(f"the expression is nested more than {MAX_HEIGHT} levels deep")
    except ExpressionError as error:
        raise error.located(source) from None
    return node


class _Parser:
    """The state: the tokens, the place among them, and how deep it is in predicates and in nesting."""

    def __init__(self, source: str, overridden: frozenset[str]) -> None:
        self.tokens = tokens(source)
        self.at = 0
        self.current = self.tokens[0]
        self.overridden = overridden
        self.predicates = 0
        self.nesting = 0
        self.nodes = 0

    def whole(self) -> Node:
        node = self.sequence()
        if self.current.kind != "EOF":
            raise self.unexpected()
        return node

    def made(self, node: Node) -> Node:
        """A node that counts towards the limit."""
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise ExpressionError("compilation failed: expression exceeds maximum allowed nodes", self.current.at)
        return node

    def next(self) -> None:
        self.at = min(self.at + 1, len(self.tokens) - 1)
        self.current = self.tokens[self.at]

    def unexpected(self) -> ExpressionError:
        return ExpressionError(f"unexpected token {self.current}", self.current.at)

    def has(self, kind: str, text: str) -> bool:
        return self.current.kind == kind and self.current.text == text

    def takes(self, kind: str, text: str) -> bool:
        """Step over a token, if it is this one."""
        if self.has(kind, text):
            self.next()
            return True
        return False

    def expect(self, kind: str, text: str = "") -> Token:
        token = self.current
        if token.kind != kind or (text and token.text != text):
            raise self.unexpected()
        self.next()
        return token

    def sequence(self) -> Node:
        """Expressions between semicolons."""
        nodes = [self.expression(0)]
        while self.takes("Operator", ";"):
            if self.current.kind == "EOF":
                break
            nodes.append(self.expression(0))
        return nodes[0] if len(nodes) == 1 else self.made(Sequence(tuple(nodes), at=nodes[0].at))

    def expression(self, precedence: int) -> Node:
        """An expression of operators that bind at least this tightly."""
        self.nesting += 1
        if self.nesting > MAX_NESTING:
            raise ExpressionError(f"the expression is nested more than {MAX_NESTING} levels deep", self.current.at)
        if precedence == 0 and self.has("Operator", "let"):
            node = self.declaration()
        elif precedence == 0 and self.has("Operator", "if"):
            node = self.conditional_if()
        else:
            node = self.operators(self.primary(), precedence)
            node = self.conditional(node) if precedence == 0 else node
        self.nesting -= 1
        return node

    def operators(self, left: Node, precedence: int) -> Node:
        """A row of operators behind its first operand."""
        before = ""
        while self.current.kind == "Operator":
            token = self.current
            is_negated = token.text == "not"
            if is_negated:
                token = self.tokens[self.at + 1]
                if token.text not in _NEGATED:
                    self.next()
                    raise self.unexpected()
            binds = BINARY.get(token.text, -1)
            if binds < precedence:
                break
            if is_negated:
                self.next()
            left = self.operator(left, token, before)
            if is_negated:
                left = self.made(Unary("not", left, at=token.at))
            before = token.text
        return left

    def operator(self, left: Node, token: Token, before: str) -> Node:
        """One operator with its right operand."""
        self.next()
        if token.text == "|":
            return self.call(self.expect("Identifier"), [left])
        if before == "??" and token.text != "??":
            raise ExpressionError(
                f"Operator ({token.text}) and coalesce expressions (??) cannot be mixed. Wrap either by parentheses.",
                token.at,
            )
        binds = BINARY[token.text]
        if token.text in _COMPARISONS:
            return self.comparisons(left, token)
        right = self.expression(binds if token.text in _RIGHT else binds + 1)
        return self.made(Binary(token.text, left, right, at=token.at))

    def comparisons(self, left: Node, token: Token) -> Node:
        """`a < b < c` is `a < b && b < c`."""
        root: Node | None = None
        while True:
            right = self.expression(BINARY["<"] + 1)
            compared = self.made(Binary(token.text, left, right, at=token.at))
            root = compared if root is None else self.made(Binary("&&", root, compared, at=token.at))
            left, token = right, self.current
            if token.kind != "Operator" or token.text not in _COMPARISONS:
                return root
            self.next()

    def declaration(self) -> Node:
        self.next()
        name = self.expect("Identifier")
        self.expect("Operator", "=")
        value = self.expression(0)
        self.expect("Operator", ";")
        return self.made(Let(name.text, value, self.sequence(), at=name.at))

    def conditional_if(self) -> Node:
        """`if test { one } else { other }`, where `other` may be such a choice again."""
        choices: list[tuple[Node, Node]] = []
        while True:
            self.next()
            test = self.expression(0)
            choices.append((test, self.braces()))
            self.expect("Operator", "else")
            if not self.has("Operator", "if"):
                break
        node = self.braces()
        for test, one in reversed(choices):
            node = Conditional(test, one, node)
        return node

    def braces(self) -> Node:
        self.expect("Bracket", "{")
        node = self.sequence()
        self.expect("Bracket", "}")
        return node

    def conditional(self, node: Node) -> Node:
        """`test ? one : other`, in a loop over what stands in `other`."""
        choices: list[tuple[Node, Node, int]] = []
        while self.takes("Operator", "?"):
            one: Node = Literal(True, at=self.current.at)  # `a ?: b` gives `a`, which is true there
            if not self.takes("Operator", ":"):
                one = self.expression(0)
                self.expect("Operator", ":")
            choices.append((node, one, self.current.at))
            if self.has("Operator", "let") or self.has("Operator", "if"):
                node = self.expression(0)
                break
            node = self.operators(self.primary(), 0)
        for test, one, at in reversed(choices):
            node = self.made(Conditional(test, one, node, at=at))
        return node

    def primary(self) -> Node:
        token = self.current
        if token.kind == "Operator" and token.text in UNARY:
            self.next()
            operand = self.expression(UNARY[token.text])
            return self.postfix(self.made(Unary(token.text, operand, at=token.at)))
        if self.takes("Bracket", "("):
            node = self.sequence()
            self.expect("Bracket", ")")
            return self.postfix(node)
        if self.predicates and token.kind == "Operator" and token.text in {"#", "."}:
            return self.postfix(self.pointer(token))
        if self.takes("Operator", "::"):
            return self.postfix(self.call(self.expect("Identifier"), [], may_override=False))
        return self.secondary(token)

    def pointer(self, token: Token) -> Node:
        name = ""
        if token.text == "#":
            self.next()
            if self.current.kind == "Identifier":
                name = self.current.text
                self.next()
        return self.made(Pointer(name, at=token.at))

    def secondary(self, token: Token) -> Node:
        if token.kind == "Number":
            self.next()
            return self.made(Literal(_number(token), at=token.at))
        if token.kind == "String":
            self.next()
            return self.postfix(self.made(Literal(token.text, at=token.at)))
        if token.kind == "Identifier":
            self.next()
            return self.named(token)
        if self.takes("Bracket", "["):
            nodes = tuple(self.listed("]"))
            return self.postfix(self.made(Array(nodes, at=token.at)))
        if self.takes("Bracket", "{"):
            return self.postfix(self.mapping(token))
        raise self.unexpected()

    def named(self, token: Token) -> Node:
        """A constant, which nothing may follow that belongs to a value; else a variable or a call."""
        if token.text in _CONSTANTS:
            return self.made(Literal(_CONSTANTS[token.text], at=token.at))
        if token.text == "nil":
            return self.made(Nil(at=token.at))
        if self.has("Bracket", "("):
            return self.postfix(self.call(token, []))
        return self.postfix(self.made(Name(token.text, at=token.at)))

    def call(self, token: Token, piped: list[Node], *, may_override: bool = True) -> Node:
        """A call behind its name; `piped` is what stands before `|`."""
        name = token.text
        is_builtin = not (may_override and name in self.overridden)
        self.expect("Bracket", "(")
        if is_builtin and name in PREDICATES:
            arguments = self.predicate_arguments(PREDICATES[name], piped)
            return self.made(Builtin(name, arguments, at=token.at))
        arguments = (*piped, *self.listed(")"))
        if is_builtin and name in BUILTINS:
            return self.made(Builtin(name, arguments, at=token.at))
        return self.made(Call(self.made(Name(name, at=token.at)), arguments, at=token.at))

    def predicate_arguments(self, kinds: str, piped: list[Node]) -> tuple[Node, ...]:
        """Arguments of the kinds `e` (expression) and `p` (predicate); those in capital letters may be missing."""
        arguments = list(piped)
        wanted = kinds[len(piped) :]
        for index, kind in enumerate(wanted):
            if self.has("Bracket", ")"):
                if kind.isupper():
                    break
                raise ExpressionError(f"expected at least {len(wanted)} arguments", self.current.at)
            if index:
                self.expect("Operator", ",")
            arguments.append(self.predicate() if kind in "pP" else self.expression(0))
        self.takes("Operator", ",")
        self.expect("Bracket", ")")
        return tuple(arguments)

    def predicate(self) -> Node:
        token = self.current
        self.predicates += 1
        if token.kind == "Bracket" and token.text == "{":
            node = self.braces_of_predicate()
        else:
            node = self.expression(0)
            if self.has("Operator", ";"):
                raise ExpressionError("wrap predicate with brackets { and }", self.current.at)
            self.predicates -= 1
        return self.made(Predicate(node, at=token.at))

    def braces_of_predicate(self) -> Node:
        self.next()
        node = self.sequence()
        self.predicates -= 1
        self.expect("Bracket", "}")
        return node

    def listed(self, closing: str) -> list[Node]:
        """Expressions between commas up to a bracket, with one more comma at the end where you like."""
        nodes: list[Node] = []
        while not self.has("Bracket", closing):
            if nodes:
                self.expect("Operator", ",")
                if self.has("Bracket", closing):
                    break
            nodes.append(self.expression(0))
        self.next()
        return nodes

    def mapping(self, token: Token) -> Node:
        pairs: list[tuple[Node, Node]] = []
        while not self.has("Bracket", "}"):
            if pairs:
                self.expect("Operator", ",")
                if self.has("Bracket", "}"):
                    break
            key = self.key()
            self.expect("Operator", ":")
            pairs.append((key, self.expression(0)))
            self.nodes += 1
        self.next()
        return self.made(Mapping(tuple(pairs), at=token.at))

    def key(self) -> Node:
        token = self.current
        if token.kind in {"Number", "String", "Identifier"}:
            self.next()
            return self.made(Literal(token.text, at=token.at))
        if self.has("Bracket", "("):
            return self.expression(0)
        raise ExpressionError(
            "a map key must be a quoted string, a number, a identifier, or an expression enclosed in parentheses "
            f"(unexpected token {token})",
            token.at,
        )

    def postfix(self, node: Node) -> Node:
        """Members and slices behind a value."""
        while self.current.kind in {"Operator", "Bracket"} and self.current.text in {".", "?.", "["}:
            token = self.current
            self.next()
            if token.text == "?." and self.has("Bracket", "["):
                token = self.current
                self.next()
                node = self.bracket(node, token, is_optional=True)
            elif token.text == "[":
                node = self.bracket(node, token, is_optional=False)
            else:
                node = self.member(node, is_optional=token.text == "?.")
        return node

    def member(self, node: Node, *, is_optional: bool) -> Node:
        name = self.current
        self.next()
        if name.kind != "Identifier" and (name.kind != "Operator" or not name.text.isidentifier()):
            raise ExpressionError("expected name", self.current.at)
        is_chain = isinstance(node, Chain)
        base = node.inner if isinstance(node, Chain) else node
        key = self.made(Literal(name.text, at=name.at))
        is_method = self.has("Bracket", "(")
        found = self.made(Member(base, key, is_optional, is_method, at=name.at))
        if is_method:
            self.next()
            found = self.made(Call(found, tuple(self.listed(")")), at=name.at))
        return self.made(Chain(found, at=name.at)) if is_chain or is_optional else found

    def bracket(self, node: Node, token: Token, *, is_optional: bool) -> Node:
        start = None if self.has("Operator", ":") else self.expression(0)
        if self.takes("Operator", ":"):
            stop = None if self.has("Bracket", "]") else self.expression(0)
            self.expect("Bracket", "]")
            return self.made(Slice(node, start, stop, at=token.at))
        assert start is not None
        node = self.made(Member(node, start, is_optional, at=token.at))
        self.expect("Bracket", "]")
        return self.made(Chain(node, at=token.at)) if is_optional else node


def _number(token: Token) -> int | float:
    """The value of a number. Raises ExpressionError for one that Go cannot read."""
    text = token.text.replace("_", "")
    lower = text.lower()
    try:
        if not lower.startswith("0x") and ("." in lower or "e" in lower):
            value = float(text)
            if math.isinf(value):
                raise ExpressionError(
                    f'invalid float literal: strconv.ParseFloat: parsing "{text}": value out of range', token.at
                )
            return value
        base = {"0x": 16, "0o": 8, "0b": 2}.get(lower[:2], 10)
        number = int(text, base)
    except ValueError as error:
        if isinstance(error, ExpressionError):
            raise
        raise ExpressionError(f'invalid number literal: parsing "{text[:100]}": invalid syntax', token.at) from None
    if number >= 1 << 63:
        raise ExpressionError(
            f'invalid integer literal: strconv.ParseInt: parsing "{text[:100]}": value out of range', token.at
        )
    return number
