"""Literals that a function reads."""

from __future__ import annotations

from collections.abc import Callable

from transpiler.diagnostics import Report
from transpiler.model.expressions.outcomes import outcomes
from transpiler.model.expressions.tree import Expression


def report_literal(node: Expression, fault: Callable[[str], tuple[str, str]], report: Report) -> None:
    """Report the first literal that a value may be and that has a fault."""
    for each in outcomes(node):
        message, hint = fault(each.value) if isinstance(each.value, str) else ("", "")
        if message:
            report.error("wrong-constant", message, each.span, hint)
            return
