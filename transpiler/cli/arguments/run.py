"""The command line of `run`."""

from __future__ import annotations

import argparse

from transpiler.cli.arguments.shared import (
    add_environment,
    add_locked,
    add_parameters,
    add_shared,
    add_stdin_filename,
    add_strict,
)

EXECUTORS = ("process", "docker", "podman")
EXAMPLES = """\
examples:
  transpile run pipeline.yaml                         run it on this machine
  transpile run pipeline.yaml -p rows=5 -v            with a value for an input, and what the tasks print
  transpile run workflow.yaml                         a Workflow in Argo's own YAML
  transpile run pipeline.yaml --dry-run               print what would run, in its order
  transpile run pipeline.yaml --secret db=db.env      the values of a Secret, from lines KEY=VALUE
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
    command.add_argument(
        "--executor",
        choices=EXECUTORS,
        default="",
        help="what runs the tasks: `process`, commands of this machine; `docker` or `podman`, containers of their "
        "images (default: process if this machine has all programs, else the first that is there)",
    )
    command.add_argument(
        "--container-option",
        metavar="WORD",
        action="append",
        default=[],
        help="a word for `docker create` or `podman create`, such as --container-option=--gpus=all (repeatable)",
    )
    command.add_argument(
        "--max-parallel",
        metavar="N",
        type=_number,
        default=0,
        help="run as many tasks at the same time (default: one for each processor)",
    )
    _add_supplies(command)
    command.add_argument("-y", "--yes", action="store_true", help="go on at every task that waits for an answer")
    command.add_argument(
        "--supply",
        metavar="NAME=VALUE",
        action="append",
        default=[],
        help="an answer to a task that waits for one (repeatable)",
    )
    command.add_argument("-v", "--verbose", action="store_true", help="print what the tasks print, each line by task")
    command.add_argument("--dry-run", action="store_true", help="print what would run, in its order, and run nothing")
    command.add_argument(
        "--resume",
        metavar="RUN",
        default="",
        help="go on with a run that failed or was interrupted: its name or its folder",
    )
    add_run_dir(command)
    add_stdin_filename(command)
    add_environment(command)
    add_strict(command)
    add_locked(command)
    add_shared(command)


def add_run_dir(command: argparse.ArgumentParser) -> None:
    """Add where runs are kept."""
    command.add_argument(
        "--run-dir", metavar="DIR", default="", help="the folder of the runs (default: .transpile/runs below the root)"
    )


def _add_supplies(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--secret",
        metavar="NAME=PATH",
        action="append",
        default=[],
        help="the values of a Secret: a file of lines KEY=VALUE, or a folder with a file for each key (repeatable)",
    )
    command.add_argument(
        "--env-file",
        metavar="FILE",
        action="append",
        default=[],
        help="the values of Secrets: a file of lines SECRET.KEY=VALUE (repeatable)",
    )
    command.add_argument(
        "--config-map",
        metavar="NAME=PATH",
        action="append",
        default=[],
        help="the values of a ConfigMap, likewise (repeatable)",
    )
    command.add_argument(
        "--store",
        metavar="DIR",
        default="",
        help="a folder that stands in for stores of files: s3/BUCKET/KEY, http/HOST/PATH, git/HOST/PATH below it",
    )


def _number(text: str) -> int:
    number = int(text) if text.isascii() and text.isdecimal() and len(text) <= 4 else 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"it is a whole number from 1 to 9999, not `{text}`")
    return number
