"""The types that the engine knows before it evaluates (package checker/nature of expr v1.17)."""

from __future__ import annotations

from typing import Any, Final

from msgspec import Struct

from transpiler.engine.tags.calendar import Named
from transpiler.engine.tags.durations import Duration
from transpiler.engine.tags.times import Time
from transpiler.engine.tags.values import (
    AnyMap,
    Function,
    Int64,
    Ints,
    StringMap,
    Strings,
    Uint8,
    type_name,
)
from transpiler.engine.tags.zones import Zone


class Nature(Struct, frozen=True):
    """A type: its kind, its name in Go, and for lists and mappings the type of what is in them.

    Kinds: unknown, nil, bool, int, float, string, list, map, time, duration, zone, func, other. A function has the
    types of its arguments and of its result.
    """

    kind: str
    name: str
    element: Nature | None = None
    key: str = ""
    signature: Signature | None = None

    @property
    def is_unknown(self) -> bool:
        """True where any value is possible."""
        return self.kind == "unknown"

    @property
    def is_number(self) -> bool:
        """True for integers and floats."""
        return self.kind in {"int", "float"}

    def inside(self) -> Nature:
        """The type of an item or value."""
        return self.element or ANY

    def assignable_to(self, other: Nature) -> bool:
        """Go's rule: the same type, or any type to an interface; nil fits what can be nil. No type is no interface."""
        if self.kind == "nil":
            return other.kind in {"list", "map", "func", "zone"} or other.name == ANY.name
        if "unknown" in {self.name, other.name}:
            return False
        return other.name in {ANY.name, self.name}


class Signature(Struct, frozen=True):
    """The types of the arguments of a function, whether the last may be repeated, and the type of its result."""

    inputs: tuple[Nature, ...]
    output: Nature
    is_variadic: bool = False


UNKNOWN: Final = Nature("unknown", "unknown")
"""What nothing is known of."""
ANY: Final = Nature("unknown", "interface {}")
"""What is known to be an interface: every value is assignable to it."""
NIL: Final = Nature("nil", "unknown")
BOOL: Final = Nature("bool", "bool")
INT: Final = Nature("int", "int")
FLOAT: Final = Nature("float", "float64")
STRING: Final = Nature("string", "string")
LIST: Final = Nature("list", "[]interface {}")
STRINGS: Final = Nature("list", "[]string", STRING)
INTS: Final = Nature("list", "[]int", INT)
FLOATS: Final = Nature("list", "[]float64", FLOAT)
MAP: Final = Nature("map", "map[string]interface {}", key="string")
ANY_MAP: Final = Nature("map", "map[interface {}]interface {}", key="interface {}")
TIME: Final = Nature("time", "time.Time")
DURATION: Final = Nature("duration", "time.Duration")
ZONE: Final = Nature("zone", "*time.Location")

_OF_TYPES: Final[dict[type, Nature]] = {
    type(None): NIL,
    bool: BOOL,
    int: INT,
    Int64: Nature("int", "int64"),
    Uint8: Nature("int", "uint8"),
    float: FLOAT,
    str: STRING,
    Strings: STRINGS,
    Ints: INTS,
    StringMap: Nature("map", "map[string]string", STRING, "string"),
    Time: TIME,
    Duration: DURATION,
    Zone: ZONE,
}
_ARGO: Final = {
    "asInt": Signature((ANY,), ANY),
    "asFloat": Signature((ANY,), ANY),
    "jsonpath": Signature((STRING, STRING), ANY),
    "toJson": Signature((ANY,), STRING),
}


def nature_of(value: Any) -> Nature:
    """The type of a value in an environment; nothing is known of what is in its lists and mappings."""
    known = _OF_TYPES.get(type(value))
    if known is not None:
        return known
    if isinstance(value, Function):
        return Nature("func", "func", signature=_ARGO.get(value.name))
    if isinstance(value, list):
        return LIST
    if isinstance(value, dict):
        return MAP
    if isinstance(value, AnyMap | Named):
        return Nature("map" if isinstance(value, AnyMap) else "other", type_name(value), key="interface {}")
    return UNKNOWN


def list_of(element: Nature) -> Nature:
    """A list of which the items are known; for Go it is a list of anything."""
    return Nature("list", "[]interface {}", element)


def promoted(left: Nature, right: Nature) -> Nature:
    """The type of a sum of numbers."""
    return FLOAT if "float" in {left.kind, right.kind} else INT
