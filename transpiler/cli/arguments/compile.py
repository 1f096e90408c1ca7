"""The command line of `compile`."""

from __future__ import annotations

import argparse

from transpiler.cli.arguments.shared import add_environment, add_locked, add_output_file, add_shared, add_strict

EXAMPLES = """\
examples:
  transpile compile pipeline.yaml
  transpile compile pipeline.yaml -o deploy/             to deploy/NAME.yaml
  transpile compile pipeline.yaml --kind WorkflowTemplate -o template.yaml
  transpile compile pipeline.yaml --catalog ../catalog
  cat pipeline.yaml | transpile compile -
"""


def add(command: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    command.add_argument("manifest", metavar="MANIFEST", help="a pipeline manifest; `-` reads standard input")
    command.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        default="-",
        help="the target: a file, a folder (for NAME.yaml in it), or `-` for standard output (default)",
    )
    command.add_argument("--force", action="store_true", help="overwrite a file that this command did not write")
    command.add_argument(
        "--kind",
        choices=("Workflow", "WorkflowTemplate", "ClusterWorkflowTemplate", "CronWorkflow"),
        default="",
        help="the kind of object: a Workflow runs at once, a template when submitted, a CronWorkflow by its schedule "
        "(default: CronWorkflow for a manifest with `schedule`, WorkflowTemplate if callers must pass files, "
        "else Workflow)",
    )
    command.add_argument(
        "--stdin-filename", metavar="NAME", default="<stdin>", help="the file name that messages show for `-`"
    )
    add_environment(command)
    add_strict(command)
    add_locked(command)
    add_shared(command)
    add_output_file(command)
