"""The command line of `values`."""

from __future__ import annotations

import argparse

from transpiler.cli.arguments.shared import add_display, add_project

EXAMPLES = """\
examples:
  transpile values pipeline.yaml                         what each environment changes
  transpile values pipeline.yaml dev prod                what differs between two
  transpile values pipeline.yaml prod                    one environment
  transpile values pipeline.yaml --format json

A value that an environment has set is followed by the line of its values file, `:2`, with the
file itself where a project shares some.
"""


def add(command: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    command.add_argument("manifest", metavar="MANIFEST", help="a pipeline manifest")
    command.add_argument(
        "names", metavar="ENV", nargs="*", help="environments; of two or more, only what differs (default: all)"
    )
    add_project(command)
    command.set_defaults(root=None, catalog=[])
    add_display(command)
