"""The command line of `check`."""

from __future__ import annotations

import argparse

from transpiler.cli.arguments.shared import add_environment, add_locked, add_output_file, add_shared, add_strict

EXAMPLES = """\
examples:
  transpile check                                        everything below this folder
  transpile check pipeline.yaml components/
  transpile check pipeline.yaml --env prod               one environment (default: all beside the manifest)
  transpile check --strict --exclude "old/**"            warnings fail too; leave files out
  transpile check --fix                                  correct slips that can mean only one thing
  transpile check --format json > problems.json
  transpile check --format sarif --output-file transpile.sarif

a warning that is right as it is, with its reason:
  forEach: {start: 3, end: 1}     # transpile: ignore[empty-range] tests pass an end of their own
"""


def add(command: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    command.add_argument(
        "paths", metavar="PATH", nargs="*", default=["."], help="files, or folders to search (default: this folder)"
    )
    command.add_argument(
        "--exclude",
        metavar="PATTERN",
        action="append",
        default=[],
        help="leave out files and folders below PATH with this name or path, such as `old` or `tests/**/bad-*.yaml` "
        "(repeatable)",
    )
    command.add_argument("--fix", action="store_true", help="correct in the files what can be corrected safely")
    add_environment(command)
    add_strict(command)
    add_locked(command)
    add_shared(command)
    add_output_file(command)
