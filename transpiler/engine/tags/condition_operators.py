"""The operators of conditions, and the tree in which govaluate evaluates them (evaluationStage.go, stagePlanner.go)."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Final

from transpiler.engine.tags.errors import ExpressionError
from transpiler.engine.tags.operators import divided, power
from transpiler.engine.tags.patterns import Pattern, pattern
from transpiler.engine.tags.texts import shown
from transpiler.engine.tags.values import as_bytes, checked_text, truncated

_PRECEDENCE: Final = {
    "clause": 0,
    "value": 1,
    "accessor": 2,
    "prefix -": 3, "prefix !": 3, "prefix ~": 3,
    "**": 4,
    "+": 5, "-": 5,
    "^": 6, "&": 6, "|": 6,
    ">>": 7, "<<": 7,
    "*": 8, "/": 8, "%": 8,
    "==": 9, "!=": 9, ">": 9, ">=": 9, "<": 9, "<=": 9, "=~": 9, "!~": 9, "in": 9,
    "?": 10, ":": 10, "??": 10,
    "&&": 11,
    "||": 12,
    ",": 13,
}  # fmt: skip
"""Operators that are turned around together have the same number."""


class Stage:
    """An operator with its operands, or a value."""

    __slots__ = ("constant", "left", "right", "symbol")

    def __init__(
        self, symbol: str, left: Stage | None = None, right: Stage | None = None, constant: Any = None
    ) -> None:
        self.symbol = symbol
        self.left = left
        self.right = right
        self.constant = constant


def reorder(root: Stage) -> None:
    """Turn rows of equal precedence around: they were read from the right (reorderStages)."""
    waiting = [root]
    while waiting:
        stage: Stage | None = waiting.pop()
        assert stage is not None
        row: list[Stage] = []
        precedence = _PRECEDENCE[stage.symbol]
        while stage is not None:
            current, stage = stage, stage.right
            if current.left is not None:
                waiting.append(current.left)
            if _PRECEDENCE[current.symbol] == precedence:
                row.append(current)
                continue
            _mirror(row)
            row, precedence = [current], _PRECEDENCE[current.symbol]
        _mirror(row)


def _mirror(row: list[Stage]) -> None:
    """Group a row of stages, each the right operand of the one before, to the left instead."""
    if len(row) < 2:
        return
    operands = [row[0].left, *(stage.left for stage in row[1:]), row[-1].right]
    signs = [(stage.symbol, stage.constant) for stage in row]
    for index, stage in enumerate(row):
        number = len(row) - 1 - index
        stage.symbol, stage.constant = signs[number]
        stage.left = row[index + 1] if number else operands[0]
        stage.right = operands[number + 1]


def value(root: Stage) -> Any:
    """The value of a tree. Raises ExpressionError with the words of govaluate."""
    spine = [root]
    while spine[-1].left is not None:
        spine.append(spine[-1].left)
    left: Any = None
    for stage in reversed(spine):
        left = _value(stage, left)
    return left


def _value(stage: Stage, left: Any) -> Any:
    symbol = stage.symbol
    if symbol == "value":
        return stage.constant
    if symbol == "accessor":
        raise ExpressionError(f"No parameter '{stage.constant[0]}' found.")
    if (symbol == "&&" and left is False) or (symbol == "||" and left is True) or (symbol == "??" and left is not None):
        return left
    is_chosen = (symbol == "?" and left is False) or (symbol == ":" and left is not None)
    right = value(stage.right) if stage.right is not None and not is_chosen else None
    return _COMPUTE[symbol](left, right)


def _is_number(value: Any) -> bool:
    return isinstance(value, float)


def _refuse(kind: str, symbol: str, value: Any) -> ExpressionError:
    messages = {
        "logical": f"Value '{shown(value)}' cannot be used with the logical operator '{symbol}', it is not a bool",
        "modifier": f"Value '{shown(value)}' cannot be used with the modifier '{symbol}', it is not a number",
        "comparator": f"Value '{shown(value)}' cannot be used with the comparator '{symbol}', it is not a number",
        "ternary": f"Value '{shown(value)}' cannot be used with the ternary operator '{symbol}', it is not a bool",
        "prefix": f"Value '{shown(value)}' cannot be used with the prefix '{symbol}'",
    }
    return ExpressionError(messages[kind])


def _arithmetic(symbol: str, compute: Callable[[float, float], float]) -> Callable[[Any, Any], Any]:
    def computed(left: Any, right: Any) -> float:
        for each in (left, right):
            if not _is_number(each):
                raise _refuse("modifier", symbol, each)
        return compute(left, right)

    return computed


def _add(left: Any, right: Any) -> Any:
    if _is_number(left) and _is_number(right):
        return left + right
    if not isinstance(left, str) and not isinstance(right, str):
        raise _refuse("modifier", "+", left)
    return checked_text(shown(left) + shown(right))


def _remainder(left: float, right: float) -> float:
    if math.isinf(left) or not right or math.isnan(left) or math.isnan(right):
        return math.nan
    return math.fmod(left, right)


def _comparison(symbol: str, compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], Any]:
    def compared(left: Any, right: Any) -> bool:
        if isinstance(left, str) and isinstance(right, str):
            return compare(as_bytes(left), as_bytes(right))
        if _is_number(left) and _is_number(right):
            return compare(left, right)
        raise _refuse("comparator", symbol, left)

    return compared


def _same(left: Any, right: Any) -> bool:
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(_same, left, right))
    return type(left) is type(right) and bool(left == right)


def _logic(symbol: str) -> Callable[[Any, Any], Any]:
    def decided(left: Any, right: Any) -> bool:
        for each in (left, right):
            if not isinstance(each, bool):
                raise _refuse("logical", symbol, each)
        return bool(right)

    return decided


def _matching(symbol: str, wanted: bool) -> Callable[[Any, Any], Any]:
    def matched(left: Any, right: Any) -> bool:
        if not isinstance(left, str):
            raise _refuse("comparator", symbol, left)
        if not isinstance(right, str | Pattern):
            raise _refuse("comparator", symbol, right)
        known = pattern(right) if isinstance(right, str) else right
        return known.matches(left) is wanted

    return matched


def _is_in(left: Any, right: Any) -> bool:
    if not isinstance(right, list):
        raise _refuse("comparator", "in", right)
    return any(_same(left, each) for each in right if not isinstance(each, list))


def _list(left: Any, right: Any) -> list[Any]:
    return [*left, right] if isinstance(left, list) else [left, right]


def _if(left: Any, right: Any) -> Any:
    if not isinstance(left, bool):
        raise _refuse("ternary", "?", left)
    return right if left else None


def _else(left: Any, right: Any) -> Any:
    return right if left is None else left


def _bits(compute: Callable[[int, int], int]) -> Callable[[float, float], float]:
    return lambda left, right: float(compute(truncated(left), truncated(right)))


def _unsigned(number: float) -> int:
    return truncated(number) % (1 << 64) if number < 1 << 63 else int(number) if number < 1 << 64 else 1 << 63


def _left_shift(left: float, right: float) -> float:
    count = _unsigned(right)
    return float(_unsigned(left) << count & (1 << 64) - 1) if count < 64 else 0.0


def _right_shift(left: float, right: float) -> float:
    return float(_unsigned(left) >> min(_unsigned(right), 64))


def _negated(_: Any, right: Any) -> Any:
    if not _is_number(right):
        raise _refuse("prefix", "-", right)
    return -right


def _inverted(_: Any, right: Any) -> Any:
    if not isinstance(right, bool):
        raise _refuse("prefix", "!", right)
    return not right


def _turned(_: Any, right: Any) -> Any:
    if not _is_number(right):
        raise _refuse("prefix", "~", right)
    return float(~truncated(right))


_COMPUTE: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "clause": lambda _, right: right,
    "==": _same,
    "!=": lambda left, right: not _same(left, right),
    ">": _comparison(">", lambda left, right: left > right),
    ">=": _comparison(">=", lambda left, right: left >= right),
    "<": _comparison("<", lambda left, right: left < right),
    "<=": _comparison("<=", lambda left, right: left <= right),
    "=~": _matching("=~", True),
    "!~": _matching("!~", False),
    "in": _is_in,
    "&&": _logic("&&"),
    "||": _logic("||"),
    "+": _add,
    "-": _arithmetic("-", lambda left, right: left - right),
    "*": _arithmetic("*", lambda left, right: left * right),
    "/": _arithmetic("/", divided),
    "%": _arithmetic("%", _remainder),
    "**": _arithmetic("**", power),
    "&": _arithmetic("&", _bits(lambda left, right: left & right)),
    "|": _arithmetic("|", _bits(lambda left, right: left | right)),
    "^": _arithmetic("^", _bits(lambda left, right: left ^ right)),
    "<<": _arithmetic("<<", _left_shift),
    ">>": _arithmetic(">>", _right_shift),
    "?": _if,
    ":": _else,
    "??": _else,
    ",": _list,
    "prefix -": _negated,
    "prefix !": _inverted,
    "prefix ~": _turned,
}
