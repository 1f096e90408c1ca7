"""The possible values of an expression, as far as they are known before a run."""

from __future__ import annotations

from typing import Final

from transpiler.model.expressions.tree import Binary, Conditional, Constant, Expression, FunctionCall

MAX_OUTLINES: Final = 16


def outlines(node: Expression) -> list[str]:
    """The possible texts of an expression, with an ellipsis for parts known only in the run."""
    match node:
        case Constant(value) if isinstance(value, str):
            return [value]
        case Binary("+", left, right):
            return [before + after for before in outlines(left) for after in outlines(right)][:MAX_OUTLINES]
        case Binary("??", left, right) | Conditional(_, left, right):
            return [*outlines(left), *outlines(right)][:MAX_OUTLINES]
    return ["…"]


def outcomes(node: Expression) -> list[Constant]:
    """The literals that an expression may give: itself, those of branches, and texts of texts in a row."""
    match node:
        case Constant():
            return [node]
        case FunctionCall("string", (argument,)):
            return outcomes(argument)
        case Binary("??", left, right) | Conditional(_, left, right):
            return [*outcomes(left), *outcomes(right)][:MAX_OUTLINES]
        case Binary("+", left, right):
            pairs = [(before, after) for before in outcomes(left) for after in outcomes(right)][:MAX_OUTLINES]
            texts = [(one.value, other.value) for one, other in pairs]
            return [Constant(a + b, node.span) for a, b in texts if isinstance(a, str) and isinstance(b, str)]
    return []
