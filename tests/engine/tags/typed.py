"""Values with their types in Go, as the judge writes them."""

from __future__ import annotations

import base64
from typing import Any

from transpiler.engine.tags.durations import Duration
from transpiler.engine.tags.texts import float_text
from transpiler.engine.tags.times import RFC3339_NANO, Time
from transpiler.engine.tags.values import AnyMap, as_bytes, pairs_of, type_name


def typed(value: Any) -> Any:
    """A value of ours as the judge describes one of Go's; lists and mappings without the types of what is in them."""
    if isinstance(value, list):
        return ["list", [typed(each) for each in value]]
    if isinstance(value, dict | AnyMap):
        return ["map", sorted(([typed(key), typed(each)] for key, each in pairs_of(value)), key=str)]
    return _single(value)


def _single(value: Any) -> Any:
    if value is None:
        return None
    if isinstance(value, str):
        is_whole = not any("\ud800" <= letter <= "\udfff" for letter in value)
        return ["string", value] if is_whole else ["bytes", base64.b64encode(as_bytes(value)).decode()]
    if isinstance(value, bool):
        return ["bool", value]
    if isinstance(value, int):
        return [type_name(value), str(int(value))]
    if isinstance(value, float):
        return ["float64", float_text(value)]
    if isinstance(value, Time):
        return ["time.Time", value.printed(RFC3339_NANO)]
    return ["time.Duration", str(value)] if isinstance(value, Duration) else ["other"]


def simplified(value: Any) -> Any:
    """What the judge says, in the form of `typed`."""
    if value is None:
        return None
    name = value[0]
    if len(value) == 1:
        return ["other"]
    if name == "float64":
        return [name, float_text(float(value[1]))]
    if name.startswith("map") or name == "vm.groupBy":
        return ["map", sorted(([simplified(key), simplified(each)] for key, each in value[1]), key=str)]
    if name.startswith("["):
        return ["list", [simplified(each) for each in value[1]]]
    return value
