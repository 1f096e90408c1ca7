"""Mappings of Argo's own fields merged over each other, where each value keeps its place in the file.

What is merged is `transpiler.argo.merge`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from transpiler.argo import merge
from transpiler.argo.merge import BY_NAME, GROWING, name_of, without_nulls
from transpiler.diagnostics import Source
from transpiler.read.yaml.nodes import Elsewhere, List, Map, Mark

_Key = TypeVar("_Key")


def over(default: Map | None, own: Map | None) -> Map | None:
    """The fields of one mapping over those of another, and less those that are `null`; each with its place."""
    if own is None:
        return default
    layers = [own] if default is None else [default, own]
    merged: dict[str, Any] = without_nulls(merge.over(default or {}, own))
    return _mapping(merged, layers)


def _placed(value: Any, key: str, layers: list[Any]) -> Any:
    """A value that was merged of `layers`, the last on top, with the places that it has there."""
    if isinstance(value, dict):
        maps = [each for each in layers if isinstance(each, Map)]
        return _mapping(value, maps) if maps else value
    if isinstance(value, list):
        lists = [each for each in layers if isinstance(each, List)]
        return _list(value, key, lists) if lists else value
    return value


def _mapping(merged: dict[str, Any], layers: list[Map]) -> Map:
    result = copied(layers[0])
    result.clear()
    for layer in layers[1:]:
        result.incomplete_keys |= layer.incomplete_keys
        result.keys_at |= marks_in(result.source, layer.keys_at, layer.source)
        result.values_at |= marks_in(result.source, layer.values_at, layer.source)
    for key, value in merged.items():
        result[key] = _placed(value, key, [each[key] for each in layers if key in each])
    return result


def _list(merged: list[Any], key: str, layers: list[List]) -> List:
    result = List(layers[-1].source, layers[-1].mark)
    result.is_incomplete = layers[-1].is_incomplete
    is_joined = key in GROWING or key in BY_NAME
    left = [_entries(each, result.source) for each in (layers if is_joined else layers[-1:])]
    for item in merged:
        found = [_taken(item, key, entries) for entries in left]
        parts = [each for each in found if each is not None]
        result.append(_placed(item, "", [part for part, _ in parts]))
        result.items_at.append(parts[-1][1] if parts else result.mark)
    return result


def _taken(item: Any, key: str, entries: list[tuple[Any, Mark]]) -> tuple[Any, Mark] | None:
    """The first entry of a list that an item comes from; it is no longer there for the next."""
    for index, (entry, _) in enumerate(entries):
        is_it = name_of(entry, BY_NAME[key]) == name_of(item, BY_NAME[key]) if key in BY_NAME else True
        if is_it and (key not in GROWING or without_nulls(entry) == item):
            return entries.pop(index)
    return None


def _entries(items: List, source: Source) -> list[tuple[Any, Mark]]:
    marks = marks_in(source, dict(enumerate(items.items_at)), items.source)
    return list(zip(items, marks.values(), strict=True))


def marks_in(home: Source, marks: Mapping[_Key, Mark], source: Source) -> Mapping[_Key, Mark]:
    """Marks of one source, for a mapping or list of another."""
    return marks if home is source else {key: Elsewhere.at(mark, source) for key, mark in marks.items()}


def copied(node: Map) -> Map:
    """The same mapping, to be changed."""
    new = Map(node.source, node.mark)
    new.update(node)
    new.keys_at, new.values_at = dict(node.keys_at), dict(node.values_at)
    new.is_incomplete, new.incomplete_keys = node.is_incomplete, set(node.incomplete_keys)
    return new
