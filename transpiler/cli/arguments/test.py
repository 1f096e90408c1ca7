"""The command line of `test`."""

from __future__ import annotations

import argparse

from transpiler.cli.arguments.means import add_means
from transpiler.cli.arguments.shared import add_locked, add_output_file, add_shared, add_strict

EXAMPLES = """\
examples:
  transpile test                                         the cases of all pipeline.test.yaml below this folder
  transpile test pipeline.yaml                           those of pipeline.test.yaml beside it
  transpile test -k outage                               cases with this word in their name
  transpile test --coverage                              what no case runs: tasks, and branches of `when`
  transpile test --executor podman                       tasks that are `real` run in containers of their images
  transpile test --format junit --output-file tests.xml

a file of tests, pipeline.test.yaml:
  cases:
    trains: {}                                           a run with the defaults succeeds
    a failure is reported:
      fakes: {train: Failed}
      expect: {phase: Failed, tasks: {predict: Omitted, "@onExit/report": Succeeded}}

Each task succeeds, or does what its fake says: nothing runs, and time is virtual. `real: [TASK]` in a case runs the
programs of these tasks, with files of what the fakes before them have left.

exit codes: 0 fine, 1 a case failed, or problems in a file, 2 wrong usage
"""


def add(command: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    command.add_argument(
        "paths",
        metavar="PATH",
        nargs="*",
        default=["."],
        help="files of tests, manifests with one beside them, or folders to search (default: this folder)",
    )
    command.add_argument(
        "-k",
        dest="names",
        metavar="NAME",
        action="append",
        default=[],
        help="run only cases with this text in their name (repeatable)",
    )
    command.add_argument("--list", action="store_true", help="print the names of the cases, and run none")
    command.add_argument(
        "--coverage",
        action="store_true",
        help="tell which tasks no case runs, which `when` is never true or never false, and which result in a "
        "`depends` never decides",
    )
    add_means(command, "process")
    add_strict(command)
    add_locked(command)
    add_shared(command)
    add_output_file(command)
