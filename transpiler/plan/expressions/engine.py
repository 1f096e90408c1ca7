r"""The language of Argo's expression engine (expr-lang 1.17): texts of expressions, combined by precedence.

Argo extracts the text from a JSON document and searches it for `}}` and `\u003c` before the engine does, so no literal
contains them (Argo's util/template, util/json).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from msgspec import Struct

from transpiler.patterns import regex

LOOSEST, CHOICE, OR, AND, COMPARISON, SUM, NOT, PRODUCT, SIGN, CLOSEST = range(10)
"""The precedence of the outermost operator of an expression; LOOSEST is `test ? then : otherwise`.

CHOICE is `??`, which binds closest in the engine but cannot be combined with other operators without parentheses.
"""
BINDS: Final = {
    "||": OR,
    "&&": AND,
    **dict.fromkeys(
        ("==", "!=", "<", "<=", ">", ">=", "in", "contains", "startsWith", "endsWith", "matches"), COMPARISON
    ),
    "+": SUM,
    "-": SUM,
    "*": PRODUCT,
    "/": PRODUCT,
}
_ASSOCIATIVE: Final = {"||", "&&"}


class EngineExpression(Struct, frozen=True):
    """An expression of the engine."""

    text: str
    binds: int = CLOSEST

    def above(self, least: int) -> str:
        """The text, in brackets unless its operator binds at least as close as `least`."""
        return self.text if self.binds >= least else f"({self.text})"


def operation(left: EngineExpression, operator: str, right: EngineExpression) -> EngineExpression:
    """`left operator right`. Comparisons are never read in a row: the engine has a meaning of its own for that."""
    binds = BINDS[operator]
    least = binds + 1 if binds == COMPARISON else binds
    return EngineExpression(
        f"{left.above(least)} {operator} {right.above(binds + (operator not in _ASSOCIATIVE))}", binds
    )


def choice(left: EngineExpression, right: EngineExpression) -> EngineExpression:
    """`left ?? right`."""
    first = left.text if left.binds == CHOICE else left.above(CLOSEST)
    return EngineExpression(f"{first} ?? {right.above(CLOSEST)}", CHOICE)


def conditional(test: EngineExpression, then: EngineExpression, otherwise: EngineExpression) -> EngineExpression:
    """`test ? then : otherwise`."""
    return EngineExpression(f"{test.above(OR)} ? {then.above(CHOICE)} : {otherwise.above(CHOICE)}", LOOSEST)


EMPTY: Final = EngineExpression("''")
NIL: Final = EngineExpression("nil")


def passed_or(text: EngineExpression, alternative: EngineExpression) -> EngineExpression:
    """The text of an optional input, or an alternative if no caller passes it."""
    if text == EMPTY:
        return alternative  # known to be left out
    return conditional(operation(text, "!=", EMPTY), text, alternative)


_ZONED: Final = "date(timezone("
"""In the arguments of a sprig function, the engine hands `date` a zone that it does not take."""


def call(form: str, *arguments: EngineExpression) -> EngineExpression:
    """A function; `{0}` in its form is an argument."""
    if form.startswith("sprig.") and any(_ZONED in each.text for each in arguments):
        listed = ", ".join(each.text for each in arguments)
        inner = form.format(*(f"#[{place}]" for place in range(len(arguments))))
        return EngineExpression(f"map([[{listed}]], {inner})[0]")
    return EngineExpression(form.format(*(each.text for each in arguments)))


def negated(test: EngineExpression) -> EngineExpression:
    """`!test`."""
    return EngineExpression(f"!{test.above(CLOSEST)}", NOT)


def negative(number: EngineExpression) -> EngineExpression:
    """`-number`."""
    return EngineExpression(f"-{number.above(CLOSEST)}", SIGN)


def member(target: EngineExpression, key: EngineExpression, *, may_be_absent: bool = False) -> EngineExpression:
    """`target[key]`; where the target may be absent, so is this."""
    return EngineExpression(f"{target.above(CLOSEST)}{'?.' if may_be_absent else ''}[{key.text}]")


def text_of_json(value: EngineExpression) -> EngineExpression:
    """The text of a JSON value: a string itself, any other value as JSON. An absent value stays absent."""
    return call("first(map([{0}], type(#) in ['string', 'nil'] ? # : toJson(#)))", value)


def json_or_text(text: EngineExpression) -> EngineExpression:
    """The value of a text that is a JSON list or object; any other text itself."""
    return call("first(map([sprig.fromJson({0})], type(#) in ['array', 'map'] ? # : {0}))", text)


def mapping(entries: Iterable[tuple[str, EngineExpression]]) -> EngineExpression:
    """An object of names and values."""
    pairs = (f"{quoted(name).above(CLOSEST)}: {value.text}" for name, value in entries)
    return EngineExpression(f"{{{', '.join(pairs)}}}")


def texts_of_items(items: EngineExpression) -> EngineExpression:
    """A list of the texts of a list's items."""
    return call("map({0}, type(#) == 'string' ? # : toJson(#))", items)


def part_of_text(
    text: EngineExpression, start: EngineExpression, end: EngineExpression | None = None
) -> EngineExpression:
    """The characters from one position to another. The engine's own slices of a string count bytes."""
    until = end.above(OR) if end is not None else ""
    return EngineExpression(f"join(split({text.text}, '')[{start.above(OR)}:{until}], '')")


# ------------------------------------------------------------------ literals

_ESCAPES: Final = {"\\": "\\\\", "'": "\\'", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_MISREAD: Final = regex(r"(?<=\{)(?=\{)|(?<=\})(?=\})|(?<=\\)(?=u00(?:3c|3e|26))")
"""Where Argo would find something of its own: between two braces, and in an escape that `util/json.Fix` undoes."""


def quoted(text: str) -> EngineExpression:
    """A text as a literal; as several with `+` between them, where Argo would misread it."""
    parts = [f"'{''.join(_ESCAPES.get(each, each) for each in part)}'" for part in _MISREAD.split(text)]
    return EngineExpression(" + ".join(parts), SUM if len(parts) > 1 else CLOSEST)


def literal(value: str | float | bool | None) -> EngineExpression:
    """A constant."""
    if value is None:
        return EngineExpression("nil")
    return quoted(value) if isinstance(value, str) else EngineExpression(json.dumps(value))


def constant_text(value: str | float | bool | None) -> str:
    """The text of a constant, as a program receives it."""
    if isinstance(value, (bool, str)):
        return str(value)
    return "null" if value is None else _number_text(value)


def _number_text(value: float) -> str:
    """A non-negative number as Go writes it in JSON: without an exponent from 1e-6 up to 1e21."""
    if isinstance(value, int):
        return str(value)
    if value != 0 and not 1e-6 <= value < 1e21:
        return repr(value).replace("e-0", "e-")
    return format(Decimal(repr(value)).normalize(), "f")
