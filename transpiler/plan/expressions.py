"""An expression → the text that Argo's engine (expr-lang) evaluates to the same.

All that Argo passes on is text, so a value has two forms: its text, which is what a reference gives, and the value
itself, which operators work on. docs/language.md says what an expression means. Expects what `check` has found no
fault with.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from transpiler.model.functions import COUNTABLE, FUNCTIONS, NUMBER
from transpiler.model.types import JSON, Type
from transpiler.plan.engine import (
    Code,
    call,
    choice,
    conditional,
    literal,
    member,
    negated,
    negative,
    number_text,
    operation,
    quoted,
    text_of_json,
    texts_of_items,
)
from transpiler.read.expressions import (
    REFERENCES,
    Binary,
    Conditional,
    Constant,
    Expression,
    FunctionCall,
    Index,
    InputReference,
    Listing,
    Reference,
    Unary,
    WorkflowReference,
    references,
)
from transpiler.resolve.scope import Scope
from transpiler.resolve.types import BOOLEAN, FLOAT, INTEGER, LIST, NUMBERS, STRING, STRUCTURES, TYPED, infer

_ORDERED: Final = {"<", "<=", ">", ">="}


@dataclass(frozen=True, slots=True)
class Compiler:
    """Compiles the expressions of one DAG. `path_of` is how Argo's engine names a reference."""

    scope: Scope
    path_of: Callable[[Reference], Code]

    # ------------------------------------------------------------------ what callers need

    def tag(self, node: Expression) -> str:
        """The tag that Argo replaces by the text of a value. It writes as JSON what is no text itself."""
        return f"{{{{={self.text(node, is_printed=True).text}}}}}"

    def condition(self, node: Expression) -> str:
        """The tag that becomes `true` or `false`."""
        return f"{{{{= {self.logic(node)} }}}}"

    def logic(self, node: Expression) -> str:
        """An expression that is true or false, for the places where Argo takes one without a tag."""
        return self.value(node, BOOLEAN).text

    def piece(self, part: str | Expression) -> Code:
        """A piece of a text, for where the text must be one expression."""
        return quoted(part) if isinstance(part, str) else self.text(part)

    # ------------------------------------------------------------------ the text of a value

    def text(self, node: Expression, *, is_printed: bool = False, may_be_absent: bool = False) -> Code:
        """An expression whose result is the text of the value, or what Argo prints as that text.

        Where the value `may_be_absent` for a `??`, so may be what it is an item of.
        """
        if isinstance(node, REFERENCES):
            return self.path_of(node)
        if isinstance(node, Conditional):
            then, otherwise = (
                self.text(each, is_printed=is_printed, may_be_absent=may_be_absent)
                for each in (node.then, node.otherwise)
            )
            return conditional(self.value(node.test, BOOLEAN), then, otherwise)
        kind = infer(node, self.scope)
        if isinstance(node, Binary) and node.operator == "??" and kind != JSON:
            left, right = (
                self.text(each, is_printed=is_printed, may_be_absent=True) for each in (node.left, node.right)
            )
            return choice(left, right)
        if isinstance(node, Constant):
            return quoted(_constant_text(node.value))
        return self.written(self.computed(node, may_be_absent=may_be_absent), kind, is_printed=is_printed)

    @staticmethod
    def written(value: Code, kind: Type, *, is_printed: bool) -> Code:
        """The text of a computed value."""
        if kind.name == "Boolean":
            return conditional(value, Code("'True'"), Code("'False'"))
        if is_printed or kind.name == "String":
            return value
        return text_of_json(value) if kind == JSON else call("toJson({0})", value)

    # ------------------------------------------------------------------ the value itself

    def value(self, node: Expression, wanted: Type) -> Code:
        """An expression whose result is the value, read as the type that is wanted."""
        kind = infer(node, self.scope)
        if wanted.name not in TYPED and wanted != JSON:
            return self.text(node)
        if isinstance(node, Conditional) and kind.name in TYPED:
            branches = (self.value(each, kind) for each in (node.then, node.otherwise))
            return conditional(self.value(node.test, BOOLEAN), *branches)
        if self.is_read(node, kind):
            return _of_text(self.text(node), kind, wanted)
        value = self.computed(node)
        if kind == JSON:
            return _of_json(value, wanted)
        return value if kind.name in TYPED else _of_text(value, kind, wanted)

    @staticmethod
    def is_read(node: Expression, kind: Type) -> bool:
        """True for what is known by its text: a reference, or a choice between values."""
        return isinstance(node, REFERENCES) or ((_is_choice(node) or isinstance(node, Conditional)) and kind != JSON)

    def computed(self, node: Expression, *, may_be_absent: bool = False) -> Code:
        """What is no reference as the engine's own value. Absence comes through where that is asked for."""
        match node:
            case Constant(value):
                return literal(value)
            case Listing(items):
                values = (self.value(each, _own(infer(each, self.scope))).text for each in items)
                return Code(f"[{', '.join(values)}]")
            case Unary("!", operand):
                return self.negation(operand)
            case Unary(_, operand):
                return negative(self.value(operand, _number(infer(operand, self.scope))))
            case Conditional(test, then, otherwise):
                branches = (self.computed(each, may_be_absent=may_be_absent) for each in (then, otherwise))
                return conditional(self.value(test, BOOLEAN), *branches)
            case Binary("??", left, right):
                return choice(*(self.computed(each, may_be_absent=True) for each in (left, right)))
            case Binary():
                return self.binary(node)
            case FunctionCall():
                return self.call(node, may_be_absent)
            case Index():
                return self.index(node, may_be_absent)
        raise AssertionError(node)

    def negation(self, operand: Expression) -> Code:
        """`!operand`."""
        if self.is_read(operand, infer(operand, self.scope)) and not isinstance(operand, Conditional):
            return operation(call("lower({0})", self.text(operand)), "!=", Code("'true'"))
        return negated(self.value(operand, BOOLEAN))

    # ------------------------------------------------------------------ operators

    def binary(self, node: Binary) -> Code:
        """Two operands, each as the type that the operator works on."""
        left, right = infer(node.left, self.scope), infer(node.right, self.scope)
        if node.operator == "in":
            return self.membership(node, left, right)
        if node.operator in {"==", "!="}:
            return self.comparison(node, left, right)
        kinds = operand_types(node.operator, left, right)
        return operation(self.value(node.left, kinds[0]), node.operator, self.value(node.right, kinds[1]))

    def comparison(self, node: Binary, left: Type, right: Type) -> Code:
        """`==` and `!=`: as what one side is declared; as JSON when neither side is a text."""
        names = {left.name, right.name}
        if names & STRUCTURES:
            sides = (call("toJson({0})", self.value(each, LIST)) for each in (node.left, node.right))
        elif names & (NUMBERS | {"Boolean"}):
            kinds = operand_types(node.operator, left, right)
            sides = (self.value(each, kind) for each, kind in zip((node.left, node.right), kinds, strict=True))
        elif self.is_raw(node.left, node.right, left) and self.is_raw(node.right, node.left, right):
            sides = (self.value(each, JSON) for each in (node.left, node.right))
        else:
            sides = (self.text(each) for each in (node.left, node.right))
        first, second = sides
        return operation(first, node.operator, second)

    @staticmethod
    def is_raw(node: Expression, other: Expression, kind: Type) -> bool:
        """True for a side that needs no text to be compared: JSON, `null`, and a text that no other value has."""
        if isinstance(node, Constant):
            return node.value is None or (not isinstance(other, Constant) and _is_text_alone(node.value))
        return kind == JSON

    def membership(self, node: Binary, left: Type, right: Type) -> Code:
        """`x in list`, or `key in object`."""
        if isinstance(node.right, Listing):
            kind = item_type([left, *(infer(each, self.scope) for each in node.right.items)])
            items = ", ".join(self.value(each, _like(infer(each, self.scope), kind)).text for each in node.right.items)
            return operation(self.value(node.left, _like(left, kind)), "in", Code(f"[{items}]"))
        within = self.value(node.right, right if right.name in STRUCTURES else LIST)
        if right.name == "JsonObject":
            return operation(self.text(node.left), "in", within)
        if left.name or left == JSON:
            return operation(self.value(node.left, _own(left)), "in", within)
        return operation(self.text(node.left), "in", texts_of_items(within))

    # ------------------------------------------------------------------ functions and JSON

    def call(self, node: FunctionCall, may_be_absent: bool) -> Code:
        """A function, each argument as the type that it takes."""
        function = FUNCTIONS[node.name]
        if node.name == "string":
            return self.text(node.arguments[0])
        if node.name in {"ceil", "floor", "round"} and infer(node.arguments[0], self.scope).name == "Integer":
            return self.value(node.arguments[0], INTEGER)
        given = [
            self.argument(each, wanted, may_be_absent and function.result == JSON)
            for each, wanted in zip(node.arguments, function.takes, strict=True)
        ]
        if function.is_infix:
            return operation(given[0], function.form.split()[1], given[1])
        if node.name == "join" and not self.holds_texts(node.arguments[0]):
            given[0] = texts_of_items(given[0])
        return call(function.form, *given)

    def argument(self, node: Expression, wanted: Type, may_be_absent: bool) -> Code:
        """An argument of a function."""
        kind = infer(node, self.scope)
        if may_be_absent and wanted == LIST:
            return self.json(node, kind)
        if may_be_absent and (kind == JSON or _may_be_absent(node)):
            return choice(self.text(node, may_be_absent=True), Code("'null'"))
        if wanted == NUMBER:
            return self.value(node, _number(kind))
        if wanted == COUNTABLE:
            return self.value(node, kind if kind.name in STRUCTURES else _own(kind))
        return self.value(node, wanted)

    def holds_texts(self, node: Expression) -> bool:
        """True for a list of which it is known that all its items are texts."""
        if isinstance(node, Listing):
            return all(infer(each, self.scope).name not in TYPED | {""} for each in node.items)
        return isinstance(node, FunctionCall) and node.name in {"split", "keys"}

    def index(self, node: Index, may_be_absent: bool) -> Code:
        """An item of a JSON list, or a value of a JSON object."""
        kind, key = infer(node.target, self.scope), infer(node.key, self.scope)
        target = self.json(node.target, kind) if may_be_absent else self.value(node.target, _structure(kind))
        wanted = INTEGER if kind.name == "JsonArray" or key.name in NUMBERS else STRING
        return member(target, self.value(node.key, wanted), may_be_absent=may_be_absent)

    def json(self, node: Expression, kind: Type) -> Code:
        """A JSON value that is absent where the text is."""
        if kind == JSON:
            return self.computed(node, may_be_absent=True)
        if self.is_read(node, kind) and _may_be_absent(node):
            return call("fromJSON({0})", choice(self.text(node, may_be_absent=True), Code("'null'")))
        return self.value(node, _structure(kind))


