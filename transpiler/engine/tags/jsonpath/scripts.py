"""Expressions in paths: `?(@.price > 10 && @.name != 'x')` and `(@.length - 1)` (script/standard of jsonpath v0.8).

The operators are sought from the loosest to the tightest, each from the left. A text keeps its quotes while it is
compared, as in the library.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final, TypeAlias

from msgspec import Struct

from transpiler.engine.tags.errors import ExpressionError
from transpiler.engine.tags.functions.numbers import read_float
from transpiler.engine.tags.operators import divided, power
from transpiler.engine.tags.patterns import pattern
from transpiler.engine.tags.texts import from_json, shown
from transpiler.engine.tags.values import Int64

Find: TypeAlias = Callable[[str], Any]
"""A path from `@` or `$` → what it finds."""

_OPERATORS: Final = (
    "||", "&&", "==", "!=", "<=", ">=", "<", ">", "=~", "!", "+", "-", "**", "*", "/", "%", "not in", "in", "@", "$",
)  # fmt: skip
_PREFIXES: Final = frozenset({"@", "$", "!"})
MAX_DEPTH: Final = 60
"""Operators and parentheses in each other."""
_TRUTHS: Final = {"1": True, "t": True, "T": True, "TRUE": True, "true": True, "True": True} | {
    "0": False, "f": False, "F": False, "FALSE": False, "false": False, "False": False,
}  # fmt: skip


class Script(Struct, frozen=True):
    """An operator with its operands; without one, a text, a list, a mapping, or nothing."""

    operator: str
    left: Any = None
    right: Any = None

    def value(self, root: Any, current: Any, find: Find) -> Any:
        """The value, with a way to look up paths. Raises ExpressionError where an operand has another type."""
        return _Evaluation({"$": root, "@": current, "nil": None, "null": None}, find).value(self)


@lru_cache(maxsize=1024)
def script(text: str) -> Script:
    """The tree of an expression. Raises ExpressionError for one that is empty or nested too deeply."""
    if not text.strip():
        raise ExpressionError("invalid expression. is empty")
    return _operators(text, 0, 0) or Script("text", text.strip())


def _operators(text: str, first: int, depth: int) -> Script | None:
    """The tree of a text from an operator in the list on; None where none of them is in it."""
    if depth > MAX_DEPTH:
        raise ExpressionError("the expression in the path is nested too deeply")
    bare = text.strip()
    if bare.startswith("(") and bare.endswith(")"):
        bare = bare[1:-1].strip()
        if _unquoted(bare, _OPERATORS[first]) > 0:  # the library loses its way there
            raise ExpressionError("unsupported operator")
        first = 0
    for number in range(first, len(_OPERATORS)):
        sign = _OPERATORS[number]
        at = _unquoted(bare, sign)
        before, behind = bare[: max(at, 0)].strip(), bare[at + len(sign) :].strip()
        if at < 0 or (not behind and sign not in "@$") or (not before) != (sign in _PREFIXES):
            continue
        if sign in "@$":
            return Script("path", bare)
        return Script(sign, _operand(before, number, depth + 1), _operand(behind, number, depth + 1))
    return None


def _operand(text: str, first: int, depth: int) -> Any:
    found = _operators(text, first, depth)
    if found is not None or not text:
        return found
    if text[0] + text[-1] in {"[]", "{}"}:
        try:
            return Script("constant", from_json(text))
        except ExpressionError:
            return Script("text", text)
    return Script("text", text)


def _unquoted(text: str, sign: str) -> int:
    """Where an operator stands outside of quotes and brackets, -1 where it does not."""
    quote, square, rounds = "", 0, 0
    for index, character in enumerate(text):
        if character in "()" and not quote and square <= 0:
            rounds += 1 if character == "(" else -1
        elif character in "[]" and not quote and rounds <= 0:
            square += 1 if character == "[" else -1
        elif character in "'\"" and square <= 0 and rounds <= 0 and quote in {"", character}:
            quote = "" if quote else character
        start = index + 1 - len(sign)
        if not quote and square <= 0 and rounds <= 0 and start >= 0 and text[start : index + 1] == sign:
            return start
    return -1


class _Evaluation:
    """The names that a script knows, and the way to look up paths."""

    def __init__(self, names: dict[str, Any], find: Find) -> None:
        self.names = names
        self.find = find

    def value(self, node: Script) -> Any:
        if node.operator == "text":
            return self.plain(node.left)
        if node.operator == "path":
            found = self.find(node.left)
            is_quoted = isinstance(found, str) and len(found) > 1 and found[0] == found[-1] == "'"
            return f"'{found}'" if isinstance(found, str) and not is_quoted else found
        return node.left if node.operator == "constant" else self.computed(node)

    def plain(self, text: str) -> Any:
        if text in self.names:
            return self.names[text]
        try:
            return read_float(text)
        except ExpressionError:
            return _TRUTHS.get(text, text)

    def computed(self, node: Script) -> Any:
        sign = node.operator
        if sign in {"||", "&&", "!"}:
            return self.logic(node)
        if sign in {"==", "!="}:
            return self.same(node.left, node.right) == (sign == "==")
        if sign == "=~":
            text, known = (_bare(self.text(each)) for each in (node.left, node.right))
            return pattern(known).matches(text)
        if sign in {"in", "not in"}:
            return self.is_in(node.left, node.right) == (sign == "in")
        return _COMPUTE[sign](self.number(node.left), self.number(node.right))

    def logic(self, node: Script) -> bool:
        if node.operator == "!":
            return not self.truth(node.right)
        left, right = self.truth(node.left), self.truth(node.right)
        return left or right if node.operator == "||" else left and right

    def raw(self, node: Any) -> Any:
        """An operand: the text of a plain one, else its value."""
        if not isinstance(node, Script):
            return node
        if node.operator == "text":
            return self.names.get(node.left, node.left)
        return self.value(node)

    def number(self, node: Any) -> float:
        if node is None:
            raise ExpressionError("invalid argument. is nil")
        return read_float(shown(self.raw(node)))

    def truth(self, node: Any) -> bool:
        value = None if node is None else self.raw(node)
        if value is None:
            return False
        text = shown(value)
        if text not in _TRUTHS:
            raise ExpressionError("invalid argument. expected boolean")
        return _TRUTHS[text]

    def text(self, node: Any) -> str:
        if node is None:
            raise ExpressionError("invalid argument. is nil")
        value = self.raw(node)
        if not isinstance(value, str):
            return shown(value)
        is_name = isinstance(node, Script) and node.left in self.names
        if len(value) > 1 and value[0] == value[-1] == "'":
            return value
        if len(value) > 1 and value[0] == value[-1] == '"':
            return f"'{value[1:-1]}'"
        return f"'{value}'" if is_name else value

    def same(self, left: Any, right: Any) -> bool:
        try:
            return self.number(left) == self.number(right)
        except ExpressionError:
            return self.text(left) == self.text(right)

    def is_in(self, left: Any, right: Any) -> bool:
        try:
            item: Any = self.number(left)
        except ExpressionError:
            item = self.text(left)
        found = self.raw(right)
        if isinstance(found, str) and found[:1] in {"[", "{"}:
            found = from_json(found)
        if not isinstance(found, list | dict):
            raise ExpressionError("invalid argument. expected array, map, or slice")
        items = found.values() if isinstance(found, dict) else found
        return any(type(each) is type(item) and each == item for each in items)


def _bare(text: str) -> str:
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] == "'" else text


def _remainder(left: float, right: float) -> Int64:
    if left != int(left) or right != int(right) or not right:
        raise ExpressionError("invalid argument. expected integer")
    return Int64(int(math.fmod(left, right)))


_COMPUTE: Final[dict[str, Callable[[float, float], Any]]] = {
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": divided,
    "**": power,
    "%": _remainder,
}
