"""The command line of `upgrade-check`."""

from __future__ import annotations

import argparse

from transpiler.cli.arguments.shared import add_shared

EXAMPLES = """\
examples:
  transpile upgrade-check components/filter/component.yaml /tmp/filter.yaml
  transpile upgrade-check components ../new/components pipelines/
  transpile upgrade-check catalog /tmp/catalog pipelines/churn.yaml --format json

exit codes: 0 nothing would break, 1 something would, 2 wrong usage
"""


def add(command: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    command.add_argument("old", metavar="OLD", help="the component file or catalog that manifests use")
    command.add_argument("new", metavar="NEW", help="its new version; no file is changed")
    command.add_argument(
        "paths", metavar="MANIFEST", nargs="*", default=["."], help="manifests, or folders to search (default: `.`)"
    )
    add_shared(command)
