"""Literals of an expression with which Argo's engine ends a run: it reads them only when it gets there."""

from __future__ import annotations

from typing import Final

from transpiler.argo.re2 import fault_of
from transpiler.argo.readable import is_integer, is_number, json_of
from transpiler.check.expressions.literals import report_literal
from transpiler.check.expressions.times import check_times
from transpiler.diagnostics import Report, Span
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
            case FunctionCall("matches", (_, pattern)) | FunctionCall("regexReplace", (_, pattern, _)):
                report_literal(pattern, _pattern, report)
            case FunctionCall("formatTime" | "addDays" | "addHours", (time, *_)):
                check_times(node, time, report)
            case FunctionCall("range", (start, end)):
                _length(start, end, node.span, report)
            case FunctionCall("int" | "float" | "json" as name, (argument,)):
                report_literal(argument, _READERS[name], report)
            case FunctionCall("first" | "last" as name, (Listing(()),)):
                hint = "write the items of the list, or the value itself"
                report.error("wrong-constant", f"an empty list has no {name} item", node.span, hint)
            case Index(Listing(items), key):
                _position(key, len(items), report)
    zero = _division_by_zero(root)
    if zero is not None:
        hint = "divide by another number; an infinite value can only be compared"
        report.error("wrong-constant", "a division by zero gives no number that can be passed", zero.span, hint)


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


_MOST_NUMBERS: Final = 1_000_000
"""The memory budget of expr-lang (conf.DefaultMemoryBudget)."""
_READERS: Final = {"int": _integer, "float": _number, "json": _json}


def _position(key: Expression, length: int, report: Report) -> None:
    """A position outside a literal list."""
    position = _whole(key)
    if position is not None and not -length <= position < length:
        message = f"the list has no item at position {position}"
        report.error(
            "wrong-constant", message, key.span, f"it has {length} item{'' if length == 1 else 's'}; the first is [0]"
        )


def _length(start: Expression, end: Expression, span: Span, report: Report) -> None:
    """A range of more numbers than Argo's engine makes."""
    first, last = _whole(start), _whole(end)
    if first is not None and last is not None and last - first > _MOST_NUMBERS:
        message = f"the range has {last - first:,} numbers; Argo's engine makes {_MOST_NUMBERS:,} at most"
        report.error("wrong-constant", message, span, "split the work into fewer parts")


def _whole(node: Expression) -> int | None:
    """A whole number that is written in an expression."""
    if isinstance(node, Unary) and node.operator == "-":
        number = _whole(node.operand)
        return -number if number is not None else None
    if not isinstance(node, Constant) or isinstance(node.value, bool) or not isinstance(node.value, int):
        return None
    return node.value


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
