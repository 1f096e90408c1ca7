"""An expression → the text that Argo's engine (expr-lang) evaluates to the same.

All that Argo passes on is text, so a value has two forms: its text, which is what a reference gives, and the value
itself, which operators work on. Names are always in brackets: `tasks.a-b` would be a subtraction. Expects what
`check` has found no fault with.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from transpiler.model.functions import FUNCTIONS
from transpiler.model.types import Type
from transpiler.read.expressions import (
    REFERENCES,
    Binary,
    Conditional,
    Constant,
    Expression,
    FunctionCall,
    Index,
    Listing,
    Reference,
    Unary,
)
from transpiler.resolve.scope import Scope
from transpiler.resolve.types import BOOLEAN, NUMBERS, infer

_COMPARES: Final = 3
_BINDS: Final = {
    "||": 1,
    "&&": 2,
    **dict.fromkeys(("==", "!=", "<", "<=", ">", ">=", "in"), _COMPARES),
    "+": 4,
    "-": 4,
    "*": 5,
    "/": 5,
}
"""How close the operators of the engine bind; comparisons are never read in a row."""
_CLOSEST: Final = 9
ORDERED: Final = {"<", "<=", ">", ">="}


@dataclass(frozen=True, slots=True)
class Compiler:
    """Compiles the expressions of one DAG. `path_of` is how Argo's engine names a reference."""

    scope: Scope
    path_of: Callable[[Reference], str]

    def tag(self, node: Expression) -> str:
        """The tag that Argo replaces by the value of an expression, as text: JSON, when it is none itself."""
        kind = infer(node, self.scope)
        as_text = isinstance(node, REFERENCES) or is_either(node) or kind.name in {"Boolean", "String"}
        return f"{{{{={bare(self.text(node) if as_text else self.value(node, kind))}}}}}"

    def condition(self, node: Expression) -> str:
        """The tag that becomes `true` or `false`."""
        return f"{{{{= {self.logic(node)} }}}}"

    def logic(self, node: Expression) -> str:
        """An expression that is true or false, for the places where Argo takes one without a tag."""
        return bare(self.value(node, BOOLEAN))

    def piece(self, part: str | Expression) -> str:
        """A piece of a text, for where the text must be one expression."""
        return quoted(part) if isinstance(part, str) else f"({self.text(part)})"

    # ------------------------------------------------------------------ the text of a value

    def text(self, node: Expression) -> str:
        """An expression whose result is the text of the value."""
        if isinstance(node, REFERENCES):
            return self.path_of(node)
        if isinstance(node, Constant):
            return "nil" if node.value is None else quoted(_constant_text(node.value))
        if isinstance(node, Binary) and node.operator == "??":
            return f"{self.choice(node.left)} ?? {self.choice(node.right)}"
        if isinstance(node, Conditional):
            test = self.value(node.test, BOOLEAN)
            return f"({test} ? {self.text(node.then)} : {self.text(node.otherwise)})"
        kind = infer(node, self.scope)
        value = self.value(node, kind)
        if kind.name == "Boolean":
            return f"({value} ? 'True' : 'False')"
        if kind.name == "String":
            return value
        return f"toJson({value})" if kind.name else f"string({value})"

    def choice(self, node: Expression) -> str:
        """The text of one side of a `??`, which the engine mixes with no other operator."""
        text = self.text(node)
        return f"({text})" if isinstance(node, Binary) and node.operator != "??" else text

    # ------------------------------------------------------------------ the value itself

    def value(self, node: Expression, wanted: Type) -> str:
        """An expression whose result is the value, as the type that is wanted."""
        kind = infer(node, self.scope)
        if isinstance(node, REFERENCES) or is_either(node):
            return _converted(self.text(node), kind, wanted)
        match node:
            case Constant(value):
                return _constant(value)
            case Listing(items):
                return f"[{', '.join(self.value(item, infer(item, self.scope)) for item in items)}]"
            case Unary(operator, operand):
                return _negated(self.operand(operand, kind)) if operator == "!" else f"-{self.operand(operand, kind)}"
            case Binary():
                return self.binary(node)
            case FunctionCall(name, arguments):
                return self.call(name, arguments)
            case Index(target, key):
                return self.index(target, key, wanted)
        raise AssertionError(node)

    def operand(self, node: Expression, wanted: Type, above: int = _CLOSEST) -> str:
        """A value in brackets where an operator that binds as close as `above` could take it apart."""
        value = self.value(node, wanted)
        loose = isinstance(node, Conditional) or (isinstance(node, Binary) and _BINDS.get(node.operator, 0) < above)
        return f"({value})" if loose and value == bare(value) else value

    def binary(self, node: Binary) -> str:
        """Two operands, each as the type that the operator works on."""
        kinds = self.operand_types(node.operator, infer(node.left, self.scope), infer(node.right, self.scope))
        binds = _BINDS[node.operator]
        left = self.operand(node.left, kinds[0], binds + (binds == _COMPARES))
        return (
            f"{left} {node.operator} {self.operand(node.right, kinds[1], binds + (node.operator not in {'&&', '||'}))}"
        )

    def operand_types(self, operator: str, left: Type, right: Type) -> tuple[Type, Type]:
        """What an operator makes of its operands: numbers compare as numbers, all else as it is declared."""
        if operator in {"&&", "||"}:
            return BOOLEAN, BOOLEAN
        if operator == "in":
            return left, right if right.name in {"JsonArray", "JsonObject"} else JSON
        if operator in {"-", "*", "/"} or operator in ORDERED | {"+"}:
            number = next((each for each in (left, right) if each.name in NUMBERS), None)
            if number is None and operator in ORDERED | {"+"}:
                return left, right
            return _number(left), _number(right)
        if left.name in NUMBERS or right.name in NUMBERS:
            return _number(left), _number(right)
        if "Boolean" in {left.name, right.name}:
            return BOOLEAN, BOOLEAN
        return left, right

    def call(self, name: str, arguments: tuple[Expression, ...]) -> str:
        """A function, each argument as the type that it takes."""
        function = FUNCTIONS[name]
        if name == "string":
            return self.text(arguments[0])
        given = []
        for wanted, argument in zip(function.takes, arguments, strict=True):
            as_it_is = infer(argument, self.scope)
            given.append(self.value(argument, as_it_is) if wanted.name == "" else self.value(argument, wanted))
        return function.form.format(*given)

    def index(self, target: Expression, key: Expression, wanted: Type) -> str:
        """An item of a JSON list, or a value of a JSON object."""
        kind = infer(target, self.scope)
        value = self.value(target, kind if kind.name in {"JsonArray", "JsonObject"} else JSON)
        found = f"{value}[{self.value(key, infer(key, self.scope))}]"
        return f"string({found})" if wanted.name == "String" else found


