"""Literals of an expression with which Argo's engine ends a run: it reads them only when it gets there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from transpiler.argo.re2 import fault_of
from transpiler.argo.readable import is_integer, is_number, json_of
from transpiler.diagnostics import Report
from transpiler.model.expressions.outcomes import outcomes
from transpiler.model.expressions.tree import (
    Binary,
    Conditional,
    Constant,
    Expression,
    FunctionCall,
    Index,
    Listing,
    Unary,
    walk,
)


def check_constants(root: Expression, report: Report) -> None:
    """Every literal that a function reads, or that names a position."""
    for node in walk(root):
        match node:
            case FunctionCall("matches", (_, pattern)):
                _each(pattern, _pattern, report)
            case FunctionCall("int" | "float" | "json" as name, (argument,)):
                _each(argument, _READERS[name], report)
            case FunctionCall("first" | "last" as name, (Listing(()),)):
                hint = "write the items of the list, or the value itself"
                report.error("wrong-constant", f"an empty list has no {name} item", node.span, hint)
            case Index(Listing(items), key):
                _position(key, len(items), report)
    zero = _division_by_zero(root)
    if zero is not None:
        hint = "divide by another number; an infinite value can only be compared"
        report.error("wrong-constant", "a division by zero gives no number that can be passed", zero.span, hint)


def _each(node: Expression, fault: Callable[[str], tuple[str, str]], report: Report) -> None:
    """Report the first literal that a value may be and that has a fault."""
    for each in outcomes(node):
        message, hint = fault(each.value) if isinstance(each.value, str) else ("", "")
        if message:
            report.error("wrong-constant", message, each.span, hint)
            return


def _pattern(text: str) -> tuple[str, str]:
    fault = fault_of(text)
    hint = "write a regular expression in RE2 syntax, see https://github.com/google/re2/wiki/Syntax"
    return (f"the pattern is invalid: {fault}", hint) if fault else ("", "")


def _integer(text: str) -> tuple[str, str]:
    return ("", "") if is_integer(text) else (f"`{text}` is not a whole number", "write its digits, such as 12")


def _number(text: str) -> tuple[str, str]:
    return ("", "") if is_number(text) else (f"`{text}` is not a number", "write its digits, such as 0.5")


def _json(text: str) -> tuple[str, str]:
    try:
        json_of(text)
    except ValueError:
        return f"`{text}` is not JSON", "write a JSON string, such as '[1, 2]' or '{\"a\": 1}'"
    return "", ""


_READERS: Final = {"int": _integer, "float": _number, "json": _json}


def _position(key: Expression, length: int, report: Report) -> None:
    """A position outside a literal list."""
    is_negative = isinstance(key, Unary) and key.operator == "-"
    number = key.operand if isinstance(key, Unary) and is_negative else key
    if not isinstance(number, Constant) or isinstance(number.value, bool) or not isinstance(number.value, int):
        return
    position = -number.value if is_negative else number.value
    if not -length <= position < length:
        message = f"the list has no item at position {position}"
        report.error(
            "wrong-constant", message, key.span, f"it has {length} item{'' if length == 1 else 's'}; the first is [0]"
        )


def _division_by_zero(node: Expression) -> Expression | None:
    """A division by the literal 0 whose result is passed on: nothing compares it before."""
    match node:
        case Binary("/", left, Constant(value)):
            return node if not isinstance(value, (str, bool)) and value == 0 else _division_by_zero(left)
        case Binary("/", left, _) | Unary("-", left):
            return _division_by_zero(left)
        case Binary("+" | "-" | "*" | "??", left, right) | Conditional(_, left, right):
            return _division_by_zero(left) or _division_by_zero(right)
    return None
