"""What to write instead of operands that have no meaning."""

from __future__ import annotations

from transpiler.diagnostics import Hint
from transpiler.model.expressions.tree import Binary, Constant, Expression, InputReference, OutputReference
from transpiler.resolve.optional_inputs import left_out
from transpiler.resolve.scope import Scope
from transpiler.resolve.types import TYPED, infer


def either(node: Binary, scope: Scope) -> str:
    """The way to write `x || y` of values other than Booleans."""
    x, y = node.left.span.text, node.right.span.text
    is_text = infer(node.left, scope).name not in TYPED and left_out(node.left, scope) is None
    meant = f"{x} == '' ? {y} : {x}" if is_text and not isinstance(node.left, OutputReference) else f"{x} ?? {y}"
    return Hint(f"write `{meant}` to choose between values", meant) if "\n" not in meant else "write `x ?? y`"


def always_there(node: Expression) -> str:
    """What to do about an input that every run has a value of; empty for another expression."""
    if not isinstance(node, InputReference):
        return ""
    return f"declare input `{node.name}` with `optional: true` and without a default"


def empty_test(node: Binary, scope: Scope) -> str:
    """The hint for an optional input that is compared with the empty string."""
    for side, other in ((node.left, node.right), (node.right, node.left)):
        if node.operator in {"==", "!="} and side == Constant("", side.span) and left_out(other, scope) is not None:
            return f"write `{node.operator} null` to ask whether the input is passed"
    return ""


def before_the_test(node: Binary, test: Binary) -> Hint:
    """The way to test the result of a `??`."""
    x, y, z = node.left.span.text, test.left.span.text, test.right.span.text
    meant = f"({x} ?? {y}) {test.operator} {z}"
    return Hint(f"write `{meant}`", meant)