def _negated(value: str) -> str:
    return f"{value[: -len(_IS_TRUE)]} != 'true')" if value.endswith(_IS_TRUE) else f"!{value}"


_IS_TRUE: Final = " == 'true')"
JSON: Final = Type("JsonObject", "JsonObject")


def is_either(node: Expression) -> bool:
    """True for `x ?? y` and `test ? x : y`, whose value is that of one of them."""
    return isinstance(node, Conditional) or (isinstance(node, Binary) and node.operator == "??")


def _number(kind: Type) -> Type:
    return kind if kind.name in NUMBERS else Type("Float", "Float")


def _converted(text: str, kind: Type, wanted: Type) -> str:
    """A text as the value of a type."""
    name = wanted.name or kind.name
    if name in NUMBERS:
        name = kind.name if kind.name in NUMBERS else name
        return f"{'asInt' if name == 'Integer' else 'asFloat'}({text})"
    if name == "Boolean":
        return f"(lower({text}) == 'true')"
    if name in {"JsonArray", "JsonObject"}:
        return f"fromJSON({text})"
    return f"({text})" if " ?? " in text and not text.startswith("(") else text


def bare(text: str) -> str:
    """An expression without the brackets around all of it."""
    if not (text.startswith("(") and text.endswith(")")):
        return text
    depth, quote = 0, ""
    for at, character in enumerate(text):
        if quote:
            quote = "" if character == quote and text[at - 1] != "\\" else quote
        elif character == "'":
            quote = character
        elif character in "()":
            depth += 1 if character == "(" else -1
            if depth == 0 and at < len(text) - 1:
                return text
    return text[1:-1]


def _constant_text(value: str | float) -> str:
    if isinstance(value, bool):
        return str(value)
    return json.dumps(value) if isinstance(value, float) else str(value)


def _constant(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float)):
        return json.dumps(value)
    if value is None:
        return "nil"
    return quoted(str(value))


_ESCAPES: Final = {"\\": "\\\\", "'": "\\'", "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def quoted(text: str) -> str:
    """A text as a literal of the engine. Two braces in a row are two literals: Argo would see a tag in them."""
    escaped = "".join(_ESCAPES.get(character, character) for character in text)
    for brace in "{}":
        while brace * 2 in escaped:
            escaped = escaped.replace(brace * 2, f"{brace}' + '{brace}", 1)
    return f"('{escaped}')" if "' + '" in escaped else f"'{escaped}'"
