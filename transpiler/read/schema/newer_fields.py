"""The fields of a document that only later versions of Argo have: in Argo's own types, and keys marked `x-since`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from transpiler import resources
from transpiler.argo.versions import fields_since, is_before

_ALL: Final = ("allOf", "anyOf", "oneOf")
_ONE: Final = ("then", "else", "x-removable")


class NewerField(NamedTuple):
    """A field of a mapping, and the version that brought it."""

    holder: Mapping[str, Any]
    name: str
    since: str


class _Part(NamedTuple):
    """A schema that a value may have to meet, the file that it is in, and the name of its definition."""

    schema: Mapping[str, Any]
    home: str
    name: str = ""


def newer_fields(value: Any, name: str, version: str, kind: str = "") -> Iterator[NewerField]:
    """The fields below a value that a version lacks; `name` is a shipped schema, `kind` a definition in it."""
    start = {"$ref": f"#/$defs/{kind}"} if kind else resources.schema(name)
    yield from _below(value, list(_parts(start, name)), version)


def _below(value: Any, parts: list[_Part], version: str) -> Iterator[NewerField]:
    if isinstance(value, list):
        items = [each for part in parts if "items" in part.schema for each in _parts(part.schema["items"], part.home)]
        for each in value if items else ():
            yield from _below(each, items, version)
    if not isinstance(value, dict):
        return
    for key, each in value.items():
        found = [(part, schema) for part in parts if (schema := _field(part.schema, key)) is not None]
        since = next(filter(None, (_since(part, key, schema) for part, schema in found)), version)
        if is_before(version, since):
            yield NewerField(value, key, since)
        elif isinstance(each, (dict, list)):
            yield from _below(each, [one for part, schema in found for one in _parts(schema, part.home)], version)


def _field(schema: Mapping[str, Any], key: str) -> Mapping[str, Any] | None:
    found = schema.get("properties", {}).get(key, schema.get("additionalProperties"))
    return found if isinstance(found, dict) else None


def _since(part: _Part, key: str, schema: Mapping[str, Any]) -> str | None:
    """The version that brought a field, if the first one lacks it."""
    return fields_since().get((part.name, key)) if part.home == "argo" else schema.get("x-since")


def _parts(schema: Any, home: str, name: str = "") -> Iterator[_Part]:
    """A schema, and all that it refers to for the same value."""
    if not isinstance(schema, dict):
        return
    yield _Part(schema, home, name)
    if "$ref" in schema:
        where, pointer = resources.referred(schema["$ref"], home)
        kind = pointer.rpartition("/")[2].removeprefix("Partial")
        yield from _parts(resources.part_of_schema(where, pointer), where, kind)
    for key in _ALL:
        for each in schema.get(key, ()):
            yield from _parts(each, home, name)
    for key in _ONE:
        if key in schema:
            yield from _parts(schema[key], home, name)
