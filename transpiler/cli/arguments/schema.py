"""The command line of `schema`."""

from __future__ import annotations

import argparse

EXAMPLES = ""


def add(command: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    names = ("pipeline", "component", "project", "values", "test", "graph")
    command.add_argument("name", choices=names, help="which schema")
