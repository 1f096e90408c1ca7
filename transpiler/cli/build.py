"""`transpile build`: the Workflows of all manifests of a project, written, or compared with what is there."""

from __future__ import annotations

import argparse
import gc
import sys
from collections.abc import Mapping, Sequence
from itertools import chain
from pathlib import Path

from msgspec import Struct

from transpiler.catalog.files import shown
from transpiler.cli.batch.drift import drifts, report_drifts, show_diffs
from transpiler.cli.batch.jobs import Job, Outcome, read_by
from transpiler.cli.batch.manifests import (
    in_environments,
    jobs_of,
    narrowed,
    project_manifests,
    unnamed_environments,
)
from transpiler.cli.batch.orphans import orphans, prune
from transpiler.cli.batch.outputs import Layout, placed, write_all
from transpiler.cli.batch.pool import compile_all
from transpiler.cli.batch.progress import Progress
from transpiler.cli.batch.summary import broken, listed, summary, tell_people
from transpiler.cli.once import each_once
from transpiler.cli.options import options, settled
from transpiler.cli.reports import report
from transpiler.cli.streams import colored, failed
from transpiler.cli.usage import Refused, UsageError
from transpiler.diagnostics import Diagnostic, Report
from transpiler.workspace.options import Options
from transpiler.workspace.project import PROJECT_FILE, PYPROJECT, Project


class _Built(Struct, frozen=True):
    """A project that was compiled, and not yet written."""

    project: Project
    manifests: Sequence[Path]
    """All manifests of the project, also those that the command line leaves out."""
    outcomes: Sequence[Outcome]
    files: Mapping[Path, Outcome]
    diagnostics: Sequence[Diagnostic]
    is_whole: bool

    @property
    def orphans(self) -> list[Path]:
        """Files that no manifest makes; none are known for a part of a project."""
        return orphans(self.project, self.files, self.manifests) if self.is_whole else []


def run(given: argparse.Namespace) -> int:
    """Build, or check. Nothing is written when there is an error in any manifest."""
    gc.enable()
    built = _compiled(_needed(given), options(given), given)
    if failed(built.diagnostics, given):
        report(built.diagnostics, given, sys.stdout, read_by(built.outcomes))
        tell_people(given, [f"nothing was {'compared' if given.check else 'written'}: {broken(built.outcomes)}"])
        return 1
    return _check(built, given) if given.check else _write(built, given)


def _needed(given: argparse.Namespace) -> Project:
    """The project. Raises UsageError without one, and for options that do not go together."""
    project = settled(given)
    if project is None:
        raise UsageError(
            f"there is no {PROJECT_FILE}, and no [tool.transpile] in a {PYPROJECT}, here or above\n"
            f"  hint: an empty {PROJECT_FILE} builds every manifest below it into `deploy/`"
        )
    if given.prune and (given.paths or given.env):
        raise UsageError("--prune needs the whole project: leave out the paths and --env")
    return project


def _compiled(project: Project, chosen: Options, given: argparse.Namespace) -> _Built:
    """Compile what the command line names, or all. Raises Refused for mistakes in the project file."""
    own = Report()
    manifests = project_manifests(project, own)
    if own.failed:
        raise Refused(own.diagnostics)
    jobs = _jobs(manifests, chosen, given)
    with Progress(len(jobs), "compiled", is_quiet=given.quiet) as progress:
        outcomes = compile_all(jobs, chosen, given.jobs, progress.tell)
    files = placed((each for each in outcomes if each.compilation.text is not None), _layout(project), own)
    diagnostics = each_once(chain(*(each.compilation.diagnostics for each in outcomes), own.diagnostics))
    return _Built(project, manifests, outcomes, files, diagnostics, not (given.paths or given.env))


def _jobs(manifests: Sequence[Path], chosen: Options, given: argparse.Namespace) -> list[Job]:
    wanted = narrowed(manifests, given.paths) if given.paths else manifests
    return in_environments(list(jobs_of(wanted, chosen)), given.env)


def _layout(project: Project) -> Layout:
    here = Path(shown(project.folder))
    return Layout(here, project.pattern, project.folder, project.output.span if project.output else None)


def _check(built: _Built, given: argparse.Namespace) -> int:
    """Report what a build would change; 1 if there is anything."""
    found, own = drifts(built.files, built.project.root), Report()
    report_drifts(found, built.orphans, own)
    report([*built.diagnostics, *own.diagnostics], given, sys.stdout, read_by(built.outcomes))
    if given.format == "text" or given.output_file:
        show_diffs(found, color=colored(given.color, sys.stdout))
    tell_people(given, [] if own.failed else ["all files are up to date"])
    return 1 if own.failed else 0


def _write(built: _Built, given: argparse.Namespace) -> int:
    report(built.diagnostics, given, sys.stdout, read_by(built.outcomes))
    changed = write_all(built.files, lambda _: built.project.root, is_forced=given.force, also=[built.project.file])
    left = built.orphans
    removed = prune(left, built.project) if given.prune else []
    tell_people(given, summary(changed, built.outcomes, removed))
    tell_people(given, _notes(built, [path for path in left if path not in removed]))
    return 0


def _notes(built: _Built, left: Sequence[Path]) -> list[str]:
    """What a build leaves alone, and a user may not expect."""
    notes = []
    if left:
        names = listed([shown(path) for path in left])
        notes.append(f"no manifest makes these files any more: {names}; `transpile build --prune` deletes them")
    if unnamed := unnamed_environments(built.manifests, built.project):
        names = listed([shown(path) for path in unnamed])
        notes.append(f"`environments` does not name those of these files: {names}")
    return [f"note: {each}" for each in notes]
