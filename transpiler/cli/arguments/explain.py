"""The command line of `explain`."""

from __future__ import annotations

import argparse

EXAMPLES = ""


def add(command: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    command.add_argument("code", nargs="?", metavar="CODE", help="a code, such as `cycle` (default: list all codes)")
