"""Operators → functions of a run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from transpiler.engine.tags import operators
from transpiler.engine.tags.compilers.state import Compiled, Compiler, Step, at_place, truth
from transpiler.engine.tags.errors import ExpressionError
from transpiler.engine.tags.patterns import Pattern, pattern
from transpiler.engine.tags.run import Run
from transpiler.engine.tags.tree import (
    Binary,
    Literal,
    Unary,
    row,
)
from transpiler.engine.tags.values import equal, is_nil, type_name

_OPERATORS: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "==": equal,
    "!=": lambda left, right: not equal(left, right),
    "<": operators.less,
    ">": operators.more,
    "<=": operators.less_or_equal,
    ">=": operators.more_or_equal,
    "+": operators.add,
    "-": operators.subtract,
    "*": operators.multiply,
    "/": operators.divide,
    "%": operators.modulo,
    "**": operators.power,
    "^": operators.power,
    "in": operators.is_in,
    "contains": operators.contains,
    "startsWith": operators.starts_with,
    "endsWith": operators.ends_with,
}


def compile_unary(compiler: Compiler, node: Unary) -> Compiled:
    """The function of an operator with one operand."""
    operand, at = compiler.compiled(node.operand), node.at
    if node.operator == "+":
        return operand
    change = operators.negate if node.operator == "-" else lambda value: not truth(value)

    def changed(run: Run) -> Any:
        value = operand(run)
        try:
            return change(value)
        except ExpressionError as error:
            raise at_place(error, at) from None

    return changed


def compile_binary(compiler: Compiler, node: Binary) -> Compiled:
    """The function of an operator, or a row of equal ones."""
    operand, parts = row(node)
    first = compiler.compiled(operand)
    steps = [_step(compiler, part) for part in parts]
    if len(steps) == 1:
        [step] = steps
        return lambda run: step(run, first(run))

    def value_of_row(run: Run) -> Any:
        value = first(run)
        for each in steps:
            value = each(run, value)
        return value

    return value_of_row


def _step(compiler: Compiler, node: Binary) -> Step:
    """What an operator makes of the value on its left."""
    name = node.operator
    if name == "matches":
        return _matching(compiler, node)
    right, at = compiler.compiled(node.right), node.at
    if name in {"and", "&&"}:
        return lambda run, left: right(run) if truth(left) else left
    if name in {"or", "||"}:
        return lambda run, left: left if truth(left) else right(run)
    if name == "??":
        return lambda run, left: right(run) if is_nil(left) else left
    if name == "..":
        return _range(right, at)
    compute = _membership(node) if name == "in" else _OPERATORS[name]

    def step(run: Run, left: Any) -> Any:
        other = right(run)
        try:
            return compute(left, other)
        except ExpressionError as error:
            raise at_place(error, at) from None

    return step


def _range(right: Compiled, at: int) -> Step:
    def step(run: Run, left: Any) -> Any:
        last = right(run)
        try:
            items = operators.span(left, last)
            run.grow(len(items))
        except ExpressionError as error:
            raise at_place(error, at) from None
        return items

    return step


def _membership(node: Binary) -> Callable[[Any, Any], bool]:
    """Among texts only, the engine looks for a key: what is no text is an error then."""
    right = node.right
    if isinstance(right, Literal) and isinstance(right.value, list) and all(type(each) is str for each in right.value):
        among: dict[str, Any] = dict.fromkeys(right.value)
        return lambda left, _: operators.is_in(left, among)
    return operators.is_in


def _matching(compiler: Compiler, node: Binary) -> Step:
    at = node.at
    if isinstance(node.right, Literal) and isinstance(node.right.value, str):
        known = pattern(node.right.value)
        return lambda _, left: _matches(left, known, at)
    right = compiler.compiled(node.right)

    def step(run: Run, left: Any) -> Any:
        other = right(run)
        if is_nil(left) or is_nil(other):
            return False
        if not isinstance(other, str):
            raise ExpressionError(f"interface conversion: interface {{}} is {type_name(other)}, not string", at)
        try:
            return _matches(left, pattern(other), at)
        except ExpressionError as error:
            raise at_place(error, at) from None

    return step


def _matches(left: Any, known: Pattern, at: int) -> bool:
    if is_nil(left):
        return False
    if not isinstance(left, str):
        raise ExpressionError(f"interface conversion: interface {{}} is {type_name(left)}, not []uint8", at)
    return known.matches(left)
