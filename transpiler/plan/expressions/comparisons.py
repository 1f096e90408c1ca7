"""`==`, `!=` and `in`: the type as which two values are compared."""

from __future__ import annotations

import json
from collections.abc import Callable

from msgspec import Struct

from transpiler.model.expressions.tree import Binary, Constant, Expression, Listing
from transpiler.model.expressions.types import JSON, Type
from transpiler.plan.expressions.conversions import item_as, item_type, operand_types, own_type, structure_type
from transpiler.plan.expressions.engine import EMPTY, EngineExpression, call, operation, texts_of_items
from transpiler.resolve.optional_inputs import compared_with_null, left_out
from transpiler.resolve.scope import Scope
from transpiler.resolve.types import LIST, NUMBERS, STRUCTURES, TYPED, collected, infer


class Comparison(Struct, frozen=True):
    """A comparison in a DAG; `text` and `value` compile its sides."""

    node: Binary
    scope: Scope
    text: Callable[[Expression], EngineExpression]
    value: Callable[[Expression, Type], EngineExpression]

    def equality(self) -> EngineExpression:
        """`x == y`: compared as the declared type of one side; as JSON if neither is a string, otherwise as strings."""
        left, right = self.node.left, self.node.right
        optional = compared_with_null(self.node)
        if optional is not None and left_out(optional, self.scope):
            return self.operation(self.text(optional), EMPTY)
        kinds = self.kind(left), self.kind(right)
        names = {each.name for each in kinds}
        if names & STRUCTURES:
            return self.operation(
                call("toJson({0})", self.value(left, LIST)), call("toJson({0})", self.value(right, LIST))
            )
        if names & (NUMBERS | {"Boolean"}):
            as_left, as_right = operand_types(self.node.operator, *kinds)
            return self.operation(self.value(left, as_left), self.value(right, as_right))
        if self.is_raw(left, right) and self.is_raw(right, left):
            return self.operation(self.value(left, JSON), self.value(right, JSON))
        return self.operation(self.text(left), self.text(right))

    def is_raw(self, node: Expression, other: Expression) -> bool:
        """True for a side that needs no text to be compared: JSON, and a text that is that of no other value."""
        if isinstance(node, Constant) and node.value is not None:
            return not isinstance(other, Constant) and _is_text_alone(node.value)
        return self.kind(node) == JSON

    def membership(self) -> EngineExpression:
        """`x in list`, or `key in object`."""
        left, right = self.node.left, self.node.right
        kind, within = self.kind(left), self.kind(right)
        if isinstance(right, Listing):
            return self.is_listed(right)
        container = self.value(right, structure_type(within))
        if within.name == "JsonObject":
            return self.operation(self.text(left), container)
        if kind == JSON or (kind.name and not self.is_of_texts(kind, right)):
            return self.operation(self.value(left, own_type(kind)), container)
        return self.operation(self.text(left), texts_of_items(container))

    def is_of_texts(self, kind: Type, within: Expression) -> bool:
        """True for a string searched in collected outputs of a loop, which may contain JSON instead of strings."""
        return kind.name not in TYPED and collected(within, self.scope) is not None

    def is_listed(self, listing: Listing) -> EngineExpression:
        """`x in [y, z]`: all as numbers when one is a number, and so on."""
        kinds = [self.kind(each) for each in (self.node.left, *listing.items)]
        wanted = item_type(kinds)
        value, *items = (
            self.value(each, item_as(kind, wanted))
            for each, kind in zip((self.node.left, *listing.items), kinds, strict=True)
        )
        return self.operation(value, EngineExpression(f"[{', '.join(item.text for item in items)}]"))

    def kind(self, node: Expression) -> Type:
        """The type of a side."""
        return infer(node, self.scope)

    def operation(self, left: EngineExpression, right: EngineExpression) -> EngineExpression:
        """The operator between two values of the engine."""
        return operation(left, self.node.operator, right)


def _is_text_alone(value: str | float) -> bool:
    """True for a string that is not JSON, so that only the string itself is written like this."""
    try:
        return isinstance(value, str) and isinstance(json.loads(value), str)
    except (ValueError, RecursionError):
        return True
