"""`transpile run`: run a pipeline, or a Workflow, on this machine."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from msgspec.structs import replace

from transpiler.catalog.files import git_root
from transpiler.cli.manifest_input import manifest_input
from transpiler.cli.means import means_of
from transpiler.cli.options import options
from transpiler.cli.reports import report
from transpiler.cli.run_end import tell_end
from transpiler.cli.run_given import check_given
from transpiler.cli.run_input import Prepared, outline, prepared
from transpiler.cli.run_live import teller_of
from transpiler.cli.run_part import Part, part_of
from transpiler.cli.run_resumed import refuse_others, tell_changes
from transpiler.cli.run_supply import Supplier
from transpiler.cli.run_watch import Went, watch
from transpiler.cli.streams import put, show, tell
from transpiler.cli.usage import Refused, UsageError
from transpiler.engine.protocol import RefusedError
from transpiler.local.chosen import Way
from transpiler.local.driver import Driver
from transpiler.local.errors import RunError
from transpiler.local.folder import HOME, Plan, RunFolder, find_folder, new_folder
from transpiler.local.leftovers import clean_all
from transpiler.local.reuse import Reuse
from transpiler.local.session import Means, Session, base_of, caches_of, check, opened
from transpiler.plan.argo_objects import is_suspended, resumed


def run(given: argparse.Namespace) -> int:
    """Run it to its end. Nothing starts while there is a mistake."""
    if given.resume:
        refuse_others(given)
    elif not given.manifest:
        raise UsageError("name a manifest, or a run to go on with: --resume RUN")
    try:
        return _resumed(given) if given.resume else _new(given)
    except RunError as error:
        tell_error(error)
        return 1


def tell_error(error: RunError) -> None:
    """Print why nothing runs, or why it does not go on."""
    for number, text in enumerate(error.message.split("\n")):
        tell(text if number else f"transpile: error: {text}")
    if error.hint:
        tell(f"  hint: {error.hint}")


def _new(given: argparse.Namespace) -> int:
    if not given.watch:
        return _once(given, None).code
    if given.manifest == "-" or given.dry_run:
        raise UsageError("--watch needs a manifest that is a file, and runs it")
    return watch(lambda last: _told_once(given, last))


def _told_once(given: argparse.Namespace, last: RunFolder | None) -> Went:
    """The next run of a watch: what stops it from starting is told, and it goes on with the next change."""
    files = (Path(given.manifest), *map(Path, given.parameter_file))
    try:
        return _once(given, last)
    except RunError as error:
        tell_error(error)
    except Refused as refused:
        report(refused.diagnostics, given, sys.stderr)
    except UsageError as error:
        tell(f"transpile: error: {error}")
    return Went(1, files)


def _once(given: argparse.Namespace, last: RunFolder | None) -> Went:
    """A new run. `last`: the one before it, of which all that has not changed counts."""
    means = means_of(given)
    manifest = manifest_input(given.manifest, given.stdin_filename)
    home = home_of(given, manifest.folder)
    part = part_of(given, manifest, home, last)
    made, files = prepared(manifest, part.given, given)
    if made is None:
        return Went(1, files)
    if is_suspended(made.objects):
        if not given.yes:
            raise RunError("the run would wait for somebody to start it (`suspend`)", "--yes starts it")
        made = replace(made, objects=resumed(made.objects))
    check_given(made.objects, given)
    if given.only or given.from_task:
        made, part = part.of(made, given)
    refused = _refused(made, means, given, part.chosen if part.is_alone else ())
    if given.dry_run:
        put(outline(made, is_whole=given.verbose), sys.stdout)
    if refused or given.dry_run:
        return Went(int(refused), files)
    folder, code = _start(made, part, means, home, given)
    return Went(code, files, folder)


def _start(made: Prepared, part: Part, means: Means, home: Path, given: argparse.Namespace) -> tuple[RunFolder, int]:
    """Start a run that can run here, and wait for its end: its folder, and the exit code."""
    for problem in clean_all(home):
        tell(f"transpile: warning: {problem}")
    folder = new_folder(home, base_of(made.objects[-1]), _root(given, made.folder))
    try:
        plan, taken = _planned(made, part, means, folder, given)
    except RunError:
        folder.remove()
        raise
    about = part.about(made, given.parameter)
    if about and not given.quiet:
        tell(about)
    with opened(folder, plan, means, taken) as session:
        return folder, _drive(session, given)


def _planned(
    made: Prepared, part: Part, means: Means, folder: RunFolder, given: argparse.Namespace
) -> tuple[Plan, Reuse]:
    plan = made.plan(folder.name, part.chosen if part.is_alone else (), means)
    if not given.no_cache:
        plan = caches_of(folder).known(plan)
    return plan, part.reuse(plan)


def _refused(made: Prepared, means: Means, given: argparse.Namespace, only: tuple[Way, ...]) -> bool:
    """True if it cannot run here. All that is found is printed."""
    try:
        check(made.objects, made.arguments, means, only)
    except RefusedError as refused:
        made.refuse(refused, given)
        return True
    if made.found:
        show(made.found, given, sys.stderr)
    return False


def _resumed(given: argparse.Namespace) -> int:
    folder = find_folder(home_of(given, Path.cwd()), given.resume)
    plan = folder.plan()
    check_given(plan.objects, given)
    tell_changes(plan)
    with _refusals_as_errors(folder), opened(folder, None, means_of(given)) as session:
        return _drive(session, given)


@contextmanager
def _refusals_as_errors(folder: RunFolder) -> Iterator[None]:
    try:
        yield
    except RefusedError as refused:
        lines = [f"{'.'.join(map(str, each.path))}: {each.message}" for each in refused.refusals]
        raise RunError(f"the run `{folder.name}` cannot go on: " + "; ".join(lines)) from refused


def _drive(session: Session, given: argparse.Namespace) -> int:
    teller = teller_of(given, session)
    teller.begins()
    driver = session.driver(teller, Supplier(given, session.title, teller.aside))
    with _interrupting(driver), teller:
        driver.run()
    session.end()
    return tell_end(session, driver, given, teller.times)


@contextmanager
def _interrupting(driver: Driver) -> Iterator[None]:
    """Let Ctrl-C, and a request to end, stop what was started."""

    def interrupt(_: int, __: FrameType | None) -> None:
        driver.interrupt()

    before = {each: signal.signal(each, interrupt) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def home_of(given: argparse.Namespace, folder: Path) -> Path:
    """The folder of the runs, for what is in a folder."""
    return Path(given.run_dir) if given.run_dir else _root(given, folder) / HOME


def _root(given: argparse.Namespace, folder: Path) -> Path:
    if given.run_dir:
        return Path(given.run_dir).resolve()
    return options(given).root or git_root(folder.resolve())
