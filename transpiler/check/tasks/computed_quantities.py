"""Quantities that a run computes, such as memory that grows with each try: the unit stands behind the braces."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from transpiler.argo.quantities import is_quantity
from transpiler.argo.resources import quantity_fault
from transpiler.diagnostics import Report, Span
from transpiler.model.expressions.tree import (
    Binary,
    Constant,
    Expression,
    InputReference,
    Text,
    TryReference,
    Unary,
)
from transpiler.resolve.scope import Scope
from transpiler.resolve.types import NUMBERS, infer

_UNIT: Final = "write the unit behind the braces, such as `${{ 4 * (1 + retries) }}Gi`"


def check_computed_quantity(name: str, value: Text, span: Span, scope: Scope, report: Report) -> None:
    """Report a quantity whose unit does not exist, or that the first try gets in bytes."""
    expression, unit = _split(value)
    if expression is None or report.says_something_at(span):
        return
    is_number = infer(expression, scope).name in NUMBERS
    if unit and not is_quantity(f"1{unit}") and (is_number or re.fullmatch(r"[A-Za-z]{2,}", unit)):
        hint = "write a unit of Kubernetes behind the braces, such as `Gi`, `Mi` or `m`"
        report.error("invalid-quantity", f"`{unit}` is not a unit of a quantity", span, hint)
        return
    amount = _at_first(expression, scope) if is_number else None
    if amount is not None:
        message, hint = quantity_fault(name, f"{amount.normalize():f}{unit}")
        if message:
            hint = hint if unit else _UNIT
            report.error("invalid-quantity", f"{message} in the first try", span, str(hint))


def _split(value: Text) -> tuple[Expression | None, str]:
    """The expression that a text consists of, and the unit behind it; None for any other text."""
    if value.whole is not None:
        return value.whole, ""
    match value.parts:
        case (expression, str(unit)) if not isinstance(expression, str):
            return expression, unit.strip()
    return None, ""


def _at_first(node: Expression, scope: Scope) -> Decimal | None:
    """The number that the first try gets, with the defaults of the run; None if that is not known."""
    match node:
        case Constant(value) if isinstance(value, (int, float)) and not isinstance(value, bool):
            return Decimal(str(value))
        case TryReference():
            return Decimal(0)
        case InputReference():
            return _default(node, scope)
        case Unary("-", operand):
            number = _at_first(operand, scope)
            return None if number is None else -number
        case Binary(operator, left, right) if operator in {"+", "-", "*"}:
            return _computed(operator, _at_first(left, scope), _at_first(right, scope))
    return None


def _default(node: InputReference, scope: Scope) -> Decimal | None:
    home, reference = scope.origin(node)
    given = home.input(reference.name) if isinstance(reference, InputReference) and home.may_lack_files else None
    default = given.default or "" if given is not None else ""
    return Decimal(default) if re.fullmatch(r"-?[0-9]{1,30}", default) else None


def _computed(operator: str, left: Decimal | None, right: Decimal | None) -> Decimal | None:
    if left is None or right is None:
        return None
    return left + right if operator == "+" else left - right if operator == "-" else left * right
