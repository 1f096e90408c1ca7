"""`transpile compile` of several manifests, or of folders."""

from __future__ import annotations

import argparse
import gc
import sys
from itertools import chain
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from transpiler.catalog.files import exists, is_folder
from transpiler.cli.batch.jobs import Job, read_by
from transpiler.cli.batch.manifests import jobs_of, named_manifests
from transpiler.cli.batch.outputs import Layout, home_of, placed, write_all
from transpiler.cli.batch.pool import compile_all
from transpiler.cli.batch.progress import Progress
from transpiler.cli.batch.summary import broken, summary, tell_people
from transpiler.cli.environments import with_environments
from transpiler.cli.once import each_once
from transpiler.cli.options import options
from transpiler.cli.reports import report
from transpiler.cli.streams import emit, failed
from transpiler.cli.usage import UsageError
from transpiler.diagnostics import Report
from transpiler.workspace.options import Options

_PATTERN: Final = "{environment}/{name}.yaml"


def compile_many(given: argparse.Namespace) -> int:
    """Compile all; nothing is written when there is an error in any."""
    gc.enable()
    chosen = options(given)
    jobs = _jobs(given, chosen)
    with Progress(len(jobs), "compiled", is_quiet=given.quiet) as progress:
        outcomes = compile_all(jobs, chosen, given.jobs, progress.tell)
    is_printed, own = given.output == "-", Report()
    layout = Layout(Path(given.output), _PATTERN, Path.cwd())
    files = placed((each for each in outcomes if each.compilation.text is not None and not is_printed), layout, own)
    diagnostics = each_once(chain(*(each.compilation.diagnostics for each in outcomes), own.diagnostics))
    report(diagnostics, given, sys.stderr, read_by(outcomes))
    if failed(diagnostics, given):
        tell_people(given, [f"nothing was written: {broken(outcomes)}"])
        return 1
    if is_printed:
        emit("---\n".join(each.compilation.text or "" for each in outcomes).encode())
    else:
        changed = write_all(files, home_of(chosen.root), is_forced=given.force)
        tell_people(given, summary(changed, outcomes))
    return 0


def _jobs(given: argparse.Namespace, chosen: Options) -> list[Job]:
    """A job for each manifest, with all values files in it. Raises UsageError."""
    if given.each_env and given.env:
        raise UsageError("--env and --each-env exclude each other")
    if given.output != "-" and exists(Path(given.output)) and not is_folder(Path(given.output)):
        raise UsageError(f"--output: `{given.output}` is a file; several manifests need a folder")
    manifests = named_manifests(given.manifests, chosen.root)
    if given.each_env:
        return [replace(job, values=(*job.values, *chosen.values)) for job in jobs_of(manifests, chosen)]
    return [Job(path, values=tuple(with_environments(chosen, path, given.env).values)) for path in manifests]
