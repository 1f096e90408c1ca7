"""The command line of `run`."""

from __future__ import annotations

import argparse

from transpiler.cli.arguments.means import add_means
from transpiler.cli.arguments.shared import (
    add_environment,
    add_locked,
    add_parameters,
    add_shared,
    add_stdin_filename,
    add_strict,
)

_PROCESS = "process if this machine has all programs, else the first that is there"
EXAMPLES = """\
examples:
  transpile run pipeline.yaml                         run it on this machine
  transpile run pipeline.yaml -p rows=5 -v            with a value for an input, and what the tasks print
  transpile run workflow.yaml                         a Workflow in Argo's own YAML
  transpile run pipeline.yaml --dry-run               print what would run, in its order
  transpile run pipeline.yaml --secret db=db.env      the values of a Secret, from lines KEY=VALUE
  transpile run pipeline.yaml --from train            train, and all that comes after it; reuse what was before it
  transpile run pipeline.yaml --only train -v         train alone, with what the last run has for it
  transpile run pipeline.yaml --watch                 again after each change of a file; reuse what has not changed
  transpile run --resume pipeline-x7k2p               go on with a run that failed or was interrupted

A run has a folder, .transpile/runs/NAME, with its status, logs and files. Ctrl-C stops its tasks; a second one kills
them. `transpile runs` lists the runs.

exit codes: 0 the run has succeeded, 1 a mistake, or the run has failed, 2 wrong usage, 130 Ctrl-C
"""


def add(command: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    command.add_argument(
        "manifest", metavar="MANIFEST", nargs="?", help="a pipeline manifest, or a Workflow; `-` reads standard input"
    )
    add_parameters(command)
    add_means(command, _PROCESS)
    command.add_argument("-y", "--yes", action="store_true", help="go on at every task that waits for an answer")
    command.add_argument(
        "--supply",
        metavar="NAME=VALUE",
        action="append",
        default=[],
        help="an answer to a task that waits for one (repeatable)",
    )
    command.add_argument(
        "--no-cache",
        action="store_true",
        help="take no results of earlier runs for tasks with `cache`; what they leave is kept for later runs",
    )
    command.add_argument("-v", "--verbose", action="store_true", help="print what the tasks print, each line by task")
    command.add_argument(
        "--dry-run",
        action="store_true",
        help="print what would run, in its order, and run nothing; with -v all of each program",
    )
    command.add_argument(
        "--watch",
        action="store_true",
        help="run again when a file changes that the run has read; tasks that have not changed are reused",
    )
    command.add_argument(
        "--resume",
        metavar="RUN",
        default="",
        help="go on with a run that failed or was interrupted: its name or its folder",
    )
    _add_part(command)
    add_run_dir(command)
    add_stdin_filename(command)
    add_environment(command)
    add_strict(command)
    add_locked(command)
    add_shared(command)


def _add_part(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--only",
        metavar="TASK",
        action="append",
        default=[],
        help="run this task alone, with what earlier runs have of the tasks before it (repeatable); group/task",
    )
    command.add_argument(
        "--from",
        dest="from_task",
        metavar="TASK",
        action="append",
        default=[],
        help="run this task and all that comes after it, and reuse what earlier runs have of the others (repeatable)",
    )
    command.add_argument(
        "--using",
        metavar="RUN",
        default="",
        help="the earlier run for --only and --from (default: for each task the last one that has it)",
    )


def add_run_dir(command: argparse.ArgumentParser) -> None:
    """Add where runs are kept."""
    command.add_argument(
        "--run-dir", metavar="DIR", default="", help="the folder of the runs (default: .transpile/runs below the root)"
    )
