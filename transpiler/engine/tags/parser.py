"""The grammar of expr-lang: tokens → tree, as its own parser reads them (parser/parser.go of expr v1.17)."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from transpiler.engine.tags.errors import ExpressionError
from transpiler.engine.tags.lexer import Token
from transpiler.engine.tags.operands import OperandParser
from transpiler.engine.tags.tree import (
    Binary,
    Conditional,
    Let,
    Literal,
    Node,
    Sequence,
    Unary,
    height,
)

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


class _Parser(OperandParser):
    """Reads operators, choices and declarations."""

    def whole(self) -> Node:
        node = self.sequence()
        if self.current.kind != "EOF":
            raise self.unexpected()
        return node

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
