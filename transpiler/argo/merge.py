"""Merges Argo's own fields over others: those of the compiler, or the `defaults` of a manifest.

Mappings are merged field by field and lists replace, except lists of named things (`env`, `volumes`, …), which are
merged by name, and `tolerations` and the like, which are appended. `null` removes a value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from transpiler.argo.artifacts import LOCATIONS

Fields = dict[str, Any]
BY_NAME: Final = {
    "env": "name",
    "volumes": "name",
    "volumeMounts": "mountPath",
    "parameters": "name",
    "artifacts": "name",
    "sidecars": "name",
    "initContainers": "name",
    "templates": "name",
    "imagePullSecrets": "name",
    "volumeClaimTemplates": "metadata",
    "ports": "containerPort",
}
"""Field → the field that identifies an entry."""
ONE_OF: Final = {
    "env": frozenset(["value", "valueFrom"]),
    "parameters": frozenset(["value", "valueFrom"]),
    "artifacts": frozenset(LOCATIONS),
}
"""Field → of which an entry has one; a volume has one but its name."""
GROWING: Final = frozenset(["tolerations", "envFrom", "hostAliases"])
FREE: Final = frozenset(["withItems", "plugin"])
"""Fields whose content is the user's data: a `null` in it is a value."""


def merged(made: Fields, given: Mapping[str, Any]) -> Fields:
    """The fields of `given` merged over `made`; `null` removes a field. Neither argument is changed."""
    result = dict(made)
    for key, value in given.items():
        if value is None:
            result.pop(key, None)
        elif key in result:
            result[key] = _joined(key, result[key], value, merged)
        else:
            result[key] = value if key in FREE else without_nulls(value)
    return result


def over(default: Mapping[str, Any], own: Mapping[str, Any]) -> Fields:
    """Fields of a task merged over those of `defaults`: empty values replace, and `null` is kept for the next merge."""
    result = dict(default)
    for key, value in own.items():
        is_said_empty = value is None or value in ({}, [])
        result[key] = value if is_said_empty or key not in result else _joined(key, result[key], value, over)
    return result


def beneath(default: Mapping[str, Any], said: Mapping[str, Any]) -> Fields:
    """The fields and list entries of a default that the task does not set itself."""
    kept = {key: _left(key, value, said[key]) if key in said else value for key, value in default.items()}
    return {key: value for key, value in kept.items() if value not in (None, {}, []) or key not in said}


def _left(key: str, default: Any, said: Any) -> Any:
    if isinstance(default, dict) and isinstance(said, dict):
        return beneath(default, said) if said else None
    if isinstance(default, list) and isinstance(said, list) and key in BY_NAME:
        names = {name_of(item, BY_NAME[key]) for item in said}
        return [item for item in default if name_of(item, BY_NAME[key]) not in names]
    return default if isinstance(default, list) and key in GROWING else None


def without_nulls(value: Any) -> Any:
    """Data without the fields that are `null`."""
    if isinstance(value, dict):
        found = {key: each if key in FREE else without_nulls(each) for key, each in value.items()}
        return {key: each for key, each in found.items() if each is not None}
    return [without_nulls(each) for each in value] if isinstance(value, list) else value


_Merge = Callable[[Fields, Mapping[str, Any]], Fields]


def _joined(key: str, made: Any, given: Any, merge: _Merge) -> Any:
    if isinstance(made, dict) and isinstance(given, dict):
        return merge(made, given)
    if isinstance(made, list) and isinstance(given, list):
        if key in GROWING:
            return [*made, *(item for item in given if item not in made)]
        if key in BY_NAME:
            return _by_name(made, given, key, merge)
    return given


def _by_name(made: list[Any], given: list[Any], key: str, merge: _Merge) -> list[Any]:
    result, name = list(made), BY_NAME[key]
    places = {name_of(item, name): place for place, item in enumerate(made)}
    for item in given:
        place = places.get(name_of(item, name))
        if place is None:
            result.append(item)
        else:
            result[place] = merge(_without_rivals(result[place], item, key), item)
    return result


def _without_rivals(made: Fields, given: Fields, key: str) -> Fields:
    """An entry without the sources or locations that another one replaces."""
    rivals = (made.keys() | given.keys()) - {"name"} if key == "volumes" else ONE_OF.get(key, frozenset())
    if rivals.isdisjoint(given):
        return made
    return {field: value for field, value in made.items() if field not in rivals or field in given}


def name_of(item: Any, name: str) -> object:
    """The identity of an entry of a list: one of its fields, or the name below that field."""
    found = item.get(name) if isinstance(item, dict) else item
    return found.get("name") if isinstance(found, dict) else found
