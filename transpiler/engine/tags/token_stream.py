"""The tokens of an expression, one after another, for its parser: which one is next, and what has been read."""

from __future__ import annotations

from typing import Final

from transpiler.engine.tags.errors import ExpressionError
from transpiler.engine.tags.lexer import Token, tokens
from transpiler.engine.tags.tree import (
    Node,
)

MAX_NODES: Final = 10_000
"""As in the engine."""


class TokenStream:
    """The tokens, the place among them, and how deep it is in predicates and in nesting."""

    def __init__(self, source: str, overridden: frozenset[str]) -> None:
        self.tokens = tokens(source)
        self.at = 0
        self.current = self.tokens[0]
        self.overridden = overridden
        self.predicates = 0
        self.nesting = 0
        self.nodes = 0

    def made(self, node: Node) -> Node:
        """A node that counts towards the limit."""
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise ExpressionError("compilation failed: expression exceeds maximum allowed nodes", self.current.at)
        return node

    def next(self) -> None:
        """Go on to the next token; the last one stays."""
        self.at = min(self.at + 1, len(self.tokens) - 1)
        self.current = self.tokens[self.at]

    def unexpected(self) -> ExpressionError:
        """The error at a token that cannot stand here."""
        return ExpressionError(f"unexpected token {self.current}", self.current.at)

    def has(self, kind: str, text: str) -> bool:
        """True for this token."""
        return self.current.kind == kind and self.current.text == text

    def takes(self, kind: str, text: str) -> bool:
        """Step over a token, if it is this one."""
        if self.has(kind, text):
            self.next()
            return True
        return False

    def expect(self, kind: str, text: str = "") -> Token:
        """Step over a token of this kind, and of this text if one is given. Raises ExpressionError for another."""
        token = self.current
        if token.kind != kind or (text and token.text != text):
            raise self.unexpected()
        self.next()
        return token