def operand_types(operator: str, left: Type, right: Type) -> tuple[Type, Type]:
    """What an operator makes of its operands: numbers when one is, and so on."""
    names = {left.name, right.name}
    if operator in {"&&", "||"} or "Boolean" in names:
        return BOOLEAN, BOOLEAN
    if operator in {"-", "*", "/"} or names & NUMBERS:
        return _number(left), _number(right)
    return STRING, STRING


def item_type(kinds: list[Type]) -> Type:
    """What the items of a list are compared as: numbers when one is, Booleans when one is, else texts."""
    names = {each.name for each in kinds}
    return FLOAT if names & NUMBERS else BOOLEAN if "Boolean" in names else STRING


def _may_be_absent(node: Expression) -> bool:
    """False for what is made of inputs alone: those always have a value."""
    return not all(isinstance(each, (InputReference, WorkflowReference)) for each in references(node))


def _is_choice(node: Expression) -> bool:
    return isinstance(node, Binary) and node.operator == "??"


def _own(kind: Type) -> Type:
    """What a value is by itself."""
    return kind if kind.name in TYPED or kind == JSON else STRING


def _number(kind: Type) -> Type:
    return kind if kind.name in NUMBERS else FLOAT


def _like(kind: Type, wanted: Type) -> Type:
    return _number(kind) if wanted == FLOAT else wanted


