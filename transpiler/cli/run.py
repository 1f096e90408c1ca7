"""`transpile run`: run a pipeline, or a Workflow, on this machine."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from transpiler.catalog.files import git_root
from transpiler.cli.manifest_input import manifest_input
from transpiler.cli.means import means_of
from transpiler.cli.options import options
from transpiler.cli.run_end import tell_end
from transpiler.cli.run_input import Prepared, outline, prepared
from transpiler.cli.run_part import part_of
from transpiler.cli.run_progress import Teller
from transpiler.cli.run_supply import Supplier
from transpiler.cli.streams import put, show, tell
from transpiler.cli.usage import UsageError
from transpiler.engine.protocol import RefusedError
from transpiler.local.driver import Driver
from transpiler.local.errors import RunError
from transpiler.local.folder import HOME, RunFolder, find_folder, new_folder
from transpiler.local.session import Means, Session, base_of, check, opened


def run(given: argparse.Namespace) -> int:
    """Run it to its end. Nothing starts while there is a mistake."""
    if bool(given.manifest) == bool(given.resume):
        raise UsageError("name a manifest, or a run to go on with: --resume RUN")
    if given.resume and (given.only or given.from_task or given.using):
        raise UsageError("--resume goes on with the tasks of that run: --only, --from and --using start a new one")
    try:
        return _resumed(given) if given.resume else _new(given)
    except RunError as error:
        for number, text in enumerate(error.message.split("\n")):
            tell(text if number else f"transpile: error: {text}")
        if error.hint:
            tell(f"  hint: {error.hint}")
        return 1


def _new(given: argparse.Namespace) -> int:
    means = means_of(given)
    manifest = manifest_input(given.manifest, given.stdin_filename)
    home = home_of(given, manifest.folder)
    part = part_of(given, manifest, home)
    made = prepared(manifest, part.given, given)
    if made is None:
        return 1
    if given.only or given.from_task:
        made, part = part.of(made, given)
    refused = _refused(made, means, given)
    if given.dry_run:
        put(outline(made), sys.stdout)
    if refused or given.dry_run:
        return int(refused)
    folder = new_folder(home, base_of(made.objects[-1]), _root(given, made.folder))
    plan = made.plan(folder.name, part.chosen if part.is_alone else (), means)
    try:
        taken = part.reuse(plan)
    except RunError:
        folder.remove()
        raise
    with opened(folder, plan, means, taken) as session:
        return _drive(session, given)


def _refused(made: Prepared, means: Means, given: argparse.Namespace) -> bool:
    """True if it cannot run here. All that is found is printed."""
    try:
        check(made.objects, made.arguments, means)
    except RefusedError as refused:
        made.refuse(refused, given)
        return True
    show(made.found, given, sys.stderr)
    return False


def _resumed(given: argparse.Namespace) -> int:
    folder = find_folder(home_of(given, Path.cwd()), given.resume)
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
    teller = Teller(given, session)
    teller.begins()
    driver = session.driver(teller, Supplier(given, session.title))
    with _interrupting(driver), teller:
        driver.run()
    return tell_end(session, driver, given)


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
