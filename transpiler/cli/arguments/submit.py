"""The command line of `submit`."""

from __future__ import annotations

import argparse

from transpiler.cli.arguments.cluster import add_access
from transpiler.cli.arguments.shared import (
    add_environment,
    add_locked,
    add_parameters,
    add_shared,
    add_stdin_filename,
    add_strict,
)

EXAMPLES = """\
examples:
  transpile submit pipeline.yaml
  transpile submit pipeline.yaml -p rows=5 -p mode=prod --watch
  transpile submit pipeline.yaml --parameter-file inputs.yaml -n ml --context staging
  transpile submit pipeline.yaml -p rows=5 --dry-run            print what would be sent
  transpile submit pipeline.yaml --dry-run=server               let the cluster judge it

A manifest with a `schedule` is run once, now.

exit codes: 0 the run has started (with --watch: succeeded), 1 a mistake, or the cluster refuses the run (with --watch:
the run failed), 2 wrong usage, 130 Ctrl-C while watching; the run goes on
"""


def add(command: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    command.add_argument("manifest", metavar="MANIFEST", help="a pipeline manifest; `-` reads standard input")
    add_parameters(command)
    command.add_argument("--watch", action="store_true", help="follow the run until it ends")
    command.add_argument("--poll", metavar="SECONDS", type=float, default=2.0, help=argparse.SUPPRESS)
    command.add_argument(
        "--dry-run",
        nargs="?",
        choices=("client", "server"),
        const="client",
        default="",
        help="print the objects, and send nothing; `server` lets the cluster judge them without keeping them",
    )
    add_stdin_filename(command)
    add_access(command)
    add_environment(command)
    add_strict(command)
    add_locked(command)
    add_shared(command)
