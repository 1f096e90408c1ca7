"""A fast yes or no: does a document fit its schema? Nearly all do, and then jsonschema is not loaded.

A schema becomes functions, part by part as documents reach it. Where it answers yes, jsonschema has no findings. Tests
hold the two against each other, and fail for a keyword that this module does not know.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cache, partial
from typing import Any, Final, NamedTuple

from transpiler import resources
from transpiler.read.yaml.scalars import has_leading_zero

Judge = Callable[[Any], bool]
Schema = Mapping[str, Any]


def fits(document: Any, name: str) -> bool:
    """True when jsonschema has nothing to say about a document, by the shipped schema of that name."""
    return _Home(name).refer("#")(document)


class _Home(NamedTuple):
    """The file that a part of a schema stands in."""

    name: str
    is_removable: bool = False
    """Below `x-removable`, where `null` stands for the removal of a field."""

    def judge(self, schema: Schema | bool) -> Judge:
        """A schema as a function."""
        if isinstance(schema, bool):
            return _anything if schema else _nothing
        judges = [build(schema, self) for keyword, build in _KEYWORDS.items() if keyword in schema]
        if not _FIELDS.isdisjoint(schema):
            judges.append(_fields(schema, self))
        if len(judges) > 2:
            return lambda value: all(judge(value) for judge in judges)
        if len(judges) == 2:
            first, second = judges
            return lambda value: first(value) and second(value)
        return judges[0] if judges else _anything

    def field(self, schema: Schema | bool) -> Judge:
        """The function for the value of a field."""
        judge = self.judge(schema)
        return (lambda value: value is None or judge(value)) if self.is_removable else judge

    def refer(self, reference: str) -> Judge:
        """The function of a schema that another one names."""
        name, pointer = resources.referred(reference, self.name)
        return _referred(self._replace(name=name), pointer)


@cache
def _referred(home: _Home, pointer: str) -> Judge:
    """A function that is made when it is first called: schemas refer to each other in circles."""
    made: list[Judge] = []

    def judge(value: Any) -> bool:
        if not made:
            made.append(home.judge(resources.part_of_schema(home.name, pointer)))
        return made[0](value)

    return judge


def _anything(_: Any) -> bool:
    return True


def _nothing(_: Any) -> bool:
    return False


# ---------------------------------------------------------------------------------------------- values


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


_TYPES: Final[Mapping[str, Judge]] = {
    "array": lambda value: isinstance(value, list),
    "boolean": lambda value: isinstance(value, bool),
    "integer": lambda value: _is_number(value) and value == value // 1,
    "null": lambda value: value is None,
    "number": _is_number,
    "object": lambda value: isinstance(value, dict),
    "string": lambda value: isinstance(value, str),
}


def _type(schema: Schema, _: _Home) -> Judge:
    named = schema["type"]
    if isinstance(named, str):
        return _TYPES[named]
    judges = [_TYPES[name] for name in named]
    return lambda value: any(judge(value) for judge in judges)


def _enum(schema: Schema, _: _Home) -> Judge:
    return partial(_is_one_of, schema["enum"])


def _const(schema: Schema, _: _Home) -> Judge:
    return partial(_is_one_of, [schema["const"]])


def _is_one_of(allowed: Collection[Any], value: Any) -> bool:
    return any(one == value and isinstance(one, bool) == isinstance(value, bool) for one in allowed)


def _pattern(schema: Schema, _: _Home) -> Judge:
    search = re.compile(schema["pattern"]).search
    return lambda value: not isinstance(value, str) or search(value) is not None


def _bound(keyword: str, kind: Judge, fits: Callable[[Any, Any], bool]) -> Callable[[Schema, _Home], Judge]:
    """A keyword that limits values of a kind, by a number."""

    def build(schema: Schema, _: _Home) -> Judge:
        limit = schema[keyword]
        return lambda value: not kind(value) or fits(value, limit)

    return build


def _distinct(schema: Schema, _: _Home) -> Judge:
    keys = schema["x-kubernetes-list-map-keys"]
    return lambda entries: next(twins(keys, entries), None) is None


_DEFAULTS: Final = {"protocol": "TCP"}


def twins(keys: list[str], entries: Any) -> Iterator[tuple[int, str]]:
    """Entries of a list that agree with one before them in all of these keys: their index and first key."""
    seen = set()
    for index, entry in enumerate(entries if isinstance(entries, list) else ()):
        if isinstance(entry, dict) and keys[0] in entry:
            identity = tuple(str(entry.get(key, _DEFAULTS.get(key))) for key in keys)
            if identity in seen:
                yield index, identity[0]
            seen.add(identity)


# ---------------------------------------------------------------------------------------------- schemas in schemas


def _any_of(schema: Schema, home: _Home) -> Judge:
    judges = [home._replace(is_removable=False).judge(each) for each in schema["anyOf"]]
    return lambda value: any(judge(value) for judge in judges)


def _all_of(schema: Schema, home: _Home) -> Judge:
    judges = [home.judge(each) for each in schema["allOf"]]
    return lambda value: all(judge(value) for judge in judges)


def _if(schema: Schema, home: _Home) -> Judge:
    condition = home._replace(is_removable=False).judge(schema["if"])
    then, otherwise = home.judge(schema.get("then", True)), home.judge(schema.get("else", True))
    return lambda value: then(value) if condition(value) else otherwise(value)


def _removable(schema: Schema, home: _Home) -> Judge:
    return home._replace(is_removable=True).field(schema["x-removable"])


def _items(schema: Schema, home: _Home) -> Judge:
    judge = home.judge(schema["items"])
    return lambda value: not isinstance(value, list) or all(map(judge, value))


class _Fields(dict[str, Judge]):
    """Name of a field → function for its value, made for each field that is used."""

    def __init__(self, schema: Schema, home: _Home) -> None:
        self.known: Mapping[str, Any] = schema.get("properties", {})
        self.rest = home.field(schema.get("additionalProperties", True))
        self.home = home

    def __missing__(self, name: str) -> Judge:
        if name not in self.known:
            return self.rest
        judge = self[name] = self.home.field(self.known[name])
        return judge


def _fields(schema: Schema, home: _Home) -> Judge:
    fields = _Fields(schema, home)
    names = home.judge(schema["propertyNames"]) if "propertyNames" in schema else None
    required = schema.get("required", ())

    def judge(value: Any) -> bool:
        if not isinstance(value, dict):
            return True
        if names is not None and not all(map(names, value)):
            return False
        for name in required:
            if name not in value:
                return False
        for name, each in value.items():  # noqa: SIM110 - takes half the time of a generator
            if not fields[name](each):
                return False
        return True

    return judge


_FIELDS: Final = frozenset(["properties", "additionalProperties", "propertyNames", "required"])
_LIST, _MAPPING, _TEXT = _TYPES["array"], _TYPES["object"], _TYPES["string"]
_KEYWORDS: Final[Mapping[str, Callable[[Schema, _Home], Judge]]] = {
    "type": _type,
    "enum": _enum,
    "const": _const,
    "minLength": _bound("minLength", _TEXT, lambda value, limit: len(value) >= limit),
    "maxLength": _bound("maxLength", _TEXT, lambda value, limit: len(value) <= limit),
    "minItems": _bound("minItems", _LIST, lambda value, limit: len(value) >= limit),
    "maxItems": _bound("maxItems", _LIST, lambda value, limit: len(value) <= limit),
    "minProperties": _bound("minProperties", _MAPPING, lambda value, limit: len(value) >= limit),
    "maxProperties": _bound("maxProperties", _MAPPING, lambda value, limit: len(value) <= limit),
    "minimum": _bound("minimum", _is_number, lambda value, limit: value >= limit),
    "maximum": _bound("maximum", _is_number, lambda value, limit: value <= limit),
    "pattern": _pattern,
    "x-octal-or-text": lambda *_: lambda value: not isinstance(value, str) or not has_leading_zero(value),
    "x-kubernetes-list-map-keys": _distinct,
    "$ref": lambda schema, home: home.refer(schema["$ref"]),
    "allOf": _all_of,
    "anyOf": _any_of,
    "if": _if,
    "x-removable": _removable,
    "items": _items,
}
KNOWN: Final = frozenset([*_KEYWORDS, *_FIELDS, "then", "else"])
"""Keywords that say what a document may hold; all others are for people."""
