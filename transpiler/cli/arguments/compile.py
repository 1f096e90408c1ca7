"""The command line of `compile`."""

from __future__ import annotations

import argparse

from transpiler.cli.arguments.shared import (
    add_environment,
    add_jobs,
    add_kind,
    add_locked,
    add_output_file,
    add_shared,
    add_stdin_filename,
    add_strict,
)

EXAMPLES = """\
examples:
  transpile compile pipeline.yaml
  transpile compile pipeline.yaml -o deploy/             to deploy/NAME.yaml
  transpile compile a.yaml b.yaml pipelines/ -o deploy   several, each to deploy/NAME.yaml, or nothing if one fails
  transpile compile pipelines/ --each-env -o deploy      to deploy/ENVIRONMENT/NAME.yaml
  transpile compile pipeline.yaml --kind WorkflowTemplate -o template.yaml
  transpile compile pipeline.yaml --catalog ../catalog
  cat pipeline.yaml | transpile compile -
"""


def add(command: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    command.add_argument(
        "manifests",
        metavar="MANIFEST",
        nargs="+",
        help="pipeline manifests, or folders to search; `-` reads standard input",
    )
    command.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        default="-",
        help="the target: a file, a folder (for NAME.yaml in it), or `-` for standard output (default)",
    )
    command.add_argument("--force", action="store_true", help="overwrite a file that this command did not write")
    add_kind(command)
    add_stdin_filename(command)
    command.add_argument(
        "--each-env",
        action="store_true",
        help="compile for each environment beside the manifest, into a folder of its name",
    )
    add_environment(command)
    add_strict(command)
    add_locked(command)
    add_jobs(command)
    add_shared(command)
    add_output_file(command)
