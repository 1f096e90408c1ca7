"""`transpile test`: the cases of files of tests, run in virtual time, with fakes of all tasks but the real ones."""

from __future__ import annotations

import argparse
import gc
import signal
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from msgspec import Struct, field

from transpiler.catalog.files import shown
from transpiler.cli.means import means_of
from transpiler.cli.once import each_once
from transpiler.cli.options import options
from transpiler.cli.reports import is_summarized, report
from transpiler.cli.streams import failed, put, tell
from transpiler.cli.test_files import FAILED, NOT_RUN, PASSED, TestFile, files_of
from transpiler.cli.usage import UsageError
from transpiler.diagnostics import Diagnostic
from transpiler.local.errors import RunError
from transpiler.local.real import real_tasks
from transpiler.rehearsal.coverage import Covered
from transpiler.rehearsal.model import Case
from transpiler.report.safe import safe

_TERMINATED: Final = 143
_OBJECTS: Final = 500_000
"""New objects after which memory is searched for cycles, between two cases."""


class Ran(Struct, eq=False):
    """The cases of a file that were run."""

    path: Path
    cases: list[tuple[Case, str]] = field(default_factory=list)
    """Each with how it went."""
    diagnostics: list[Diagnostic] = field(default_factory=list)
    covered: Covered | None = None
    manifest: Path | None = None


def run(given: argparse.Namespace) -> int:
    """Run each case; 1 when one fails."""
    options(given)
    try:
        means = means_of(given)
        files = list(files_of(given.paths, given, lambda objects: real_tasks(objects, means)))
        if given.list:
            return _list(files, given)
        with _ending():
            ran = [_run(each, given) for each in files]
    except RunError as error:
        tell(f"transpile: error: {error.message}")
        return 1
    if given.names and not any(each.cases for each in ran) and not any(each.diagnostics for each in ran):
        raise UsageError(f"no case has `{given.names[0]}` in its name; `transpile test --list` prints the names")
    return _tell(ran, given)


@contextmanager
def _ending() -> Iterator[None]:
    """Let a request to end stop the programs of real tasks, and remove their files, as Ctrl-C does."""
    before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(_TERMINATED))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _chosen(cases: Iterable[Case], given: argparse.Namespace) -> Iterator[Case]:
    words = [each.casefold() for each in given.names]
    for case in cases:
        if not words or any(word in case.name.casefold() for word in words):
            yield case


def _list(files: Iterable[TestFile], given: argparse.Namespace) -> int:
    """Print the names of the cases."""
    found: list[Diagnostic] = []
    for file in files:
        for case in _chosen(file.cases, given):
            put(f"{safe(shown(file.path))}: {safe(case.name)}\n", sys.stdout)
        found += file.problems
    if found:
        report(each_once(found), given, sys.stderr)
    return 1 if failed(found, given) else 0


def _run(file: TestFile, given: argparse.Namespace) -> Ran:
    """Run the cases of a file. What is wrong in the file or its manifest keeps those from running that it concerns."""
    ran = Ran(file.path, manifest=file.manifest)
    ran.diagnostics += file.problems
    for case in _chosen(file.cases, given):
        if gc.get_count()[0] > _OBJECTS:
            gc.collect()  # what the last cases have left; a search while a case runs finds nothing
        state, diagnostics = file.run(case)
        ran.cases.append((case, state))
        ran.diagnostics += diagnostics
    if ran.cases:
        ran.covered = file.covered()
        ran.diagnostics += ran.covered.gaps if ran.covered is not None else ()
        ran.diagnostics += file.unused()
    return ran


def _tell(ran: list[Ran], given: argparse.Namespace) -> int:
    found = each_once([each for file in ran for each in file.diagnostics])
    if given.format == "text" and not given.quiet:
        put("".join(_lines(ran)), sys.stdout)
    passed = {shown(each.path): [case.name for case, state in each.cases if state == PASSED] for each in ran}
    files = [path for each in ran for path in (each.path, each.manifest) if path is not None]
    report(found, given, sys.stdout, files, passed)
    if is_summarized(given):
        tell(_summary(ran))
    return 1 if failed(found, given) else 0


def _lines(ran: list[Ran]) -> Iterator[str]:
    """A line for each case, and one for what they cover."""
    for file in ran:
        yield f"{safe(shown(file.path))}\n"
        for case, state in file.cases:
            yield f"  {state if state == PASSED else state.upper():7}  {safe(case.name)}\n"
        if file.covered is not None:
            yield f"  coverage: {file.covered.told}\n"
    yield "\n" if any(each.diagnostics for each in ran) else ""


def _summary(ran: list[Ran]) -> str:
    states = [state for each in ran for _, state in each.cases]
    counted = ", ".join(f"{states.count(each)} {each}" for each in (PASSED, FAILED, NOT_RUN) if each in states)
    return f"{len(states)} case{'' if len(states) == 1 else 's'}{f': {counted}' if counted else ''}"
