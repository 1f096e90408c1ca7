"""Converts values for the engine: operands to the type as which they are compared or computed."""

from __future__ import annotations

from transpiler.model.expressions.types import JSON, Type
from transpiler.plan.expressions.engine import EngineExpression, call, operation
from transpiler.resolve.types import BOOLEAN, FLOAT, LIST, NUMBERS, STRING, STRUCTURES, TYPED


def operand_types(operator: str, left: Type, right: Type) -> tuple[Type, Type]:
    """The type to which an operator converts its operands: numbers if one is a number, and so on."""
    names = {left.name, right.name}
    if operator in {"&&", "||"} or "Boolean" in names:
        return BOOLEAN, BOOLEAN
    if operator in {"-", "*", "/"} or names & NUMBERS:
        return number_type(left), number_type(right)
    return STRING, STRING


def item_type(kinds: list[Type]) -> Type:
    """The type as which items of a list are compared: numbers if one is, Booleans if one is, otherwise strings."""
    names = {each.name for each in kinds}
    return FLOAT if names & NUMBERS else BOOLEAN if "Boolean" in names else STRING


def own_type(kind: Type) -> Type:
    """The own type of a value."""
    return kind if kind.name in TYPED or kind == JSON else STRING


def number_type(kind: Type) -> Type:
    """The type of a number: its own, a Float when it has none."""
    return kind if kind.name in NUMBERS else FLOAT


def item_as(kind: Type, wanted: Type) -> Type:
    """The type an item is converted to for the comparison."""
    return number_type(kind) if wanted == FLOAT else wanted


def structure_type(kind: Type) -> Type:
    """The type of a list or object: its own, a list when it has none."""
    return kind if kind.name in STRUCTURES else LIST


def of_text(text: EngineExpression, kind: Type, wanted: Type) -> EngineExpression:
    """A text as the value of a type: of its own, when it has one."""
    name = kind.name if kind.name in TYPED else wanted.name
    forms = {
        "Integer": "asInt({0})",
        "Float": "asFloat({0})",
        "JsonArray": "fromJSON({0})",
        "JsonObject": "fromJSON({0})",
    }
    if name == "Boolean":
        return operation(call("lower({0})", text), "==", EngineExpression("'true'"))
    return call(forms[name], text) if name in forms else text


def of_json(value: EngineExpression, wanted: Type) -> EngineExpression:
    """A JSON value as the value of a type."""
    if wanted.name == "Boolean":
        return operation(call("lower(string({0}))", value), "==", EngineExpression("'true'"))
    if wanted.name in NUMBERS:
        return call("asInt({0})" if wanted.name == "Integer" else "asFloat({0})", value)
    return value
