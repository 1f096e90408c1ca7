"""Resources of containers in Kubernetes: valid names and plausible quantities."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from transpiler.argo.quantities import is_device, is_quantity, quantity, unit_of
from transpiler.diagnostics import Hint
from transpiler.patterns import regex
from transpiler.suggest import correction, did_you_mean

KNOWN: Final = ("cpu", "memory", "ephemeral-storage")
_DNS: Final = r"[a-z0-9]([-a-z0-9]*[a-z0-9])?"
_EXTENDED: Final = regex(rf"(?!requests\.){_DNS}(\.{_DNS})*/[A-Za-z0-9]([-_.A-Za-z0-9]{{0,61}}[A-Za-z0-9])?")
_PAGES: Final = "hugepages-"
_SLIPS: Final = {"mem": "memory", "ram": "memory", "gpus": "nvidia.com/gpu", "gpu": "nvidia.com/gpu"}
_FORM: Final = "write a number with an optional unit, such as 500m, 2 or 4Gi"
_BYTES: Final = regex(r"(?P<number>\d+(?:\.\d+)?)[ _]?(?P<unit>[kKmMgGtTpP])(?P<binary>i?)[bB]?", re.ASCII)
_MEBI: Final = Decimal(1024) ** 2
_MOST: Final = Decimal(2**63 - 1)
_MOST_CPUS: Final = Decimal(10_000)
_IN_BYTES: Final = ("memory", "ephemeral-storage", "storage")


def name_fault(name: str) -> tuple[str, str]:
    """The fault of the name of a resource, and a hint; two empty texts for a valid name."""
    pages = name.removeprefix(_PAGES)
    if name in KNOWN or _EXTENDED.fullmatch(name) or (pages != name and is_quantity(pages)):
        return "", ""
    meant = _SLIPS.get(name.lower()) or did_you_mean(name.lower(), KNOWN)
    hint = correction(name, meant) if meant else "a resource is cpu, memory, hugepages-2Mi or vendor.com/name"
    return f"there is no resource `{name}`", hint


def quantity_fault(name: str, text: str) -> tuple[str, str]:
    """The fault of the quantity of a resource, and a hint; two empty texts for a plausible quantity."""
    if not is_quantity(text):
        return f"`{text}` is not a valid quantity", (_as_quantity(text) if name in _IN_BYTES else None) or _FORM
    amount, unit = quantity(text), unit_of(text)
    if amount.is_signed() and amount != 0:
        return f"`{text}` is negative", "write a quantity that is not negative"
    if is_device(name):
        is_whole = amount == amount.to_integral_value()
        return ("", "") if is_whole else (f"`{name}` must be a whole number, not {text}", "write a whole number")
    if name == "cpu":
        return _cpu_fault(text, amount)
    return _bytes_fault(text, amount, unit) if name in _IN_BYTES or name.startswith(_PAGES) else ("", "")


def _as_quantity(text: str) -> Hint | None:
    """The quantity that an amount in bytes, such as `4GB` or `4 gib`, was meant for; None for another text."""
    found = _BYTES.fullmatch(text)
    if found is None:
        return None
    number, unit = found["number"], found["unit"].upper()
    binary = f"{number}{unit}i"
    also = "" if found["binary"] else f", or `{number}{unit.replace('K', 'k')}` for units of 1000"
    return Hint(f"write `{binary}`{also}", binary, text)


def _cpu_fault(text: str, amount: Decimal) -> tuple[str, str]:
    hint = "write CPUs, such as 2, or 500m for half of one"
    if amount > _MOST_CPUS:
        return f"`{text}` means {_shown(amount)} CPUs", hint
    is_finer = amount * 1000 != (amount * 1000).to_integral_value()
    return (f"`{text}` is more precise than a thousandth of a CPU", hint) if is_finer else ("", "")


def _mebibytes(number: str, text: str) -> Hint:
    return Hint(f"write `{number}Mi` for mebibytes", f"{number}Mi", text)


def _bytes_fault(text: str, amount: Decimal, unit: str) -> tuple[str, str]:
    number = text[: len(text) - len(unit)]
    if amount != amount.to_integral_value():
        what = "`m` means a thousandth" if unit == "m" else "bytes are whole numbers"
        return f"`{text}` is a fraction of a byte: {what}", _mebibytes(number, text)
    if 0 < amount < _MEBI and not re.search(r"[kKMGTPE]", unit):
        return f"`{text}` means {_shown(amount)} bytes", _mebibytes(number, text)
    return (f"`{text}` is more than Kubernetes can count", "write a smaller value") if amount > _MOST else ("", "")


def _shown(amount: Decimal) -> str:
    return f"{amount.normalize():,f}" if amount < 10**15 else f"{amount.normalize():.1e}"


def is_fixed(resource: str) -> bool:
    """True for a device, of which a pod requests exactly its limit."""
    return is_device(resource) or resource.startswith(_PAGES)