def _structure(kind: Type) -> Type:
    return kind if kind.name in STRUCTURES else LIST


def _of_text(text: Code, kind: Type, wanted: Type) -> Code:
    """A text as the value of a type: of its own, when it has one."""
    name = kind.name if kind.name in TYPED else wanted.name
    forms = {
        "Integer": "asInt({0})",
        "Float": "asFloat({0})",
        "JsonArray": "fromJSON({0})",
        "JsonObject": "fromJSON({0})",
    }
    if name == "Boolean":
        return operation(call("lower({0})", text), "==", Code("'true'"))
    return call(forms[name], text) if name in forms else text


def _of_json(value: Code, wanted: Type) -> Code:
    """A JSON value as the value of a type."""
    if wanted.name == "Boolean":
        return operation(call("lower(string({0}))", value), "==", Code("'true'"))
    if wanted.name in NUMBERS:
        return call("asInt({0})" if wanted.name == "Integer" else "asFloat({0})", value)
    return value


def _constant_text(value: str | float | bool | None) -> str:
    if isinstance(value, (bool, str)):
        return str(value)
    return "null" if value is None else number_text(value)


def _is_text_alone(value: str | float | bool | None) -> bool:
    """True for a text that is no JSON: no value but the text itself is written so."""
    try:
        return isinstance(value, str) and isinstance(json.loads(value), str)
    except (ValueError, RecursionError):
        return True
