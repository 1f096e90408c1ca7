"""What an expression of Argo can name: values by the parts of their names, and Argo's functions (util/expr/env)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Final


@cache
def argo_functions() -> dict[str, Any]:
    """Argo's functions: name → what it does; `sprig` is a mapping of more."""
    from transpiler.engine.tags.functions import numbers  # noqa: PLC0415 - few runs have an expression
    from transpiler.engine.tags.jsonpath.paths import json_path  # noqa: PLC0415
    from transpiler.engine.tags.sprig.table import sprig_functions  # noqa: PLC0415
    from transpiler.engine.tags.sprig.typed import typed  # noqa: PLC0415
    from transpiler.engine.tags.texts import as_json  # noqa: PLC0415

    return {
        "asInt": typed("asInt", "a", numbers.as_int, needs_run=True),
        "asFloat": typed("asFloat", "a", numbers.as_float, needs_run=True),
        "jsonpath": typed("jsonpath", "ss", json_path),
        "toJson": typed("toJson", "a", as_json),
        "sprig": sprig_functions(),
    }


FUNCTIONS: Final = frozenset({"asInt", "asFloat", "jsonpath", "toJson", "sprig"})


def expanded(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values in mappings by the parts of their names: `a.b.c` stands in `a`, in its `b`.

    Where a name is the start of another, the longer one stays.
    """
    tree: dict[str, Any] = {}
    branches = {"": tree}
    for name in _without_parents(values):
        start, _, last = name.rpartition(".")
        place = branches.get(start)
        if place is None:
            place = _branch(branches, start)
        if name not in branches:
            place[last] = values[name]
    return tree


def _branch(branches: dict[str, dict[str, Any]], name: str) -> dict[str, Any]:
    """The mapping for the start of names, made with those above it, in place of a value of that name."""
    place, path = branches[""], ""
    for part in name.split("."):
        path = f"{path}.{part}" if path else part
        if path not in branches:
            branches[path] = place[part] = {}
        place = branches[path]
    return place


def _without_parents(values: Mapping[str, Any]) -> list[str]:
    """The names, without those that the next one in order goes on."""
    names = sorted(values)
    following = [*names[1:], ""][: len(names)]
    return [name for name, after in zip(names, following, strict=True) if not after.startswith(f"{name}.")]


def environment(values: Mapping[str, Any]) -> dict[str, Any]:
    """All that an expression can name, of the values in a scope of Argo's."""
    return {**expanded(values), **argo_functions()}
