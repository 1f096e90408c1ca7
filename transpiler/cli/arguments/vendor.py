"""The command line of `vendor`."""

from __future__ import annotations

import argparse

from transpiler.cli.arguments.network import add_manifests, add_network
from transpiler.cli.arguments.shared import add_shared

EXAMPLES = """\
examples:
  transpile lock && transpile vendor                     afterwards, everything compiles offline
  transpile vendor pipeline.yaml
"""


def add(command: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_manifests(command)
    add_network(command)
    add_shared(command)
