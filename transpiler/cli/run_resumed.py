"""`transpile run --resume RUN`: what goes with it. All else says what a new run is, and would count for nothing."""

from __future__ import annotations

import argparse
from typing import Final

from transpiler.cli.usage import UsageError

_OF_NEW_RUNS: Final = {
    "dry_run": "--dry-run",
    "watch": "--watch",
    "only": "--only",
    "from_task": "--from",
    "using": "--using",
    "parameter": "--parameter",
    "parameter_file": "--parameter-file",
    "env": "--env",
    "values": "--values",
    "set": "--set",
    "argo": "--argo",
    "no_cache": "--no-cache",
    "catalog": "--catalog",
    "strict": "--strict",
    "locked": "--locked",
}
"""The name of an argument → its option, if that is about a run that has not started yet."""


def refuse_others(given: argparse.Namespace) -> None:
    """Raises UsageError for what does not go with `--resume`; before the project file has filled anything in."""
    if given.manifest:
        raise UsageError("name a manifest, or a run to go on with, not both: --resume RUN has a manifest already")
    found = [option for name, option in _OF_NEW_RUNS.items() if getattr(given, name)]
    found += [f"--no-{name}" for name in ("strict", "locked") if getattr(given, name) is False]
    if given.stdin_filename != "<stdin>":
        found.append("--stdin-filename")
    if found:
        raise UsageError(f"{', '.join(found)}: --resume goes on with a run as it was started; this is for a new run")
