"""What an expression means, as plainly as it can be said: the section "Expressions" of docs/language.md, as a program.

Evaluates the tree of an expression. Knows nothing of how it is compiled, and nothing of the compiler's own types.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from transpiler.model.expressions.tree import (
    Binary,
    Conditional,
    Constant,
    Expression,
    FactReference,
    FunctionCall,
    Index,
    InputReference,
    Listing,
    OutputReference,
    Unary,
    WorkflowReference,
)


class Refused(Exception):  # noqa: N818 - an answer
    """Nobody can say what it means: a mistake that the compiler reports."""


class RunEnds(Exception):  # noqa: N818 - an answer
    """It has a meaning, but no value in this run: Argo ends it."""


class Unspecified(Exception):  # noqa: N818 - an answer
    """Argo gives some value that nobody should rely on."""


@dataclass(frozen=True)
class Given:
    """What a reference stands for in a run: its declared type, and its text; None when it is absent."""

    kind: str
    text: str | None
    may_be_absent: bool = False
    is_optional: bool = False
    """True for an optional input, which is absent if its text is empty."""
    collects: str = ""
    """The type of the values that a loop collects: they are texts, but lists and objects where all of them are."""


Names = Mapping[str, Given]
"""What each reference stands for, by its text: `inputs.a`."""
NUMBERS: Final = {"Integer", "Float"}
STRUCTURES: Final = {"JsonArray", "JsonObject"}
TYPED: Final = {*NUMBERS, *STRUCTURES, "Boolean"}
ANY, JSON, STRING = "Any", "JSON", "String"
"""A text of unknown meaning; a value inside of JSON; a text."""


def key_of(node: Expression) -> str:
    """A reference as a key of Names."""
    match node:
        case InputReference(name):
            return f"inputs.{name}"
        case OutputReference(task, output):
            return f"tasks.{task}.outputs.{output}"
        case FactReference(task, fact):
            return f"tasks.{task}.{fact}"
        case WorkflowReference(name):
            return f"workflow.{name}"
    raise AssertionError(node)


# ---------------------------------------------------------------------- types


def kind_of(node: Expression, names: Names) -> str:  # noqa: C901, PLR0912 - a case for each form
    """The type of an expression. Raises Refused for one that has a mistake."""
    match node:
        case Constant(None):
            raise Refused("null")
        case Constant(value):
            return {bool: "Boolean", int: "Integer", float: "Float", str: STRING}[type(value)]
        case Listing(items):
            for item in items:
                kind_of(item, names)
            return "JsonArray"
        case Unary("!", operand):
            need(operand, {"Boolean"}, names)
            return "Boolean"
        case Unary(_, operand):
            return number_kind(need(operand, NUMBERS, names))
        case Conditional(test, then, otherwise):
            need(test, {"Boolean"}, names)
            return common(kind_of(then, names), kind_of(otherwise, names))
        case Binary("??", left, right):
            kinds = kind_of(left, names), kind_of(right, names)
            if (isinstance(left, InputReference) and not is_optional(left, names)) or not references_in(left):
                raise Refused("never absent")
            is_test = isinstance(right, Binary) and right.operator in {"==", "!=", "<", "<=", ">", ">=", "in"}
            if is_test and kinds[0] not in {"Boolean", ANY, JSON}:
                raise Refused("a test as the alternative of another value")
            kind = common(*kinds)
            return ANY if kind == JSON else kind
        case Binary("in", left, right):
            membership(kind_of(left, names), right, names)
            return "Boolean"
        case Binary(operator, left, right):
            return operator_kind(operator, left, right, names)
        case FunctionCall(name, arguments):
            return call_kind(name, [kind_of(each, names) for each in arguments])
        case Index(FactReference() | WorkflowReference(), _):
            raise Refused("a name of Argo's is no JSON")
        case Index(target, key):
            index(kind_of(target, names), kind_of(key, names))
            return JSON
    return names[key_of(node)].kind


def references_in(node: Expression) -> list[Expression]:
    match node:
        case Constant():
            return []
        case Listing(items) | FunctionCall(_, items):
            return [each for item in items for each in references_in(item)]
        case Unary(_, operand):
            return references_in(operand)
        case Binary(_, left, right) | Index(left, right):
            return references_in(left) + references_in(right)
        case Conditional(test, then, otherwise):
            return references_in(test) + references_in(then) + references_in(otherwise)
    return [node]


def need(node: Expression, wanted: set[str], names: Names) -> str:
    kind = kind_of(node, names)
    if kind not in {*wanted, ANY, JSON}:
        raise Refused(f"{kind} for {wanted}")
    return kind


def number_kind(*kinds: str) -> str:
    return "Integer" if all(kind == "Integer" for kind in kinds) else "Float"


def common(left: str, right: str) -> str:
    if left == right:
        return left
    return "Float" if {left, right} == NUMBERS else ANY


def family(kind: str) -> str:
    return "number" if kind in NUMBERS else kind


def operator_kind(operator: str, left: Expression, right: Expression, names: Names) -> str:
    if operator in {"&&", "||"}:
        need(left, {"Boolean"}, names)
        need(right, {"Boolean"}, names)
        return "Boolean"
    if operator in {"-", "*", "/"}:
        numbers = need(left, NUMBERS, names), need(right, NUMBERS, names)
        return "Float" if operator == "/" else number_kind(*numbers)
    if operator in {"==", "!="} and (is_null(left) or is_null(right)):
        other = [each for each in (left, right) if not is_null(each)]
        if any(kind_of(each, names) != JSON and not is_optional(each, names) for each in other):
            raise Refused("never null")
        return "Boolean"
    first, second = kind_of(left, names), kind_of(right, names)
    kinds = {first, second}
    if not kinds & {ANY, JSON} and family(first) != family(second):
        raise Refused(f"{operator} between {first} and {second}")
    if operator in {"==", "!="}:
        return "Boolean"
    if kinds & {*STRUCTURES, "Boolean"}:
        raise Refused(f"{operator} of {kinds}")
    if kinds <= {ANY, JSON} and (operator != "+" or JSON in kinds):
        raise Refused("numbers or texts?")
    if operator != "+":
        return "Boolean"
    return number_kind(first, second) if kinds & NUMBERS else STRING


def is_null(node: Expression) -> bool:
    return isinstance(node, Constant) and node.value is None


def is_optional(node: Expression, names: Names) -> bool:
    return isinstance(node, InputReference) and names[key_of(node)].is_optional


def membership(left: str, right: Expression, names: Names) -> None:
    if isinstance(right, Listing):
        kinds = [left, *(kind_of(item, names) for item in right.items)]
        families = {family(kind) for kind in kinds} - {ANY, JSON}
        if families & STRUCTURES or len(families) > 1:
            raise Refused(f"in between {kinds}")
        return
    kind = kind_of(right, names)
    if kind not in {*STRUCTURES, ANY, JSON} or (kind == "JsonObject" and left in TYPED):
        raise Refused(f"{left} in {kind}")
    if left in TYPED and holds_texts(right, names):
        raise Refused("a list of texts")


def holds_texts(node: Expression, names: Names) -> bool:
    match node:
        case Conditional(_, then, otherwise):
            return holds_texts(then, names) or holds_texts(otherwise, names)
        case FunctionCall("split" | "keys"):
            return True
    return isinstance(node, OutputReference) and names[key_of(node)].collects not in {"", *STRUCTURES}


def index(target: str, key: str) -> None:
    if target not in {*STRUCTURES, STRING, ANY, JSON}:
        raise Refused(f"[ ] of {target}")
    if target == "JsonArray" and key not in {"Integer", ANY, JSON}:
        raise Refused(f"{key} as a position")
    if key in TYPED - {"Integer"} or (target == "JsonObject" and key == "Integer"):
        raise Refused(f"{key} as a name")


FUNCTIONS: Final[Mapping[str, tuple[str, str]]] = {
    **dict.fromkeys(["lower", "upper", "trim"], ("S", STRING)),
    **dict.fromkeys(["contains", "startsWith", "endsWith", "matches"], ("SS", "Boolean")),
    **dict.fromkeys(["ceil", "floor", "round"], ("N", "Integer")),
    **dict.fromkeys(["first", "last"], ("L", JSON)),
    **dict.fromkeys(["trimPrefix", "trimSuffix"], ("SS", STRING)),
    "addDays": ("SI", STRING),
    "addHours": ("SN", STRING),
    "concat": ("LL", "JsonArray"),
    "formatTime": ("SSS", STRING),
    "range": ("II", "JsonArray"),
    "regexReplace": ("SSS", STRING),
    "sha256": ("S", STRING),
    "substring": ("SII", STRING),
    "sum": ("L", "Float"),
    "abs": ("N", "N"),
    "float": ("S", "Float"),
    "int": ("S", "Integer"),
    "join": ("LS", STRING),
    "json": ("S", JSON),
    "keys": ("O", "JsonArray"),
    "len": ("C", "Integer"),
    "max": ("NN", "N"),
    "min": ("NN", "N"),
    "replace": ("SSS", STRING),
    "split": ("SS", "JsonArray"),
    "string": ("*", STRING),
    "toJson": ("*", STRING),
}
"""What each function takes (a letter each) and yields."""
OPTIONAL: Final = {"formatTime": 1, "substring": 1}
"""How many of the last arguments a function can do without."""
TAKES: Final = {
    "S": {STRING},
    "N": NUMBERS,
    "I": {"Integer"},
    "L": {"JsonArray"},
    "O": {"JsonObject"},
    "C": {STRING, *STRUCTURES},
    "*": {STRING, *TYPED},
}


def call_kind(name: str, kinds: list[str]) -> str:
    takes, result = FUNCTIONS[name]
    if not len(takes) - OPTIONAL.get(name, 0) <= len(kinds) <= len(takes):
        raise Refused(f"{name} with {len(kinds)} arguments")
    for letter, kind in zip(takes, kinds, strict=False):
        if kind not in {*TAKES[letter], ANY, JSON}:
            raise Refused(f"{name} of {kind}")
    return number_kind(*kinds) if result == "N" else result


def unguarded(node: Expression, names: Names) -> bool:
    """True when an expression needs the value of something that may be absent."""
    match node:
        case Binary("??", left, right):
            return any(unguarded_behind(side, names) for side in (left, right))
        case Constant():
            return False
        case Listing(items) | FunctionCall(_, items):
            return any(unguarded(each, names) for each in items)
        case Unary(_, operand):
            return unguarded(operand, names)
        case Binary(_, left, right) | Index(left, right):
            return unguarded(left, names) or unguarded(right, names)
        case Conditional(test, then, otherwise):
            return any(unguarded(each, names) for each in (test, then, otherwise))
    return names[key_of(node)].may_be_absent


def unguarded_behind(node: Expression, names: Names) -> bool:
    """The same for a side of a `??`, whose own absence is fine: so is that of what it is a part of."""
    match node:
        case Conditional(test, then, otherwise):
            return unguarded(test, names) or any(unguarded_behind(each, names) for each in (then, otherwise))
        case Index(target, key):
            return unguarded_behind(target, names) or unguarded(key, names)
        case FunctionCall("json" | "first" | "last", arguments):
            return any(unguarded_behind(each, names) for each in arguments)
        case InputReference() | OutputReference() | FactReference() | WorkflowReference():
            return False
    return unguarded(node, names)


# ---------------------------------------------------------------------- values


@dataclass(frozen=True)
class Meaning:
    """Evaluates expressions in one run."""

    names: Names

    def kind(self, node: Expression) -> str:
        return JSON if is_null(node) else kind_of(node, self.names)

    def printed(self, node: Expression) -> str:
        """The text that a task receives."""
        text = self.text(node)
        if text is None:
            raise RunEnds("absent")
        return text

    def condition(self, node: Expression) -> str:
        return "true" if self.value(node, "Boolean") else "false"

    def text(self, node: Expression, *, guarded: bool = False) -> str | None:
        """The text of a value: what a reference gives, as it is; None when it is absent."""
        match node:
            case InputReference() | OutputReference() | FactReference() | WorkflowReference():
                given = self.names[key_of(node)]
                return None if guarded and given.is_optional and not given.text else given.text
            case Conditional(test, then, otherwise):
                return self.text(then if self.value(test, "Boolean") else otherwise, guarded=guarded)
            case Binary("??", left, right):
                text = self.text(left, guarded=True)
                return self.text(right, guarded=True) if text is None else text
            case FunctionCall("string", (argument,)):
                return self.text(argument)
        kind = self.kind(node)
        value = self.own_value(node, guarded=guarded)
        if kind == "Boolean":
            return str(value)
        return text_of_json(value)

    def value(self, node: Expression, wanted: str, *, guarded: bool = False) -> Any:
        """A value as what is wanted of it."""
        kind = self.kind(node)
        if wanted in {STRING, ANY}:
            return self.text(node, guarded=guarded)
        if isinstance(node, FunctionCall) and node.name == "string":
            return read(self.text(node), wanted)
        if isinstance(node, Conditional) and kind in TYPED:
            test, then, otherwise = node.test, node.then, node.otherwise
            return self.value(then if self.value(test, "Boolean") else otherwise, kind)
        if kind in TYPED:
            wanted = kind
        if self.is_known_by_its_text(node, kind):
            return read(self.text(node, guarded=guarded), wanted, guarded=guarded)
        value = self.own_value(node, guarded=guarded)
        if kind == STRING:
            return read(value, wanted, guarded=guarded)
        return read_json(value, wanted) if kind == JSON else value

    @staticmethod
    def is_known_by_its_text(node: Expression, kind: str) -> bool:
        if isinstance(node, (InputReference, OutputReference, FactReference, WorkflowReference)):
            return True
        if isinstance(node, Conditional):
            return kind != JSON
        return isinstance(node, Binary) and node.operator == "??"

    def own_value(self, node: Expression, *, guarded: bool = False) -> Any:  # noqa: C901, PLR0912 - see kind_of
        """The value of what is no reference."""
        match node:
            case Constant(value):
                return value
            case Listing(items):
                return [self.value(item, self.kind(item)) for item in items]
            case Unary("!", operand):
                return not self.value(operand, "Boolean")
            case Unary(_, operand):
                return whole(-self.value(operand, "Float"))
            case Conditional(test, then, otherwise):
                return self.own_value(then if self.value(test, "Boolean") else otherwise, guarded=guarded)
            case Binary("&&", left, right):
                return self.decided(left, right) and self.value(right, "Boolean")
            case Binary("||", left, right):
                return self.decided(left, right) or self.value(right, "Boolean")
            case Binary("in", left, right):
                return self.is_in(left, right)
            case Binary("==", left, right):
                return self.are_equal(left, right)
            case Binary("!=", left, right):
                return not self.are_equal(left, right)
            case Binary(operator, left, right):
                return self.computed(operator, left, right)
            case FunctionCall(name, arguments):
                return self.called(name, arguments, guarded=guarded)
            case Index(target, key):
                return self.item(target, key, guarded=guarded)
        raise AssertionError(node)

    # ------------------------------------------------------------------ operators

    def computed(self, operator: str, left: Expression, right: Expression) -> Any:
        kinds = {self.kind(left), self.kind(right)}
        if operator in {"-", "*", "/"} or kinds & NUMBERS:
            return arithmetic(operator, self.value(left, "Float"), self.value(right, "Float"))
        first, second = self.text(left), self.text(right)
        if first is None or second is None:
            raise RunEnds(f"{operator} of what is absent")
        if operator == "+":
            return first + second
        return {"<": first < second, "<=": first <= second, ">": first > second, ">=": first >= second}[operator]

    def decided(self, left: Expression, right: Expression) -> Any:
        """The left side of `&&` and `||`. Argo does not look at it when the right one alone says the result."""
        try:
            return self.value(left, "Boolean")
        except RunEnds as end:
            if not references_in(right):
                raise Unspecified("decided by a constant") from end
            raise

    def are_equal(self, left: Expression, right: Expression) -> bool:
        for one, other in ((left, right), (right, left)):
            if is_null(one) and is_optional(other, self.names):
                return self.text(other) == ""
        kinds = {self.kind(left), self.kind(right)}
        if kinds & STRUCTURES:
            return as_json(self.value(left, "JsonArray")) == as_json(self.value(right, "JsonArray"))
        if kinds & NUMBERS:
            return equal(self.value(left, "Float"), self.value(right, "Float"))
        if "Boolean" in kinds:
            return bool(self.value(left, "Boolean") == self.value(right, "Boolean"))
        if kinds == {JSON}:
            return equal(self.value(left, JSON), self.value(right, JSON))
        return self.text(left) == self.text(right)

    def is_in(self, left: Expression, right: Expression) -> bool:
        kind = self.kind(left)
        if isinstance(right, Listing):
            return self.is_listed(left, right)
        if kind == "Boolean" and isinstance(right, FunctionCall) and right.name == "range":
            raise Unspecified("the engine compares it with the numbers")
        within = self.value(right, "JsonArray")
        if self.kind(right) == "JsonObject" or (isinstance(within, dict) and kind == STRING):
            text = self.text(left)
            if text is None or not isinstance(within, dict):
                raise Unspecified("no key of no object")
            return text in within
        value = self.value(left, kind)
        if kind != ANY and within is None:
            return False
        if not isinstance(within, list):
            raise (
                Unspecified("in what is no list") if isinstance(within, (dict, str)) else RunEnds("in what is no list")
            )
        if kind == ANY or (
            kind == STRING and isinstance(right, OutputReference) and self.names[key_of(right)].collects
        ):
            within = [text_of_json(item, null="null") for item in within]
        return any(equal(value, item) for item in within)

    def is_listed(self, left: Expression, right: Listing) -> bool:
        kinds = {self.kind(each) for each in (left, *right.items)}
        wanted = "Float" if kinds & NUMBERS else "Boolean" if "Boolean" in kinds else STRING
        value, items = self.value(left, wanted), [self.value(item, wanted) for item in right.items]
        if value is None and items:
            raise Unspecified("absent in a list")
        return any(equal(value, item) for item in items)

    # ------------------------------------------------------------------ functions and JSON

    def item(self, target: Expression, key: Expression, *, guarded: bool) -> Any:
        kind = self.kind(target)
        whole_value = self.value(target, kind if kind in STRUCTURES else "JsonArray", guarded=guarded)
        by_position = kind == "JsonArray" or self.kind(key) in NUMBERS
        name = self.value(key, "Integer" if by_position else STRING)
        if whole_value is None:
            if guarded:
                return None
            raise RunEnds("an item of what is absent")
        if isinstance(whole_value, str) and by_position:
            raise Unspecified("a byte of a text")
        if isinstance(whole_value, dict) and isinstance(name, str):
            return whole_value.get(name)
        if isinstance(whole_value, dict) and name is None:
            raise Unspecified("no name")
        if not isinstance(whole_value, list) or not isinstance(name, int):
            raise RunEnds(f"{whole_value!r}[{name!r}]")
        if not -len(whole_value) <= name < len(whole_value):
            raise RunEnds("no such position")
        return whole_value[name]

    def called(self, name: str, arguments: tuple[Expression, ...], *, guarded: bool) -> Any:
        if name in {"first", "last", "json"}:
            value = self.value(arguments[0], STRING if name == "json" else "JsonArray", guarded=guarded)
            if name == "json":
                return from_json(value, guarded=guarded)
            if isinstance(value, str):
                raise Unspecified("a byte of a text")
            return value[0 if name == "first" else -1] if isinstance(value, list) and value else None
        if name == "toJson":
            return self.as_json(arguments[0])
        takes = FUNCTIONS[name][0]
        wanted = {"S": STRING, "N": "Float", "I": "Integer", "L": "JsonArray", "O": "JsonObject"}
        given = [
            self.value(each, wanted[letter]) if letter in wanted else self.counted(each)
            for letter, each in zip(takes, arguments, strict=False)
        ]
        if name in {"contains", "startsWith", "endsWith", "matches"} and None in given:
            return False
        if None in given:
            raise RunEnds(f"{name} of what is absent")
        return CALLS[name](*given)

    def as_json(self, node: Expression) -> str:
        kind = self.kind(node)
        value = self.value(node, kind if kind in {*TYPED, JSON} else STRING)
        if value is None and kind != JSON:
            raise RunEnds("toJson of what is absent")
        return as_json(value)

    def counted(self, node: Expression) -> Any:
        kind = self.kind(node)
        return self.value(node, kind if kind in STRUCTURES | {JSON} else STRING)


# ---------------------------------------------------------------------- reading and writing values


def read(text: str | None, wanted: str, *, guarded: bool = False) -> Any:
    """A text as a value of a type."""
    if wanted in STRUCTURES:
        return from_json(text, guarded=guarded)
    if text is None:
        raise RunEnds("absent")
    if wanted == "Boolean":
        return text.lower() == "true"
    if wanted == "Integer":
        return integer(text)
    return number(text) if wanted == "Float" else text


def read_json(value: Any, wanted: str) -> Any:
    """A JSON value as a value of a type."""
    if wanted == "Boolean":
        return value is True or (isinstance(value, str) and value.lower() == "true")
    if wanted not in NUMBERS:
        return value
    if value is None or isinstance(value, (bool, list, dict)):
        raise RunEnds(f"{value!r} as a number")
    if isinstance(value, str):
        return integer(value) if wanted == "Integer" else number(value)
    return to_integer(value) if wanted == "Integer" else float(value)


def integer(text: str) -> int:
    if not re.fullmatch(r"[-+]?[0-9]+", text) or not -(2**63) <= int(text) < 2**63:
        raise RunEnds(f"{text!r} as a whole number")
    return int(text)


def number(text: str) -> float:
    if re.fullmatch(r"[-+]?(inf|infinity|nan)", text, re.IGNORECASE):
        return float(text)
    if not re.fullmatch(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?", text) or math.isinf(float(text)):
        raise RunEnds(f"{text!r} as a number")
    return float(text)


def to_integer(value: float) -> int:
    if not -(2.0**63) <= value < 2.0**63:
        raise Unspecified("more than 64 bits")
    return int(value)


def whole(value: Any) -> Any:
    """An Integer in 64 bits; a Float as it is."""
    return (value + 2**63) % 2**64 - 2**63 if isinstance(value, int) else value


def from_json(text: str | None, *, guarded: bool = False) -> Any:
    if text is None:
        if guarded:
            return None
        raise RunEnds("absent")
    try:
        return json.loads(text, parse_int=finite, parse_float=finite, parse_constant=finite)
    except ValueError as error:
        raise RunEnds(str(error)) from error


def finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(text)
    return value


def text_of_json(value: Any, null: str | None = None) -> str | None:
    """A text as it is, anything else as JSON."""
    if value is None:
        return null
    return value if isinstance(value, str) else as_json(value)


def as_json(value: Any) -> str:
    """JSON as Go writes it: no spaces, keys sorted, `<`, `>` and `&` escaped."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{as_json(key)}:{as_json(value[key])}" for key in sorted(value)) + "}"
    if isinstance(value, list):
        return "[" + ",".join(as_json(item) for item in value) + "]"
    if isinstance(value, float):
        return number_text(value)
    if isinstance(value, str):
        text = json.dumps(value, ensure_ascii=False)
        return re.sub("[<>&\u2028\u2029]", lambda found: f"\\u{ord(found[0]):04x}", text)
    return json.dumps(value)


