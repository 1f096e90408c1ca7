"""Pass-through: Argo's own fields from a manifest, over what the compiler made.

Mappings are merged field by field and lists replace, except lists of named things (`env`, `volumes`, …), which are
merged by name, and `tolerations`, which grow.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from transpiler.argo.artifacts import LOCATIONS
from transpiler.plan.objects import Node

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
"""Field → what names an entry of it."""
ONE_OF: Final = {
    "env": frozenset(["value", "valueFrom"]),
    "parameters": frozenset(["value", "valueFrom"]),
    "artifacts": frozenset(LOCATIONS),
}
"""Field → of which an entry has one; a volume has one but its name."""
GROWING: Final = frozenset(["tolerations", "envFrom", "hostAliases"])


def merged(made: Node, given: Mapping[str, Any]) -> Node:
    """`made` with the fields of `given` over it; neither is changed."""
    result = dict(made)
    for key, value in given.items():
        result[key] = _merged(key, result[key], value) if key in result else value
    return result


def _merged(key: str, made: Any, given: Any) -> Any:
    if isinstance(made, dict) and isinstance(given, dict):
        return merged(made, given)
    if isinstance(made, list) and isinstance(given, list):
        if key in GROWING:
            return [*made, *(item for item in given if item not in made)]
        if key in BY_NAME:
            return _by_name(made, given, key)
    return given


def _by_name(made: list[Any], given: list[Any], key: str) -> list[Any]:
    result, name = list(made), BY_NAME[key]
    places = {_name(item, name): place for place, item in enumerate(made)}
    for item in given:
        place = places.get(_name(item, name))
        if place is None:
            result.append(item)
        else:
            result[place] = merged(_without_rivals(result[place], item, key), item)
    return result


def _without_rivals(made: Node, given: Node, key: str) -> Node:
    """An entry without what it would have beside another source or place of its own."""
    rivals = (made.keys() | given.keys()) - {"name"} if key == "volumes" else ONE_OF.get(key, frozenset())
    if rivals.isdisjoint(given):
        return made
    return {field: value for field, value in made.items() if field not in rivals or field in given}


def _name(item: Any, name: str) -> object:
    found = item.get(name) if isinstance(item, dict) else item
    return found.get("name") if isinstance(found, dict) else found
