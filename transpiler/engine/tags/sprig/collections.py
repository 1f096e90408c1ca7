"""Sprig's functions of lists, mappings and defaults (list.go, dict.go, defaults.go, reflect.go)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from transpiler.engine.tags.errors import ExpressionError
from transpiler.engine.tags.functions.arguments import kind_name
from transpiler.engine.tags.sprig.casts import is_empty, text_of, texts_of, to_int64
from transpiler.engine.tags.texts import as_json, from_json
from transpiler.engine.tags.values import NilList, NilMap, Strings, as_bytes, bounded, deep_equal, type_name


def _items(value: Any, doing: str) -> list[Any]:
    """The items of a list. Raises ExpressionError for anything else."""
    if value is None:
        raise ExpressionError("runtime error: invalid memory address or nil pointer dereference")
    if not isinstance(value, list):
        raise ExpressionError(f"Cannot {doing} type {kind_name(value)}")
    return value


def _chunk(size: int, value: Any) -> list[Any]:
    found = _items(value, "chunk")
    if not found:
        return []
    if size <= 0:
        raise ExpressionError("runtime error: makeslice: len out of range")
    return [found[at : at + size] for at in range(0, len(found), size)]


def _end(place: int, doing: str) -> Callable[[Any], Any]:
    def found(value: Any) -> Any:
        items = _items(value, doing)
        return items[place] if items else None

    return found


def _part(start: int, stop: int | None, doing: str) -> Callable[[Any], Any]:
    def found(value: Any) -> list[Any]:
        items = _items(value, doing)
        return [*items[start:stop]] if items else NilList()

    return found


def _sort_alpha(value: Any) -> Strings:
    if not isinstance(value, list):
        return Strings([text_of(value)])
    return Strings(sorted(texts_of(value), key=as_bytes))


def _without(value: Any, *left_out: Any) -> list[Any]:
    return [each for each in _items(value, "find without on") if not _is_among(left_out, each)]


def _is_among(known: Any, value: Any) -> bool:
    return any(deep_equal(value, each) for each in known)


def _uniq(value: Any) -> list[Any]:
    found: list[Any] = []
    for each in _items(value, "find uniq on"):
        if not _is_among(found, each):
            found.append(each)
    return found


def _has(needle: Any, value: Any) -> bool:
    return value is not None and _is_among(_items(value, "find has on"), needle)


def _slice(value: Any, *bounds: Any) -> Any:
    if value is not None and not isinstance(value, list):
        raise ExpressionError(f"list should be type of slice or array but {kind_name(value)}")
    found = _items(value, "slice")
    if not found:
        return None
    start = to_int64(bounds[0]) if bounds else 0
    end = to_int64(bounds[1]) if len(bounds) > 1 else len(found)
    if not 0 <= start <= end <= len(found):
        raise ExpressionError("reflect.Value.Slice: slice index out of bounds")
    return type(found)(found[start:end])


def _concat(*lists: Any) -> list[Any]:
    found = [item for each in lists for item in _items(each, "concat")]
    return found or NilList()


def _dict(*pairs: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for index in range(0, len(pairs), 2):
        found[text_of(pairs[index])] = pairs[index + 1] if index + 1 < len(pairs) else ""
    return found


def _set(mapping: dict[str, Any], key: str, value: Any) -> dict[str, Any]:
    if isinstance(mapping, NilMap):
        raise ExpressionError("assignment to entry in nil map")
    mapping[key] = value
    return mapping


def _unset(mapping: dict[str, Any], key: str) -> dict[str, Any]:
    mapping.pop(key, None)
    return mapping


def _pluck(key: str, *mappings: dict[str, Any]) -> list[Any]:
    return [each[key] for each in mappings if key in each]


def _keys(*mappings: dict[str, Any]) -> Strings:
    return Strings(key for each in mappings for key in sorted(each))


def _pick(mapping: dict[str, Any], *keys: str) -> dict[str, Any]:
    return {key: mapping[key] for key in keys if key in mapping}


def _omit(mapping: dict[str, Any], *keys: str) -> dict[str, Any]:
    return {key: value for key, value in mapping.items() if key not in keys}


def _values(mapping: dict[str, Any]) -> list[Any]:
    return [mapping[key] for key in sorted(mapping)]


def _merge(into: dict[str, Any], *others: dict[str, Any], overwrites: bool = False) -> dict[str, Any]:
    for other in others:
        for key, value in list(bounded(other).items()):
            _merge_key(into, key, value, overwrites=overwrites)
    return into


def _merge_key(into: dict[str, Any], key: str, value: Any, *, overwrites: bool) -> None:
    """Set a key that is missing or empty, or any with `overwrites`; mappings are merged."""
    if value is None:
        if overwrites:
            into[key] = None
        return
    known = into.get(key)
    if isinstance(value, dict) and isinstance(known, dict) and known is not value:
        _merge(known, value, overwrites=overwrites)
        if known:
            return
    if overwrites or is_empty(known):
        into[key] = value


def _dig(*arguments: Any) -> Any:
    if len(arguments) < 3:
        raise ExpressionError("dig needs at least three arguments")
    *keys, default, place = arguments
    for key in keys:
        if not isinstance(key, str) or not isinstance(place, dict):
            wrong, wanted = (key, "string") if not isinstance(key, str) else (place, "map[string]interface {}")
            raise ExpressionError(f"interface conversion: interface {{}} is {type_name(wrong)}, not {wanted}")
        if key not in place:
            return default
        place = place[key]
    return place


def _copied(value: Any) -> Any:
    if isinstance(value, list):
        return type(value)(map(_copied, value))
    return {key: _copied(each) for key, each in value.items()} if type(value) is dict else value


def _default(default: Any, *given: Any) -> Any:
    return given[0] if given and not is_empty(given[0]) else default


def _from_json(text: str) -> Any:
    try:
        return from_json(text)
    except ExpressionError:
        return None


def _to_json(value: Any, indent: str = "") -> str:
    try:
        return as_json(value, indent=indent)
    except ExpressionError:
        return ""


def _raw_json(value: Any) -> str:
    return as_json(value, escapes_html=False)


def _fail(message: str) -> Any:
    raise ExpressionError(message)


_LISTS: Final[dict[str, tuple[str, Callable[..., Any]]]] = {
    "append": ("aa", lambda value, item: [*_items(value, "push on"), item]),
    "prepend": ("aa", lambda value, item: [item, *_items(value, "prepend on")]),
    "first": ("a", _end(0, "find first on")),
    "last": ("a", _end(-1, "find last on")),
    "rest": ("a", _part(1, None, "find rest on")),
    "initial": ("a", _part(0, -1, "find initial on")),
    "reverse": ("a", lambda value: [*reversed(_items(value, "find reverse on"))]),
    "uniq": ("a", _uniq),
    "without": ("aa*", _without),
    "has": ("aa", _has),
    "slice": ("aa*", _slice),
    "chunk": ("ia", _chunk),
    "compact": ("a", lambda value: [each for each in _items(value, "compact on") if not is_empty(each)]),
    "merge": ("mm*", _merge),
    "mergeOverwrite": ("mm*", lambda into, *others: _merge(into, *others, overwrites=True)),
    "deepCopy": ("a", lambda value: _copied(bounded(value))),
}
"""Functions that sprig has a second time, with `must` before the name."""

COLLECTIONS: Final[dict[str, tuple[str, Callable[..., Any]]]] = {
    **_LISTS,
    **{f"must{name[0].upper()}{name[1:]}": entry for name, entry in _LISTS.items()},
    **dict.fromkeys(("push", "mustPush"), _LISTS["append"]),
    **dict.fromkeys(("tuple", "list"), ("a*", lambda *values: [*values])),
    "concat": ("a*", _concat),
    "sortAlpha": ("a", _sort_alpha),
    "dict": ("a*", _dict),
    "get": ("ms", lambda mapping, key: mapping.get(key, "")),
    "set": ("msa", _set),
    "unset": ("ms", _unset),
    "hasKey": ("ms", lambda mapping, key: key in mapping),
    "pluck": ("sm*", _pluck),
    "keys": ("m*", _keys),
    "pick": ("ms*", _pick),
    "omit": ("ms*", _omit),
    "values": ("m", _values),
    "dig": ("a*", _dig),
    "default": ("aa*", _default),
    "empty": ("a", is_empty),
    "coalesce": ("a*", lambda *values: next((each for each in values if not is_empty(each)), None)),
    "all": ("a*", lambda *values: not any(map(is_empty, values))),
    "any": ("a*", lambda *values: not all(map(is_empty, values))),
    "fromJson": ("s", _from_json),
    "mustFromJson": ("s", from_json),
    "toJson": ("a", _to_json),
    "mustToJson": ("a", as_json),
    "toPrettyJson": ("a", lambda value: _to_json(value, "  ")),
    "mustToPrettyJson": ("a", lambda value: as_json(value, indent="  ")),
    **dict.fromkeys(("toRawJson", "mustToRawJson"), ("a", _raw_json)),
    "ternary": ("aab", lambda one, other, test: one if test else other),
    "typeOf": ("a", type_name),
    "typeIs": ("sa", lambda name, value: type_name(value) == name),
    "typeIsLike": ("sa", lambda name, value: type_name(value) in {name, f"*{name}"}),
    "kindOf": ("a", kind_name),
    "kindIs": ("sa", lambda name, value: kind_name(value) == name),
    "deepEqual": ("aa", deep_equal),
    "fail": ("s", _fail),
}
"""Name → the types of the arguments (see `typed`), and what it does."""
