"""The tree of an expression, as the parser of expr-lang builds it (package ast)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, TypeAlias

from msgspec import Struct

from transpiler.engine.tags.errors import ExpressionError

MAX_VISITS: Final = 100_000
"""Steps of a walk: `a < (b < (c < d) < e) < f` has each middle twice, so a short text could make a large tree."""


class Base(Struct, frozen=True, kw_only=True, gc=False, cache_hash=False):
    """What all nodes have: the offset in the expression that messages about it name."""

    at: int = 0


class Nil(Base, frozen=True):
    """The literal `nil`."""


class Literal(Base, frozen=True):
    """A number, text or truth value; a list of those after folding."""

    value: Any


class Name(Base, frozen=True):
    """A variable."""

    name: str


class Unary(Base, frozen=True):
    """One of `-`, `+`, `!`, `not` and its operand."""

    operator: str
    operand: Node


class Binary(Base, frozen=True):
    """An operator between two operands."""

    operator: str
    left: Node
    right: Node


class Chain(Base, frozen=True):
    """Members of which one is optional: nil where that has no base."""

    inner: Node


class Member(Base, frozen=True):
    """`base.name` or `base[key]`; optional with `?.`. A method is called at once."""

    base: Node
    key: Node
    is_optional: bool = False
    is_method: bool = False


class Slice(Base, frozen=True):
    """`base[start:stop]`."""

    base: Node
    start: Node | None = None
    stop: Node | None = None


class Call(Base, frozen=True):
    """A function of the environment with its arguments."""

    callee: Node
    arguments: tuple[Node, ...]


class Builtin(Base, frozen=True):
    """A function of the language with its arguments. Folding fills the last two.

    `mapped` is what becomes of each element that a `filter` or `find` gives; `throws` refuses to find nothing.
    """

    name: str
    arguments: tuple[Node, ...]
    mapped: Node | None = None
    throws: bool = False


class Predicate(Base, frozen=True):
    """What a function asks of each element."""

    inner: Node


class Pointer(Base, frozen=True):
    """`#`, or `#name`."""

    name: str = ""


class Let(Base, frozen=True):
    """`let name = value; body`."""

    name: str
    value: Node
    body: Node


class Sequence(Base, frozen=True):
    """Expressions of which the last one counts."""

    nodes: tuple[Node, ...]


class Conditional(Base, frozen=True):
    """`test ? one : other`."""

    test: Node
    one: Node
    other: Node


class Array(Base, frozen=True):
    """`[a, b]`."""

    nodes: tuple[Node, ...]


class Mapping(Base, frozen=True):
    """`{key: value}`."""

    pairs: tuple[tuple[Node, Node], ...]


Node: TypeAlias = (
    Nil | Literal | Name | Unary | Binary | Chain | Member | Slice | Call | Builtin | Predicate | Pointer | Let
    | Sequence | Conditional | Array | Mapping
)  # fmt: skip


def children(node: Node) -> Iterator[Node]:
    """The nodes right below one, in the order of the text."""
    for name in node.__struct_fields__:
        value = getattr(node, name)
        if isinstance(value, Base):
            yield value  # type: ignore[misc]
        elif isinstance(value, tuple):
            for each in value:
                yield from each if isinstance(each, tuple) else (each,)


def walk(node: Node) -> Iterator[Node]:
    """All nodes of a tree, each behind those below it. Raises ExpressionError when there are too many."""
    waiting: list[tuple[Node, bool]] = [(node, False)]
    for _ in range(MAX_VISITS):
        if not waiting:
            return
        each, is_done = waiting.pop()
        if is_done:
            yield each
            continue
        waiting.append((each, True))
        waiting.extend((child, False) for child in reversed(list(children(each))))
    raise ExpressionError("the expression is too large")


def height(node: Node) -> int:
    """The number of nodes on top of each other, where a row of operators counts once."""
    heights: dict[int, int] = {}
    for each in walk(node):
        below = [heights[id(child)] - (_is_row(each, child)) for child in children(each)]
        heights[id(each)] = 1 + max(below, default=0)
    return heights[id(node)]


def _is_row(node: Node, child: Node) -> bool:
    """True for operators in a row, and alternatives in a row: those are walked in loops."""
    if isinstance(node, Binary):
        return child is node.left and isinstance(child, Binary)
    return isinstance(node, Conditional) and child is node.other and isinstance(child, Conditional)


def row(node: Binary) -> tuple[Node, list[Binary]]:
    """The first operand of a row of operators, and the operators from left to right."""
    operators = [node]
    while isinstance(operators[-1].left, Binary):
        operators.append(operators[-1].left)
    return operators[-1].left, operators[::-1]
