"""The kinds of Argo's templates: the fields that determine what a template runs (Argo's docs/fields.md)."""

from __future__ import annotations

from typing import Final

LEAVES: Final = ("container", "script", "containerSet", "resource", "suspend", "http", "data", "plugin")
BRANCHES: Final = ("dag", "steps")
"""Kinds that call other templates."""
KINDS: Final = (*LEAVES, *BRANCHES)
PROGRAMS: Final = ("container", "script")
"""Kinds that run one container of the user's."""
WITH_EXIT_CODE: Final = frozenset(["container", "script", "containerSet", "data", "http", "plugin"])
"""Kinds that have `exitCode`: those that run a program, in the end."""
WITH_RESULT: Final = frozenset([*LEAVES]) - {"suspend"}
"""Kinds that have `outputs.result`."""
NO_END: Final = (
    "the `timeout` of the manifest ends the run, and the wait with it; `suspend: {duration: 1h}` goes on by itself"
)
"""What ends the wait of a `suspend`: no limit of a task or template does."""
