"""The command line of `graph`."""

from __future__ import annotations

import argparse

from transpiler.cli.arguments.shared import (
    add_color,
    add_environment,
    add_folders,
    add_stdin_filename,
)

FORMATS = ("mermaid", "svg", "html", "dot", "json")
MAX_STEPS = 1_000
EXAMPLES = """\
examples:
  transpile graph pipeline.yaml                          Mermaid, for a README or a pull request
  transpile graph pipeline.yaml -o pipeline.dot          for Graphviz
  transpile graph pipeline.yaml -o pipeline.html         a page for a browser, to look around in
  transpile graph pipeline.yaml -o pipeline.json         nodes, edges and their places, for programs
  transpile graph pipeline.yaml --focus train --steps 2  a task, and what is at most two steps away
  transpile graph pipeline.yaml --env prod               with the values of an environment
  kubectl get workflow NAME -o json | transpile graph pipeline.yaml --run - -o run.svg
                                                         how a run went, task by task

A manifest with mistakes is drawn too, as far as it can be understood, and the mistakes are marked.

exit codes: 0 fine, 1 problems in the manifest, 2 wrong usage
"""


def add(command: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    command.add_argument("manifest", metavar="MANIFEST", help="a pipeline manifest; `-` reads standard input")
    command.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        default="-",
        help="the target: a file, whose suffix gives the format, a folder, or `-` for standard output (default)",
    )
    command.add_argument("--force", action="store_true", help="overwrite a file that this command did not write")
    command.add_argument(
        "--direction",
        choices=("auto", "down", "right"),
        default="auto",
        help="where the lines lead; auto: as a format draws best",
    )
    command.add_argument(
        "--focus",
        metavar="TASK",
        action="append",
        default=[],
        help="draw only this task, such as `train` or `prepare/load`, and its neighbours (repeatable)",
    )
    command.add_argument(
        "--steps", metavar="N", type=_steps, default=None, help="how far away neighbours of a focus may be (default: 1)"
    )
    command.add_argument(
        "--run",
        metavar="FILE",
        default="",
        help="color the tasks by what happened to them in a run: FILE is what `kubectl get workflow NAME -o json` "
        "prints, `-` standard input",
    )
    add_environment(command)
    add_stdin_filename(command)
    add_folders(command)
    command.add_argument(
        "--format",
        dest="picture",
        choices=FORMATS,
        help="what to draw (default: as the suffix of the output says, or mermaid)",
    )
    command.set_defaults(format="text")
    add_color(command)
    command.add_argument("-q", "--quiet", action="store_true", help="print only problems")
    command.add_argument("--traceback", action="store_true", help=argparse.SUPPRESS)


def _steps(text: str) -> int:
    steps = int(text) if text.isascii() and text.isdecimal() and len(text) <= 4 else -1
    if not 0 <= steps <= MAX_STEPS:
        raise argparse.ArgumentTypeError(f"steps are a whole number from 0 to {MAX_STEPS}, not `{text}`")
    return steps
