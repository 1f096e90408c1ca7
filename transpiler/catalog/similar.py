"""The component that a reference to none was probably meant for, by the last part of its name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from transpiler.suggest import did_you_mean

_CLOSE: Final = 0.7
"""How much a name must look like one in another folder, of 1."""


def is_like(written: str, close: str) -> bool:
    """False for two names that only have the same folder."""
    return written.startswith(f"{close}/") or bool(did_you_mean(_last(written), [_last(close)]))


def in_another_folder(written: str, names: Iterable[str]) -> str:
    """The only name with the same last part, or a similar one; empty if there is none, or several."""
    by_last: dict[str, list[str]] = {}
    for each in sorted(names):
        by_last.setdefault(_last(each), []).append(each)
    last = _last(written)
    found = by_last.get(last) or by_last.get(did_you_mean(last, by_last, _CLOSE)) or []
    return found[0] if len(found) == 1 else ""


def _last(name: str) -> str:
    return name.rstrip("/").rpartition("/")[2]
