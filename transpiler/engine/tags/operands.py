"""What operators stand between: literals, names, calls, lists and mappings, and what may follow each of them."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from typing import Final

from transpiler.engine.tags.errors import ExpressionError
from transpiler.engine.tags.lexer import Token
from transpiler.engine.tags.names_of_functions import BUILTINS, PREDICATES
from transpiler.engine.tags.token_stream import TokenStream
from transpiler.engine.tags.tree import (
    Array,
    Builtin,
    Call,
    Chain,
    Literal,
    Mapping,
    Member,
    Name,
    Nil,
    Node,
    Pointer,
    Predicate,
    Slice,
)

_CONSTANTS: Final = {"true": True, "false": False}


class OperandParser(TokenStream, ABC):
    """Reads operands; whoever reads operators is asked for the expressions in them."""

    @abstractmethod
    def expression(self, precedence: int) -> Node:
        """An expression of operators that bind at least this tightly."""

    @abstractmethod
    def sequence(self) -> Node:
        """Expressions between semicolons."""

    def pointer(self, token: Token) -> Node:
        """`#` and what follows it: the element that a predicate is asked about, or one of its fields."""
        name = ""
        if token.text == "#":
            self.next()
            if self.current.kind == "Identifier":
                name = self.current.text
                self.next()
        return self.made(Pointer(name, at=token.at))

    def secondary(self, token: Token) -> Node:
        """A literal, a name, a list or a mapping."""
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
        """What is asked about each element: an expression, in braces or without."""
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
        """A predicate in braces."""
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
        """A mapping, behind its first brace."""
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
        """The key of an entry of a mapping."""
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
        """A member behind its dot."""
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
        """An element, or a part, behind its bracket."""
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
