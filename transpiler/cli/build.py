"""`transpile build`: the Workflows of all manifests of a project, written, or compared with what is there."""

from __future__ import annotations

import argparse
import gc
import sys
from collections.abc import Sequence
from pathlib import Path

from transpiler.catalog.files import shown
from transpiler.cli.batch.drift import Drift, drifts, report_drifts, show_diffs
from transpiler.cli.batch.jobs import Job, Outcome, all_diagnostics, read_by
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
from transpiler.cli.options import options, settled
from transpiler.cli.reports import report
from transpiler.cli.streams import colored, failed
from transpiler.cli.usage import Refused, UsageError
from transpiler.diagnostics import Diagnostic, Report
from transpiler.workspace.options import Options
from transpiler.workspace.project import PROJECT_FILE, PYPROJECT, Project


def run(given: argparse.Namespace) -> int:
    """Build, or check. Nothing is written when there is an error in any manifest."""
    gc.enable()
    project = settled(given)
    if project is None:
        raise UsageError(
            f"there is no {PROJECT_FILE}, and no [tool.transpile] in a {PYPROJECT}, here or above\n"
            f"  hint: an empty {PROJECT_FILE} builds every manifest below it into `deploy/`"
        )
    if given.prune and (given.paths or given.env):
        raise UsageError("--prune needs the whole project: leave out the paths and --env")
    chosen = options(given)
    jobs, manifests = _jobs(project, chosen, given)
    with Progress(len(jobs), "compiled", is_quiet=given.quiet) as progress:
        outcomes = compile_all(jobs, chosen, given.jobs, progress.tell)
    own = Report()
    files = placed((each for each in outcomes if each.compilation.text is not None), _layout(project), own)
    diagnostics = all_diagnostics([*(each.compilation.diagnostics for each in outcomes), own.diagnostics])
    if failed(diagnostics, given):
        report(diagnostics, given, sys.stdout, read_by(outcomes))
        what = "compared" if given.check else "written"
        tell_people(given, [f"nothing was {what}: {broken(outcomes)}"])
        return 1
    is_whole = not (given.paths or given.env)
    left = orphans(project, files, manifests) if is_whole else []
    if given.check:
        return _check(drifts(files), left, diagnostics, outcomes, given)
    report(diagnostics, given, sys.stdout, read_by(outcomes))
    changed = write_all(files, lambda _: project.root, is_forced=given.force)
    removed = prune(left, project) if given.prune else []
    tell_people(
        given,
        [
            *summary(changed, outcomes, removed),
            *_left([path for path in left if path not in removed]),
            *_unnamed(manifests, project),
        ],
    )
    return 0


def _jobs(project: Project, options: Options, given: argparse.Namespace) -> tuple[list[Job], list[Path]]:
    """What is to be built, and all manifests of the project. Raises Refused for mistakes in the project file."""
    report = Report()
    manifests = project_manifests(project, report)
    if report.failed:
        raise Refused(report.diagnostics)
    chosen = narrowed(manifests, given.paths) if given.paths else manifests
    return in_environments([*jobs_of(chosen, options)], given.env), manifests


def _layout(project: Project) -> Layout:
    here = Path(shown(project.folder))
    return Layout(here, project.pattern, project.folder, project.output.span if project.output else None)


def _check(
    found: list[Drift],
    left: Sequence[Path],
    warnings: list[Diagnostic],
    outcomes: Sequence[Outcome],
    given: argparse.Namespace,
) -> int:
    own = Report()
    report_drifts(found, left, own)
    report([*warnings, *own.diagnostics], given, sys.stdout, read_by(outcomes))
    if given.format == "text" or given.output_file:
        show_diffs(found, color=colored(given.color, sys.stdout))
    tell_people(given, [] if own.failed else ["all files are up to date"])
    return 1 if own.failed else 0


def _unnamed(manifests: Sequence[Path], project: Project) -> list[str]:
    paths = unnamed_environments(manifests, project)
    names = listed([shown(path) for path in paths])
    return [f"note: `environments` does not name those of these files: {names}"] if paths else []


def _left(paths: Sequence[Path]) -> list[str]:
    if not paths:
        return []
    names = listed([shown(path) for path in paths])
    return [f"note: no manifest makes these files any more: {names}; `transpile build --prune` deletes them"]
