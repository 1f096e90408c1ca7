"""`transpile run --watch`: runs again when a file that it has read changes, until somebody ends it."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final, NamedTuple

from msgspec import Struct

from transpiler.catalog.files import shown
from transpiler.cli.run_end import INTERRUPTED
from transpiler.cli.streams import put, tell
from transpiler.local.folder import RunFolder

_PAUSE: Final = 0.25
"""Seconds between two looks at the files."""
_MOST_NAMED: Final = 3


class Went(Struct, frozen=True):
    """A run, or what kept it from starting."""

    code: int
    files: tuple[Path, ...] = ()
    """What it has read."""
    folder: RunFolder | None = None


class Stamp(NamedTuple):
    """What changes when a file does."""

    at: int
    size: int
    number: int


def watch(run: Callable[[RunFolder | None], Went]) -> int:
    """Run again and again, each time with the last run that has started; the exit code of Ctrl-C."""
    last: RunFolder | None = None
    known: frozenset[Path] = frozenset()
    while True:
        started = time.time_ns()
        before = stamps(known)
        went = run(last)
        if went.code == INTERRUPTED:
            return INTERRUPTED
        last = went.folder or last
        known |= frozenset(went.files)
        tell(f"watching {len(known)} files for changes; Ctrl-C ends it")
        changed = _wait(known, before, started)
        names = ", ".join(shown(each) for each in changed[:_MOST_NAMED])
        put("\n", sys.stderr)
        tell(f"{names}{' and more' if len(changed) > _MOST_NAMED else ''} changed")


def stamps(files: Iterable[Path]) -> dict[Path, Stamp | None]:
    """The stamps of files; None for one that is not there."""
    return {each: _stamp(each) for each in files}


def _stamp(path: Path) -> Stamp | None:
    try:
        found = path.stat()
    except (OSError, ValueError):
        return None
    return Stamp(found.st_mtime_ns, found.st_size, found.st_ino)


def _wait(files: Iterable[Path], before: dict[Path, Stamp | None], started: int) -> list[Path]:
    """Wait for a change, and until the files stay as they are: an editor may write one in several steps.

    `before`: the files as they were when they were read; one that is not there has changed if it is younger.
    """
    old = stamps(files)
    for path, stamp in old.items():
        if path in before:
            old[path] = before[path]
        elif stamp is not None and stamp.at > started:
            old[path] = None
    while True:
        now = stamps(old)
        if now != old:
            time.sleep(_PAUSE)
            if stamps(old) == now:
                return sorted(path for path, stamp in now.items() if stamp != old[path])
        time.sleep(_PAUSE)
