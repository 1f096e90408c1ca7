"""`transpile run --resume RUN`: what goes with it, and what has changed since the run was started.

All other options say what a new run is, and would count for nothing.
"""

from __future__ import annotations

import argparse
import shlex
from pathlib import Path
from typing import Final

from transpiler.catalog.files import shown
from transpiler.cli.streams import tell
from transpiler.cli.usage import UsageError
from transpiler.local.changed import changed
from transpiler.local.folder import Plan

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
_MOST_NAMED: Final = 3


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


def tell_changes(plan: Plan) -> None:
    """Warn if the manifest, or a file that was read with it, is not what it was: the run goes on with what it was."""
    files = changed(plan.files)
    if not files:
        return
    more = f" and {len(files) - _MOST_NAMED} more" if len(files) > _MOST_NAMED else ""
    names = ", ".join(f"`{shown(each)}`" for each in files[:_MOST_NAMED])
    is_one = len(files) == 1
    tell(f"transpile: warning: {names}{more} {'has' if is_one else 'have'} changed since this run was started:")
    tell("  --resume goes on with what was compiled then")
    if plan.path:
        manifest = shlex.quote(shown(Path(plan.path)))
        tell(f"  hint: `transpile run {manifest} --from TASK` starts a run of what is there now")
