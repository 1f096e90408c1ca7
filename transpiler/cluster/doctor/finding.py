"""A line of the report."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from msgspec import Struct

from transpiler.cluster.refusals import ClusterError

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


def looked(name: str, look: Callable[[], Finding]) -> list[Finding]:
    """A finding; what the user may not look at is unknown."""
    try:
        return [look()]
    except ClusterError as error:
        return [Finding(CLUSTER, name, UNKNOWN, error.message, error.hint)]
