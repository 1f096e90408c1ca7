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
    optional: int = 0
    """How many of the last arguments may be omitted."""

    @property
    def arguments(self) -> str:
        """The types of the arguments in words."""
        needed = len(self.takes) - self.optional
        return ", ".join(
            each.shown if position < needed else f"[{each.shown}]" for position, each in enumerate(self.takes)
        )

    def accepts(self, number: int) -> bool:
        """True for a number of arguments that the function can have."""
        return len(self.takes) - self.optional <= number <= len(self.takes)

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


def _function(takes: str, result: str, form: str, meaning: str, optional: int = 0) -> Function:
    return Function(tuple(_TYPES[each] for each in takes), _TYPES[result], form, meaning, optional)


RFC_3339: Final = "2006-01-02T15:04:05Z07:00"
"""The layout of a time in Go, such as `2026-01-31T03:00:00Z`."""


FUNCTIONS: Final[Mapping[str, Function]] = {
    "addDays": _function(
        "SI",
        "S",
        f"date({{0}}).AddDate(0, 0, {{1}}).Format('{RFC_3339}')",
        "the time so many days later, or earlier if negative",
    ),
    "addHours": _function(
        "SN",
        "S",
        f"date({{0}}).Add(duration(string({{1}}) + 'h')).Format('{RFC_3339}')",
        "the time so many hours later, or earlier if negative",
    ),
    "abs": _function("N", "N", "abs({0})", "the number without its sign"),
    "ceil": _function("N", "I", "int(ceil({0}))", "the next whole number above"),
    "concat": _function("LL", "L", "map(concat({0}, {1}), #)", "the items of both lists"),
    "contains": _function("SS", "B", "{0} contains {1}", "true if the first string contains the second"),
    "endsWith": _function("SS", "B", "{0} endsWith {1}", "true if the first string ends with the second"),
    "first": _function("L", "J", "first({0})", "the first item of a list; absent if the list is empty"),
    "float": _function("S", "F", "asFloat({0})", "the number that a string contains"),
    "floor": _function("N", "I", "int(floor({0}))", "the next whole number below"),
    "formatTime": _function(
        "SSS", "S", "", "the time in a format of strftime: `'%Y-%m-%d'`; in a time zone if the third names one", 1
    ),
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
    "range": _function(
        "II", "L", "({0}..({1} - 1))", "the whole numbers from the first up to, but without, the second"
    ),
    "regexReplace": _function(
        "SSS",
        "S",
        "sprig.regexReplaceAllLiteral({1}, {0}, {2})",
        "the string with each match of the regular expression (RE2) replaced by the third",
    ),
    "replace": _function(
        "SSS", "S", "replace({0}, {1}, {2})", "the string with the second argument replaced by the third"
    ),
    "round": _function("N", "I", "int(round({0}))", "the nearest whole number; halves are rounded away from zero"),
    "sha256": _function("S", "S", "sprig.sha256sum({0})", "the SHA-256 digest of the string, in hexadecimal"),
    "split": _function("SS", "L", "split({0}, {1})", "the parts of the string between the separators"),
    "startsWith": _function("SS", "B", "{0} startsWith {1}", "true if the first string starts with the second"),
    "string": _function("*", "S", "{0}", "the value as a string"),
    "substring": _function(
        "SII",
        "S",
        "",
        "the characters from a position (0 is the first) up to, but without, another; negative ones count from the end",
        1,
    ),
    "sum": _function("L", "F", "sum({0}, asFloat(#))", "the sum of the numbers in a list"),
    "toJson": _function("*", "S", "toJson({0})", "the value as JSON, a string with its quotes"),
    "trim": _function("S", "S", "trim({0})", "the string without space at its ends"),
    "trimPrefix": _function("SS", "S", "trimPrefix({0}, {1})", "the string without the second at its start"),
    "trimSuffix": _function("SS", "S", "trimSuffix({0}, {1})", "the string without the second at its end"),
    "upper": _function("S", "S", "upper({0})", "the string in upper case"),
}
