"""A line of the report."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

OK: Final = "ok"
WARNING: Final = "warning"
"""It works, but not all of it, or not as it should."""
PROBLEM: Final = "problem"
UNKNOWN: Final = "unknown"
"""It could not be looked at."""

HERE: Final = "this machine"
CLUSTER: Final = "cluster"


class Finding(Struct, frozen=True):
    """What was looked at, its state, what was seen, and what to do. Texts of a cluster are not trusted."""

    place: str
    name: str
    state: str
    seen: str
    hint: str = ""
