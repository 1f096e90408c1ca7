"""The functions of expr-lang that ask nothing of each element: name → what it does, and how many arguments it takes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from transpiler.engine.tags.functions import dates, lists, numbers, text


class Entry(NamedTuple):
    """A function: called with the run and its arguments, of which it takes this many."""

    call: Callable[..., Any]
    least: int
    most: int


MANY: Final = 10_000
TABLE: Final[dict[str, Entry]] = {
    "len": Entry(lists.length, 1, 1),
    "type": Entry(lists.type_of, 1, 1),
    "abs": Entry(numbers.absolute, 1, 1),
    "ceil": Entry(numbers.ceil, 1, 1),
    "floor": Entry(numbers.floor, 1, 1),
    "round": Entry(numbers.round_half, 1, 1),
    "int": Entry(numbers.as_int, 1, 1),
    "float": Entry(numbers.as_float, 1, 1),
    "string": Entry(numbers.as_string, 1, 1),
    "trim": Entry(text.trim, 1, 2),
    "trimPrefix": Entry(text.trim_prefix, 1, 2),
    "trimSuffix": Entry(text.trim_suffix, 1, 2),
    "upper": Entry(text.upper, 1, 1),
    "lower": Entry(text.lower, 1, 1),
    "split": Entry(text.split, 2, 3),
    "splitAfter": Entry(text.split_after, 2, 3),
    "replace": Entry(text.replace, 3, 4),
    "repeat": Entry(text.repeat, 2, 2),
    "join": Entry(text.join, 1, 2),
    "indexOf": Entry(text.index_of, 2, 2),
    "lastIndexOf": Entry(text.last_index_of, 2, 2),
    "hasPrefix": Entry(text.has_prefix, 2, 2),
    "hasSuffix": Entry(text.has_suffix, 2, 2),
    "max": Entry(numbers.maximum, 0, MANY),
    "min": Entry(numbers.minimum, 0, MANY),
    "mean": Entry(numbers.mean, 0, MANY),
    "median": Entry(numbers.median, 0, MANY),
    "toJSON": Entry(text.to_json, 1, 1),
    "fromJSON": Entry(text.from_json_text, 1, 1),
    "toBase64": Entry(text.to_base64, 1, 1),
    "fromBase64": Entry(text.from_base64, 1, 1),
    "now": Entry(dates.now, 0, 1),
    "duration": Entry(dates.duration, 1, 1),
    "date": Entry(dates.date, 1, 4),
    "timezone": Entry(dates.timezone, 1, 1),
    "first": Entry(lists.first, 1, 1),
    "last": Entry(lists.last, 1, 1),
    "get": Entry(lists.get, 2, 2),
    "take": Entry(lists.take, 2, 2),
    "keys": Entry(lists.keys, 1, 1),
    "values": Entry(lists.values, 1, 1),
    "toPairs": Entry(lists.to_pairs, 1, 1),
    "fromPairs": Entry(lists.from_pairs, 1, 1),
    "reverse": Entry(lists.reverse, 1, 1),
    "uniq": Entry(lists.uniq, 1, 1),
    "concat": Entry(lists.concat, 1, MANY),
    "flatten": Entry(lists.flatten, 1, 1),
    "sort": Entry(lists.sort, 1, 2),
    "bitnot": Entry(numbers.bitnot, 1, 1),
    **{name: Entry(call, 2, 2) for name, call in numbers.BITS.items()},
}
