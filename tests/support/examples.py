"""Which random examples a property tries, and how many.

They are the same ones in every run of a revision, so that a run that fails says something about the change. New ones
are looked for on purpose: `TRANSPILE_NEW_EXAMPLES=20 make test` takes 20 times as many, and others each time.
"""

from __future__ import annotations

import os

from hypothesis import settings

_TIMES = int(os.environ.get("TRANSPILE_NEW_EXAMPLES", "0"))
TIMES = _TIMES or 1
"""As many times as by default something random is to be tried that is too slow for `examples`."""


def settle() -> None:
    """Make the examples of all properties the same ones in every run, unless new ones are asked for."""
    settings.register_profile("same examples", derandomize=not _TIMES)
    settings.load_profile("same examples")


def examples(number: int) -> int:
    """A third of a number; all where judges are required, as `.ci/run` does; more where new ones are asked for."""
    if _TIMES:
        return number * _TIMES
    return number if os.environ.get("TRANSPILE_REQUIRE_JUDGES") else number // 3
