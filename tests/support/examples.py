"""How many random examples a property tries."""

from __future__ import annotations

import os


def examples(number: int) -> int:
    """A third of a number; all where judges are required, as `.ci/run` does."""
    return number if os.environ.get("TRANSPILE_REQUIRE_JUDGES") else number // 3
