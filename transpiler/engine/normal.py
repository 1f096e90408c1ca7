"""Objects as Argo's API gives them: what Argo reads as texts are texts, whatever the YAML said."""

from __future__ import annotations

from math import isfinite
from typing import Any, Final

from transpiler.argo.any_string import any_string
from transpiler.plan.argo_objects import Node

_TEXTS: Final = frozenset(["value", "default"])
_OF_PARAMETERS: Final = frozenset(["parameters"])
_FREE: Final = frozenset(["withItems"])


def normal(data: Any) -> Any:
    """A copy of an object: values of parameters are texts, and fields without a value are not there."""
    if isinstance(data, dict):
        return {str(key): _field(str(key), value) for key, value in data.items() if value is not None}
    if isinstance(data, list):
        return [normal(each) for each in data]
    return _single(data)


def _single(data: Any) -> Any:
    """A single value; what JSON has not, such as a date, as a text."""
    is_known = isinstance(data, (int, float)) and not (isinstance(data, float) and not isfinite(data))
    return data if is_known else str(data)


def _field(key: str, value: Any) -> Any:
    if key in _FREE:
        return _plain(value)
    if key in _OF_PARAMETERS and isinstance(value, list):
        return [_parameter(each) if isinstance(each, dict) else normal(each) for each in value]
    return normal(value)


def _parameter(given: Node) -> Node:
    found: Node = normal(given)
    for key in _TEXTS & found.keys():
        found[key] = any_string(found[key])
    if isinstance(found.get("enum"), list):
        found["enum"] = [any_string(each) for each in found["enum"]]
    source = found.get("valueFrom")
    if isinstance(source, dict) and "default" in source:
        found["valueFrom"] = {**source, "default": any_string(source["default"])}
    return found


def _plain(data: Any) -> Any:
    if isinstance(data, dict):
        return {str(key): _plain(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_plain(each) for each in data]
    return None if data is None else _single(data)
