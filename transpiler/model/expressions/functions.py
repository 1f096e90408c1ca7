"""The functions that an expression can call.

They are those of Argo's expression engine (expr-lang) that always give the same result for the same arguments:
functions that are random, or depend on the time of day, are excluded.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from msgspec import Struct

from transpiler.model.expressions.types import ANY, JSON, Type, parse_type

NUMBER: Final = Type("Number", "Number")
"""An argument or a result of a function: an Integer for Integers, otherwise a Float."""
COUNTABLE: Final = Type("Countable", "String/JsonArray/JsonObject")
"""The types with a length."""


class Function(Struct, frozen=True):
    """A function: the types of its arguments and result, and its form in Argo's engine (`{0}` is an argument)."""

    takes: tuple[Type, ...]
    result: Type
    form: str
    meaning: str

    @property
    def is_infix(self) -> bool:
        """True when the engine has an operator for it."""
        return self.form.startswith("{0} ")


_TYPES: Final = {
    "S": parse_type("String"),
    "I": parse_type("Integer"),
    "F": parse_type("Float"),
    "B": parse_type("Boolean"),
    "L": parse_type("JsonArray"),
    "O": parse_type("JsonObject"),
    "N": NUMBER,
    "C": COUNTABLE,
    "J": JSON,
    "*": ANY,
}


def _function(takes: str, result: str, form: str, meaning: str) -> Function:
    return Function(tuple(_TYPES[each] for each in takes), _TYPES[result], form, meaning)


FUNCTIONS: Final[Mapping[str, Function]] = {
    "abs": _function("N", "N", "abs({0})", "the number without its sign"),
    "ceil": _function("N", "I", "int(ceil({0}))", "the next whole number above"),
    "contains": _function("SS", "B", "{0} contains {1}", "true if the first string contains the second"),
    "endsWith": _function("SS", "B", "{0} endsWith {1}", "true if the first string ends with the second"),
    "first": _function("L", "J", "first({0})", "the first item of a list; absent if the list is empty"),
    "float": _function("S", "F", "asFloat({0})", "the number that a string contains"),
    "floor": _function("N", "I", "int(floor({0}))", "the next whole number below"),
    "int": _function("S", "I", "asInt({0})", "the whole number that a string contains"),
    "join": _function("LS", "S", "join({0}, {1})", "the items of a list as one string, separated by the second"),
    "json": _function("S", "J", "fromJSON({0})", "the value of a JSON string"),
    "keys": _function("O", "L", "sort(keys({0}))", "the keys of an object, sorted"),
    "last": _function("L", "J", "last({0})", "the last item of a list; absent if the list is empty"),
    "len": _function("C", "I", "len({0})", "the length of a string in characters, of a list or object in items"),
    "lower": _function("S", "S", "lower({0})", "the string in lower case"),
    "matches": _function("SS", "B", "{0} matches {1}", "true if the regular expression (RE2) matches in the string"),
    "max": _function("NN", "N", "max({0}, {1})", "the larger number"),
    "min": _function("NN", "N", "min({0}, {1})", "the smaller number"),
    "replace": _function(
        "SSS", "S", "replace({0}, {1}, {2})", "the string with the second argument replaced by the third"
    ),
    "round": _function("N", "I", "int(round({0}))", "the nearest whole number; halves are rounded away from zero"),
    "split": _function("SS", "L", "split({0}, {1})", "the parts of the string between the separators"),
    "startsWith": _function("SS", "B", "{0} startsWith {1}", "true if the first string starts with the second"),
    "string": _function("*", "S", "{0}", "the value as a string"),
    "toJson": _function("*", "S", "toJson({0})", "the value as JSON, a string with its quotes"),
    "trim": _function("S", "S", "trim({0})", "the string without space at its ends"),
    "upper": _function("S", "S", "upper({0})", "the string in upper case"),
}
