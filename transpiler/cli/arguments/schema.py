"""The command line of `schema`."""

from __future__ import annotations

import argparse

EXAMPLES = ""


def add(command: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    command.add_argument("name", choices=("pipeline", "component", "project", "values", "graph"), help="which schema")
