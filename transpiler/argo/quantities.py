"""Durations and quantities, in the forms that Kubernetes and Argo read."""

from __future__ import annotations

import re
from decimal import Context, Decimal
from math import ceil
from typing import Final

from transpiler.patterns import regex

DURATION: Final = r"([0-9]{1,10}(\.[0-9]+)?(ms|s|m|h|d))+"
"""Go's durations (`1h30m`), and days."""
_UNITS: Final = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400}
_QUANTITY = regex(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)(Ki|Mi|Gi|Ti|Pi|Ei|[numkMGTPE]|[eE][+-]?[0-9]+)?")

_CONTEXT: Final = Context(prec=60, traps=[])
"""Numbers too large for anything are infinite."""
_SIZES: Final = {
    "": Decimal(1),
    **{unit: Decimal(1000) ** power for power, unit in enumerate("num kMGTPE", -3) if unit != " "},
    **{f"{unit}i": Decimal(1024) ** power for power, unit in enumerate("KMGTPE", 1)},
}


def is_quantity(text: str) -> bool:
    """True for `500m`, `2`, `1.5`, `4Gi` (apimachinery's resource.Quantity)."""
    return _QUANTITY.fullmatch(text) is not None


def quantity(text: str) -> Decimal:
    """How much a quantity is. Expects a text that is one."""
    found = _QUANTITY.fullmatch(text)
    assert found is not None
    unit = found[3] or ""
    number = _CONTEXT.create_decimal(text[: len(text) - len(unit)])
    size = _SIZES.get(unit) or _CONTEXT.create_decimal(f"1{unit}")
    amount = _CONTEXT.multiply(number, size)
    return Decimal(0) if amount.is_nan() else amount  # nothing, of a unit too large for anything


def is_device(resource: str) -> bool:
    """True for a resource that is counted in whole devices and not shared."""
    return "/" in resource and not resource.startswith("kubernetes.io/")


def unit_of(text: str) -> str:
    """The unit of a quantity; empty for one without."""
    found = _QUANTITY.fullmatch(text)
    return (found[3] or "") if found is not None else ""


def go_duration(text: str) -> str:
    """A duration in the form of Go's `time.ParseDuration`, which has no days."""
    return re.sub(r"([0-9]+(?:\.[0-9]+)?)d", lambda found: f"{float(found[1]) * 24:g}h", text)


def seconds(duration: str) -> int:
    """How long a duration is, in whole seconds. Expects a text that matches DURATION, or a number of seconds."""
    if duration.isdigit():
        return int(duration)
    parts = re.findall(r"([0-9]+(?:\.[0-9]+)?)(ms|s|m|h|d)", duration)
    return ceil(round(sum(float(number) * _UNITS[unit] for number, unit in parts), 6))
