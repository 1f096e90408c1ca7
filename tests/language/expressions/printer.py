"""The tree of an expression → a text that means it; with as few brackets as its operators allow."""

from __future__ import annotations

from typing import Any, Final

from transpiler.model.expressions.tree import (
    Binary,
    Conditional,
    Constant,
    Expression,
    FactReference,
    FunctionCall,
    Index,
    InputReference,
    ItemReference,
    Listing,
    OutputReference,
    Unary,
    WorkflowReference,
)

_BINDS: Final = {
    "??": 1,
    "||": 2,
    "&&": 3,
    **dict.fromkeys(("==", "!="), 4),
    **dict.fromkeys(("<", "<=", ">", ">=", "in"), 5),
    **dict.fromkeys("+-", 6),
    **dict.fromkeys("*/", 7),
}


def printed(node: Expression, least: int = 0) -> str:
    """The text of an expression, in brackets when its operator binds looser than `least`."""
    match node:
        case Conditional(test, then, otherwise):
            return _enclosed(f"{printed(test, 1)} ? {printed(then)} : {printed(otherwise)}", 0, least)
        case Binary(operator, left, right):
            binds = _BINDS[operator]
            return _enclosed(f"{printed(left, binds)} {operator} {printed(right, binds + 1)}", binds, least)
        case Unary(operator, operand):
            return _enclosed(f"{operator}{printed(operand, 8)}", 8, least)
        case Index(target, key):
            is_open = isinstance(target, WorkflowReference) or (isinstance(target, ItemReference) and not target.key)
            return f"{f'({printed(target)})' if is_open else printed(target, 9)}[{printed(key)}]"
        case Listing(items):
            return f"[{', '.join(map(printed, items))}]"
        case FunctionCall(name, arguments):
            return f"{name}({', '.join(map(printed, arguments))})"
        case Constant(value):
            return _constant(value)
    return _reference(node)


def _enclosed(text: str, binds: int, least: int) -> str:
    return text if binds >= least else f"({text})"


def _constant(value: str | float | bool | None) -> str:
    if isinstance(value, str):
        return f'"{value}"' if "'" in value else f"'{value}'"
    return "null" if value is None else repr(value).lower()


def _reference(node: Expression) -> str:
    match node:
        case InputReference(name):
            return f"inputs[{_constant(name)}]"
        case OutputReference(task, None):
            return f"tasks.{task}.output"
        case OutputReference(task, output):
            return f"tasks[{_constant(task)}].outputs[{_constant(output)}]"
        case FactReference(task, fact):
            return f"tasks[{_constant(task)}].{fact}"
        case WorkflowReference(name):
            first, _, rest = name.partition(".")
            return f"workflow.{first}" + (f"[{_constant(rest)}]" if rest else "")
        case ItemReference(name, key):
            return name if key is None else f"{name}[{_constant(key)}]"
    raise AssertionError(node)


def shape(node: Expression) -> Any:
    """A tree without its places, to compare it."""
    match node:
        case Constant(value):
            return (type(value), value)
        case Listing(items):
            return ("list", *map(shape, items))
        case Unary(operator, operand):
            return (operator, shape(operand))
        case Binary(operator, left, right):
            return (operator, shape(left), shape(right))
        case Conditional(test, then, otherwise):
            return ("?", shape(test), shape(then), shape(otherwise))
        case FunctionCall(name, arguments):
            return ("call", name, *map(shape, arguments))
        case Index(target, key):
            return ("index", shape(target), shape(key))
    return _reference(node)