def number_text(value: float) -> str:
    """The shortest decimal that means the number; with an exponent only below 1e-6 and from 1e21 up."""
    if not math.isfinite(value):
        raise RunEnds(f"{value} has no text")
    if value == 0:
        return "-0" if math.copysign(1, value) < 0 else "0"
    sign, digits, exponent = Decimal(repr(value)).normalize().as_tuple()
    assert isinstance(exponent, int)
    shown = "".join(map(str, digits))
    minus = "-" if sign else ""
    if 1e-6 <= abs(value) < 1e21:
        if exponent >= 0:
            return f"{minus}{shown}{'0' * exponent}"
        shown = shown.rjust(1 - exponent, "0")
        return f"{minus}{shown[:exponent]}.{shown[exponent:]}"
    fraction = f".{shown[1:]}" if len(shown) > 1 else ""
    return f"{minus}{shown[0]}{fraction}e{exponent + len(shown) - 1:+}"


# ---------------------------------------------------------------------- arithmetic


def arithmetic(operator: str, left: Any, right: Any) -> Any:
    if operator == "/":
        return divided(float(left), float(right))
    if isinstance(left, float) or isinstance(right, float):
        left, right = float(left), float(right)
    operations: dict[str, Callable[[], Any]] = {
        "+": lambda: whole(left + right),
        "-": lambda: whole(left - right),
        "*": lambda: whole(left * right),
        "<": lambda: left < right,
        "<=": lambda: left <= right,
        ">": lambda: left > right,
        ">=": lambda: left >= right,
    }
    return operations[operator]()


