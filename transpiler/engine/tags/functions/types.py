"""The types of the built-in functions, as the engine checks them before it evaluates (builtin/builtin.go)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from transpiler.engine.tags.errors import ExpressionError
from transpiler.engine.tags.natures import (
    ANY,
    ANY_MAP,
    BOOL,
    DURATION,
    FLOAT,
    FLOATS,
    INT,
    INTS,
    LIST,
    STRING,
    STRINGS,
    TIME,
    ZONE,
    Nature,
    Signature,
)

_S: Final = STRING
_TO_TEXT: Final = (Signature((_S,), _S),)
_PAIR: Final = Signature((_S, _S), _S)
_BITS: Final = (Signature((INT, INT), INT),)

OVERLOADS: Final[dict[str, tuple[Signature, ...]]] = {
    "type": (Signature((ANY,), _S),),
    "string": (Signature((ANY,), _S),),
    "trim": (*_TO_TEXT, _PAIR),
    "trimPrefix": (_PAIR, *_TO_TEXT),
    "trimSuffix": (_PAIR, *_TO_TEXT),
    "upper": _TO_TEXT,
    "lower": _TO_TEXT,
    "split": (Signature((_S, _S), STRINGS), Signature((_S, _S, INT), STRINGS)),
    "splitAfter": (Signature((_S, _S), STRINGS), Signature((_S, _S, INT), STRINGS)),
    "replace": (Signature((_S, _S, _S, INT), _S), Signature((_S, _S, _S), _S)),
    "repeat": (Signature((_S, INT), _S),),
    "join": (
        Signature((STRINGS, _S), _S),
        Signature((LIST, _S), _S),
        Signature((LIST,), _S),
        Signature((STRINGS, _S), _S),
        Signature((STRINGS,), _S),
    ),
    "indexOf": (Signature((_S, _S), INT),),
    "lastIndexOf": (Signature((_S, _S), INT),),
    "hasPrefix": (Signature((_S, _S), BOOL),),
    "hasSuffix": (Signature((_S, _S), BOOL),),
    "toJSON": (Signature((ANY,), _S),),
    "fromJSON": (Signature((_S,), ANY),),
    "toBase64": _TO_TEXT,
    "fromBase64": _TO_TEXT,
    "duration": (Signature((_S,), DURATION),),
    "timezone": (Signature((_S,), ZONE),),
    "sort": (
        *(Signature((each, _S), LIST) for each in (LIST, INTS, FLOATS, STRINGS)),
        *(Signature((each,), LIST) for each in (LIST, FLOATS, STRINGS, INTS)),
    ),
    **dict.fromkeys(("bitand", "bitor", "bitxor", "bitnand", "bitshl", "bitshr", "bitushr"), _BITS),
    "bitnot": (Signature((INT,), INT),),
}
"""Functions that fit one of several lists of arguments."""

METHODS: Final[dict[tuple[str, str], Nature]] = {
    (kind, name): Nature("func", "func", signature=signature)
    for kind, methods in {
        "duration": {
            **dict.fromkeys(("Hours", "Minutes", "Seconds"), Signature((), FLOAT)),
            **dict.fromkeys(("Milliseconds", "Microseconds", "Nanoseconds"), Signature((), Nature("int", "int64"))),
            "String": Signature((), _S),
            "Abs": Signature((), DURATION),
            **dict.fromkeys(("Round", "Truncate"), Signature((DURATION,), DURATION)),
        },
        "time": {
            "Format": Signature((_S,), _S),
            "String": Signature((), _S),
            **dict.fromkeys(("Unix", "UnixMilli", "UnixMicro", "UnixNano"), Signature((), Nature("int", "int64"))),
            **dict.fromkeys(("Year", "Day", "Hour", "Minute", "Second", "Nanosecond", "YearDay"), Signature((), INT)),
            "Month": Signature((), Nature("other", "time.Month")),
            "Weekday": Signature((), Nature("other", "time.Weekday")),
            **dict.fromkeys(("UTC", "Local"), Signature((), TIME)),
            "In": Signature((ZONE,), TIME),
            "Add": Signature((DURATION,), TIME),
            "Sub": Signature((TIME,), DURATION),
            "AddDate": Signature((INT, INT, INT), TIME),
            **dict.fromkeys(("Before", "After", "Equal"), Signature((TIME,), BOOL)),
            "IsZero": Signature((), BOOL),
            **dict.fromkeys(("Round", "Truncate"), Signature((DURATION,), TIME)),
        },
    }.items()
    for name, signature in methods.items()
}
"""Methods of times and durations: kind and name → their types."""

Validate = Callable[[str, list[Nature]], Nature]


def _one(natures: list[Nature]) -> Nature:
    if len(natures) != 1:
        raise ExpressionError(f"invalid number of arguments (expected 1, got {len(natures)})")
    return natures[0]


def _of_kinds(kinds: set[str], message: str, result: Nature | None) -> Validate:
    """One argument of these kinds, or one of which nothing is known; without a result, it gives what it takes."""

    def validate(name: str, natures: list[Nature]) -> Nature:
        nature = _one(natures)
        if nature.kind not in kinds and not nature.is_unknown:
            raise ExpressionError(message.format(name=name, type=nature.name))
        return result if result is not None else nature

    return validate


_INVALID: Final = "invalid argument for {name} (type {type})"
_NUMBERS: Final = {"int", "float", "duration", "other"}


def _end(name: str, natures: list[Nature]) -> Nature:
    nature = _one(natures)
    if nature.is_unknown:
        return ANY
    if nature.kind != "list":
        raise ExpressionError(f"cannot get {name} element from {nature.name}")
    return nature.inside() if nature.name != "[]interface {}" else ANY


def _aggregate(name: str, natures: list[Nature]) -> Nature:
    if not natures:
        raise ExpressionError(f"not enough arguments to call {name}")
    for nature in natures:
        if nature.kind in {"list", "unknown"}:
            return ANY
        if nature.kind not in _NUMBERS:
            raise ExpressionError(f"invalid argument for {name} (type {nature.name})")
    return natures[0]


def _now(_: str, natures: list[Nature]) -> Nature:
    if len(natures) > 1 or (natures and natures[0].kind != "zone"):
        raise ExpressionError(f"invalid number of arguments (expected 0, got {len(natures)})")
    return TIME


def _date(_: str, natures: list[Nature]) -> Nature:
    if not natures:
        raise ExpressionError("invalid number of arguments (expected at least 1, got 0)")
    rest = natures[1:] if natures[0].kind == "zone" else natures
    if len(rest) > 3:
        raise ExpressionError(f"invalid number of arguments (expected at most 3, got {len(rest)})")
    return TIME


def _take(_: str, natures: list[Nature]) -> Nature:
    if len(natures) != 2:
        raise ExpressionError(f"invalid number of arguments (expected 2, got {len(natures)})")
    if natures[0].kind not in {"list", "unknown"}:
        raise ExpressionError(f"cannot take from {natures[0].name}")
    if natures[1].kind not in {"int", "unknown", "duration"}:
        raise ExpressionError(f"cannot take {natures[1].name} elements")
    return LIST if natures[0].name == LIST.name else natures[0]


def _concat(_: str, natures: list[Nature]) -> Nature:
    if not natures:
        raise ExpressionError("invalid number of arguments (expected at least 1, got 0)")
    for nature in natures:
        if nature.kind not in {"list", "unknown"}:
            raise ExpressionError(f"cannot concat {nature.name}")
    return LIST


VALIDATED: Final[dict[str, Validate]] = {
    "len": _of_kinds({"list", "map", "string"}, _INVALID, INT),
    "abs": _of_kinds(_NUMBERS, _INVALID, None),
    "ceil": _of_kinds(_NUMBERS, _INVALID, FLOAT),
    "floor": _of_kinds(_NUMBERS, _INVALID, FLOAT),
    "round": _of_kinds(_NUMBERS, _INVALID, FLOAT),
    "int": _of_kinds(_NUMBERS | {"string"}, _INVALID, INT),
    "float": _of_kinds(_NUMBERS | {"string"}, _INVALID, FLOAT),
    "first": _end,
    "last": _end,
    **dict.fromkeys(("max", "min", "mean", "median"), _aggregate),
    "now": _now,
    "date": _date,
    "take": _take,
    "keys": _of_kinds({"map"}, "cannot get keys from {type}", LIST),
    "values": _of_kinds({"map"}, "cannot get values from {type}", LIST),
    "toPairs": _of_kinds({"map"}, "cannot transform {type} to pairs", LIST),
    "fromPairs": _of_kinds({"list"}, "cannot transform {type} from pairs", ANY_MAP),
    "reverse": _of_kinds({"list"}, "cannot reverse {type}", LIST),
    "uniq": _of_kinds({"list"}, "cannot uniq {type}", LIST),
    "flatten": _of_kinds({"list"}, "cannot flatten {type}", LIST),
    "concat": _concat,
}
"""Functions that look at the types of their arguments themselves."""
