"""What to write instead of operands that have no meaning."""

from __future__ import annotations

from collections.abc import Sequence

from transpiler.argo.quantities import is_quantity, unit_of
from transpiler.diagnostics import Hint
from transpiler.model.expressions.tree import (
    Binary,
    Constant,
    Expression,
    FactReference,
    FunctionCall,
    Index,
    InputReference,
    OutputReference,
    WorkflowReference,
)
from transpiler.resolve.optional_inputs import left_out
from transpiler.resolve.scope import Scope
from transpiler.resolve.types import STRUCTURES, TYPED, collected, infer


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


def with_unit(node: Expression, scope: Scope) -> str:
    """The hint for an input that is a quantity such as `4Gi`, where a number is needed."""
    given = scope.declared(node)
    default = given.default if given is not None else None
    unit = unit_of(default) if default is not None and is_quantity(default) else ""
    if default is None or not unit:
        return ""
    return (
        f"make the default the number {default.removesuffix(unit)}, and write the unit behind the braces: `}}}}{unit}`"
    )


def item_test(node: FunctionCall, scope: Scope) -> str:
    """The hint for a `contains` that asks for an item of a list, or a name of an object; empty for any other call."""
    if node.name != "contains" or infer(node.arguments[0], scope).name not in STRUCTURES:
        return ""
    whole, part = (each.span.text for each in node.arguments)
    meant = f"{part} in {whole}"
    return Hint(f"write `{meant}`", meant) if "\n" not in meant else "write `x in list`"


def has_parts(node: Index, scope: Scope) -> bool:
    """False for a value of which it is known that it is no JSON: a name of Argo's, or an input by its default."""
    target = node.target
    if infer(target, scope).name != "String":
        return True
    if length_meant(node):
        return False
    origin = scope.origin(target)[1] if isinstance(target, InputReference) else target
    if isinstance(origin, InputReference):
        given = scope.declared(target)
        is_said = given is not None and given.default not in {None, ""}
        return not is_said or (given is not None and (given.default or "").lstrip()[:1] in {"{", "["})
    return not isinstance(origin, (FactReference, WorkflowReference))


def length_meant(node: Index) -> str:
    """The call that asks for the length, where it is asked for by a name, as in JavaScript; empty for others."""
    is_length = isinstance(node.key, Constant) and node.key.value in {"length", "size"}
    return f"len({node.target.span.text})" if is_length else ""


def of_all_items(operands: Sequence[Expression], scope: Scope) -> str:
    """The hint for what a loop yields, where the value of one item is needed; empty for other operands."""
    found = next((each for each in operands if collected(each, scope) is not None), None)
    if found is None:
        return ""
    return f"`{found.span.text}` is the list of all items: pass it to a task, and use what that computes of it"