def divided(left: float, right: float) -> float:
    if right:
        return left / right
    if left == 0 or math.isnan(left):
        return math.nan
    return math.copysign(math.inf, left) * math.copysign(1, right)


def equal(left: Any, right: Any) -> bool:
    """Equality of JSON: numbers by value, and nothing equals a value of another kind."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, (int, float)) and isinstance(right, (int, float)):
        return float(left) == float(right) if float in {type(left), type(right)} else left == right
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(equal(*each) for each in zip(left, right, strict=True))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(equal(left[key], right[key]) for key in left)
    return type(left) is type(right) and bool(left == right)


def rounded(value: float) -> int:
    if isinstance(value, int):
        return value
    if not math.isfinite(value):
        raise Unspecified("no whole number")
    down = math.floor(abs(value))
    return to_integer(math.copysign(down + (abs(value) - down >= 0.5), value))


def rounding(how: Callable[[float], int]) -> Callable[[Any], int]:
    def round_it(value: Any) -> int:
        if isinstance(value, float) and not math.isfinite(value):
            raise Unspecified("no whole number")
        return value if isinstance(value, int) else to_integer(how(value))

    return round_it


def counted(value: Any) -> int:
    if not isinstance(value, (str, list, dict)):
        raise RunEnds(f"the length of {value!r}")
    return len(value)


def joined(items: Any, between: str) -> str:
    if not isinstance(items, list):
        raise Unspecified("join of what is no list") if isinstance(items, (str, dict)) else RunEnds("no list")
    return between.join(str(text_of_json(item, null="null")) for item in items)


def keys(value: Any) -> list[str]:
    if not isinstance(value, dict):
        raise RunEnds("keys of what is no object")
    return sorted(value)


def larger(left: Any, right: Any) -> Any:
    return right if arithmetic("<", left, right) else left


def smaller(left: Any, right: Any) -> Any:
    return right if arithmetic(">", left, right) else left


# ---------------------------------------------------------------------- times


def time_of(text: str, zone: str = "") -> datetime:
    """A time from its text; one that says no offset is in the zone."""
    form = r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d:\d\d)?(Z|[-+]\d\d:\d\d)?"
    found = re.fullmatch(form, text)
    if found is None or ("T" in text) != bool(found[1]) or ("T" not in text and bool(found[1])):
        if re.search(r"\d\d:\d\d", text):
            raise Unspecified("another form of times")
        raise RunEnds(f"{text!r} as a time")
    try:
        time = datetime.fromisoformat(text)
    except ValueError as error:
        raise RunEnds(f"{text!r} as a time") from error
    if time.tzinfo is None:
        return time.replace(tzinfo=ZoneInfo(zone) if zone else UTC)
    return time.astimezone(ZoneInfo(zone)) if zone else time


def shown_time(time: datetime) -> str:
    return re.sub(r"[+]00:00$", "Z", time.isoformat(timespec="seconds"))


def format_time(text: str, form: str, zone: str = "") -> str:
    time = time_of(text, zone)
    seconds = str(round(time.timestamp()))
    return re.sub("%(.)", lambda found: seconds if found[1] == "s" else time.strftime(found[0]), form)


def later(text: str, **by: Any) -> str:
    if any(abs(value) > 10**5 or 0 < abs(value) < 0.001 for value in by.values()):
        raise Unspecified("centuries, or less than a second")
    return shown_time(time_of(text) + timedelta(**by))


# ---------------------------------------------------------------------- lists


def listed(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise RunEnds("no list")
    return value


def number_range(start: int, end: int) -> list[int]:
    if end - start > 10**6:
        raise RunEnds("too many numbers") if end - start < 2**62 else Unspecified("more than 64 bits")
    return list(range(start, end))


def total(items: Any) -> float:
    return sum((read_json(item, "Float") for item in listed(items)), 0.0)


CALLS: Final[Mapping[str, Callable[..., Any]]] = {
    "addDays": lambda text, days: later(text, days=days),
    "addHours": lambda text, hours: later(text, hours=hours),
    "concat": lambda left, right: listed(left) + listed(right),
    "formatTime": format_time,
    "range": number_range,
    "regexReplace": lambda text, pattern, other: re.sub(pattern, lambda _: other, text),
    "sha256": lambda text: hashlib.sha256(text.encode()).hexdigest(),
    "substring": lambda text, start, end=None: text[start:end],
    "sum": total,
    "trimPrefix": lambda text, start: text.removeprefix(start),
    "trimSuffix": lambda text, end: text.removesuffix(end),
    "abs": lambda value: whole(-value) if value < 0 else value,
    "ceil": rounding(math.ceil),
    "contains": lambda text, part: part in text,
    "endsWith": lambda text, part: text.endswith(part),
    "float": number,
    "floor": rounding(math.floor),
    "int": integer,
    "join": joined,
    "keys": keys,
    "len": counted,
    "lower": lambda text: "".join(each.lower() if len(each.lower()) == 1 else each for each in text),
    "matches": lambda text, pattern: re.search(pattern, text) is not None,
    "max": larger,
    "min": smaller,
    "replace": lambda text, old, new: text.replace(old, new),
    "round": rounded,
    "split": lambda text, between: text.split(between) if between else list(text),
    "startsWith": lambda text, part: text.startswith(part),
    "trim": lambda text: text.strip(" \t\n\v\f\r\x85\xa0\u2000\u2003\u2028\u2029\u3000"),
    "upper": lambda text: "".join(each.upper() if len(each.upper()) == 1 else each for each in text),
}
