"""The command line of `build`."""

from __future__ import annotations

import argparse

from transpiler.cli.arguments.shared import (
    add_jobs,
    add_kind,
    add_locked,
    add_output_file,
    add_shared,
    add_strict,
    add_target,
)

EXAMPLES = """\
examples:
  transpile build                                        all manifests of the project, in all environments
  transpile build pipelines/train                        one of them
  transpile build --env prod                             one environment
  transpile build --check                                for CI: fail, with a diff, if a file is not up to date
  transpile build --prune                                delete files that no manifest makes any more

the project file, transpile.yaml; each key may be left out:
  pipelines: [pipelines/*/pipeline.yaml]                 the default is every manifest below the file
  catalogs: [components]
  environments: [dev, prod]                              the default is those with a file beside the manifest
  output: deploy/{environment}/{name}.yaml               this is the default
  kind: WorkflowTemplate
  strict: true

exit codes: 0 fine, 1 problems in the input, or --check found a difference, 2 wrong usage
"""


def add(command: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    command.add_argument(
        "paths", metavar="PATH", nargs="*", help="manifests of the project, or folders of them (default: all)"
    )
    mode = command.add_mutually_exclusive_group()
    mode.add_argument(
        "--check", action="store_true", help="write nothing; show what a build would change, and fail if anything"
    )
    mode.add_argument("--prune", action="store_true", help="delete files of earlier builds that no manifest makes")
    command.add_argument(
        "--env", metavar="NAME", action="append", default=[], help="build for this environment alone (repeatable)"
    )
    command.add_argument("--force", action="store_true", help="overwrite files that this command did not write")
    add_kind(command)
    add_target(command)
    add_strict(command)
    add_locked(command)
    add_jobs(command)
    add_shared(command)
    add_output_file(command)
