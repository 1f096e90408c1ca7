"""Functions of lists and mappings."""

from __future__ import annotations

from functools import cmp_to_key
from typing import Any

from transpiler.engine.tags import operators
from transpiler.engine.tags.calendar import Named
from transpiler.engine.tags.durations import Duration
from transpiler.engine.tags.errors import ExpressionError
from transpiler.engine.tags.functions.arguments import items, kind_name, text
from transpiler.engine.tags.run import Run
from transpiler.engine.tags.times import Time
from transpiler.engine.tags.values import (
    AnyMap,
    Function,
    NilList,
    as_bytes,
    bounded,
    equal,
    is_integer,
    pairs_of,
    to_int,
    type_name,
)
from transpiler.engine.tags.zones import Zone


def length(_: Run, value: Any) -> int:
    """The number of items or characters."""
    if isinstance(value, str):
        return len(value)
    if isinstance(value, list | dict):
        return len(value)
    if isinstance(value, AnyMap):
        return len(value.items)
    raise ExpressionError(f"invalid argument for len (type {type_name(value)})")


def type_of(_: Run, value: Any) -> str:
    """The name of a value's type in expr-lang."""
    if value is None:
        return "nil"
    if isinstance(value, Function):
        return "func"
    if isinstance(value, Time | Duration | Named):
        return str(value.type_name)
    if isinstance(value, Zone):
        return "unknown"
    name = kind_name(value)
    return {"slice": "array", "float64": "float", "int64": "int", "uint8": "uint"}.get(name, name)


def first(_: Run, value: Any) -> Any:
    """The first item, nil of nothing."""
    return _item(value, 0)


def last(_: Run, value: Any) -> Any:
    """The last item, nil of nothing."""
    return _item(value, -1)


def _item(value: Any, index: int) -> Any:
    """What `value[index]` gives, nil where that is wrong."""
    try:
        return operators.fetch(value, index)
    except ExpressionError:
        return None


def get(_: Run, value: Any, key: Any) -> Any:
    """An item, or the value of a key; nil where there is none."""
    if value is None:
        return None
    if isinstance(value, list | str):
        index = to_int(key)
        size = len(as_bytes(value)) if isinstance(value, str) else len(value)
        return operators.fetch(value, index) if -size <= index < size else None
    if isinstance(value, dict | AnyMap):
        return operators.fetch(value, key)
    if isinstance(value, Time | Duration) and isinstance(key, str):
        return value.method(key)
    return None


def take(_: Run, value: Any, count: Any) -> list[Any]:
    """The first items."""
    found = items(value, "take from")
    if not is_integer(count):
        raise ExpressionError(f"cannot take {kind_name(count)} elements")
    if count < 0:
        raise ExpressionError("reflect.Value.Slice: slice index out of bounds")
    return type(found)(found[:count])


def keys(_: Run, value: Any) -> list[Any]:
    """The keys of a mapping, in the order of the texts that they are."""
    return [key for key, _ in _pairs(value, "get keys from")]


def values(_: Run, value: Any) -> list[Any]:
    """The values of a mapping, in the order of their keys."""
    return [each for _, each in _pairs(value, "get values from")]


def to_pairs(_: Run, value: Any) -> list[Any]:
    """The pairs of key and value of a mapping."""
    return [[key, each] for key, each in _pairs(value, "transform", " to pairs")]


def _pairs(value: Any, doing: str, behind: str = "") -> list[tuple[Any, Any]]:
    if not isinstance(value, dict | AnyMap):
        raise ExpressionError(f"cannot {doing} {kind_name(value)}{behind}")
    return list(pairs_of(value))


def from_pairs(_: Run, value: Any) -> AnyMap:
    """The mapping of pairs of key and value."""
    found = AnyMap({})
    for pair in items(value, "transform from pairs"):
        if not isinstance(pair, list):
            raise ExpressionError(f"invalid pair {pair}")
        if len(pair) != 2:
            raise ExpressionError(f"invalid pair length {pair}")
        found.put(pair[0], pair[1])
    return found


def reverse(run: Run, value: Any) -> list[Any]:
    """The items from the last to the first."""
    found = items(value, "reverse")
    run.grow(len(found))
    return found[::-1]


def uniq(run: Run, value: Any) -> list[Any]:
    """The items without those that have been there."""
    found: list[Any] = []
    for item in items(value, "uniq"):
        for known in found:
            run.step()
            if equal(item, known):
                break
        else:
            found.append(item)
    return found


def concat(run: Run, *lists: Any) -> list[Any]:
    """The items of several lists."""
    found = [item for each in lists for item in items(each, "concat")]
    run.grow(len(found))
    return found or NilList()


def flatten(run: Run, value: Any) -> list[Any]:
    """The items of lists in lists."""
    found = _flat(bounded(items(value, "flatten")), 0)
    run.grow(len(found))
    return found


def _flat(value: list[Any], depth: int) -> list[Any]:
    if depth > 200:
        raise ExpressionError("recursion depth exceeded")
    found: list[Any] = []
    for item in value:
        found += _flat(item, depth + 1) if isinstance(item, list) else [item]
    return found


def sort(run: Run, value: Any, order: Any = "asc") -> list[Any]:
    """The items in order."""
    found = list(value) if isinstance(value, list) else []
    is_falling = falling(order, f"invalid order {order}, expected asc or desc")
    run.grow(len(found))
    return in_order(found, found, is_falling=is_falling) if isinstance(value, list) else NilList()


def falling(order: Any, message: str) -> bool:
    """True for desc, False for asc. Raises ExpressionError with a message for anything else."""
    if text(order) not in {"asc", "desc"}:
        raise ExpressionError(message)
    return bool(order == "desc")


def in_order(found: list[Any], by: list[Any], *, is_falling: bool) -> list[Any]:
    """Items in the order of the values that they are sorted by."""

    def compare(one: tuple[Any, Any], other: tuple[Any, Any]) -> int:
        left, right = (other[0], one[0]) if is_falling else (one[0], other[0])
        return -1 if operators.less(left, right) else int(operators.less(right, left))

    return [item for _, item in sorted(zip(by, found, strict=True), key=cmp_to_key(compare))]
