"""`--run FILE`: the status of a run, as kubectl prints it → the states of the tasks of a manifest."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from transpiler.analysis import Analysis
from transpiler.catalog.files import shown
from transpiler.cli.usage import UsageError
from transpiler.diagnostics import excerpt
from transpiler.runs.nodes import StatusError
from transpiler.runs.run_states import states_of
from transpiler.runs.states import RunStates

_MAX_BYTES: Final = 256 * 1024 * 1024
_MOST_FAILURES: Final = 10
_HINT: Final = "\n  hint: write one with `kubectl get workflow NAME -o json > status.json`"


def read_run(name: str, analysis: Analysis) -> RunStates:
    """The run in a file, or of standard input for `-`. Raises UsageError."""
    where = "standard input" if name == "-" else shown(Path(name))
    try:
        run = states_of(analysis, _json(name, where))
    except StatusError as error:
        raise UsageError(f"--run: `{where}` is no status of a run: {error}{_HINT}") from error
    if run.unknown and not run.has_tasks:
        names = ", ".join(run.unknown_names[:3])
        raise UsageError(f"--run: `{where}` is a run of another manifest: it has {names}, and no task of this one")
    return run


def _json(name: str, where: str) -> Any:
    try:
        if name == "-":
            data = sys.stdin.buffer.read(_MAX_BYTES + 1)
        else:
            with Path(name).open("rb") as file:
                data = file.read(_MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        raise UsageError(f"--run: cannot read `{where}`: {getattr(error, 'strerror', None) or 'invalid'}") from error
    if len(data) > _MAX_BYTES:
        raise UsageError(f"--run: `{where}` is larger than 256 MiB")
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"--run: `{where}` is not JSON{_HINT}") from error


def told(run: RunStates) -> Iterator[str]:
    """How the run went, with what failed and where that stands in the manifest."""
    said = f": {excerpt(run.message)}" if run.message else ""
    yield f"run {run.name or '(without a name)'}: {run.phase}{said}"
    causes = [each for each in run.failures if each.is_cause]
    for each in causes[:_MOST_FAILURES]:
        place = f"{each.span.source.name}:{each.span.line}:{each.span.column}"
        yield f"  {'/'.join(each.path)} failed ({place}){f': {excerpt(each.message)}' if each.message else ''}"
    if len(causes) > _MOST_FAILURES:
        yield f"  and {len(causes) - _MOST_FAILURES} more"
    if run.unknown:
        names = ", ".join(run.unknown_names[:3])
        what = f"{run.unknown} nodes of the run belong to no task of this manifest: {names}"
        yield f"note: {what}; is it another version?"
