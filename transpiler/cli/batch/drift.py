"""`build --check`: files that are not what a build would write, as diagnostics and as a diff."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from msgspec import Struct

from transpiler import atomic
from transpiler.catalog.files import exists, is_folder, shown
from transpiler.cli.batch.jobs import Job, Outcome
from transpiler.cli.batch.outputs import content
from transpiler.cli.output import roots_of
from transpiler.cli.streams import put, writing
from transpiler.cli.usage import UsageError
from transpiler.diagnostics import Report, Source, Span
from transpiler.views.drift import first_difference, unified

_MAX_DIFFS: Final = 20
_HINT: Final = "run `transpile build`, and commit what it writes"


class Drift(Struct, frozen=True):
    """A file that a build would write anew; `before` is None for one that does not exist."""

    path: Path
    job: Job
    before: str | None
    after: str


def drifts(files: Mapping[Path, Outcome], root: Path) -> list[Drift]:
    """The files that differ, but for line ends, which Git may change.

    Raises UsageError for one that is unreadable, and for one behind a link out of the root, which nobody may see.
    """
    found = []
    for path, outcome in files.items():
        with writing(path):
            atomic.inside(path, *roots_of(path, root))
        after, before = content(path, outcome).decode(), _text(path)
        if before is None or before != after:
            found.append(Drift(path, outcome.job, before, after))
    return found


def _text(path: Path) -> str | None:
    if not exists(path) and not path.is_symlink():
        return None
    if is_folder(path):
        raise UsageError(f"`{path}` is a folder; a build would write a file there")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UsageError(f"cannot read `{path}`: {error.strerror}") from error
    return data.decode(errors="replace").replace("\r\n", "\n")


def report_drifts(found: Iterable[Drift], orphans: Iterable[Path], report: Report) -> None:
    """A diagnostic for each file, at its first line that differs."""
    for drift in found:
        name, manifest = shown(drift.path), shown(drift.job.manifest)
        of = f"`{manifest}`" + (f" for `{drift.job.environment}`" if drift.job.environment else "")
        if drift.before is None:
            report.error("stale-output", f"the file does not exist; it is built from {of}", _start(name), _HINT)
            continue
        source = Source(name, drift.before)
        line = first_difference(drift.before, drift.after)
        text = source.line(line)
        start, end = source.offset(line, 1 + len(text) - len(text.lstrip())), source.offset(line, 1 + len(text))
        report.error("stale-output", f"the file is not what is built from {of}", source.span(start, end), _HINT)
    for path in orphans:
        message = "no manifest of the project gives this file"
        report.error("orphaned-output", message, _start(shown(path)), "delete it; `transpile build --prune` does")


def _start(name: str) -> Span:
    return Source(name, "").span(0)


def show_diffs(found: list[Drift], *, color: bool) -> None:
    """Print what a build would change."""
    for drift in found[:_MAX_DIFFS]:
        old = shown(drift.path) if drift.before is not None else "/dev/null"
        put(unified(drift.before or "", drift.after, old, shown(drift.path), color=color), sys.stdout)
    if len(found) > _MAX_DIFFS:
        put(f"... and {len(found) - _MAX_DIFFS} more files\n", sys.stdout)
