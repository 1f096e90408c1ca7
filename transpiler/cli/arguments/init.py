"""The command line of `init`."""

from __future__ import annotations

import argparse

EXAMPLES = """\
examples:
  transpile init                                         a small project in this folder
  transpile init pipelines                               in another one, which is made
  transpile init --ci github                             with a workflow of GitHub Actions
  transpile init --list                                  only print what would be written

it compiles, passes `check --strict` and `build --check`, and runs at once; no file is overwritten
"""


def add(command: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    command.add_argument("folder", metavar="DIR", nargs="?", default=".", help="the folder (default: this one)")
    command.add_argument("--ci", choices=("github", "gitlab"), help="write the configuration of a CI host, too")
    command.add_argument("--list", action="store_true", help="write nothing; print the files")
    command.add_argument("-q", "--quiet", action="store_true", help="print only problems")
    command.add_argument("--traceback", action="store_true", help=argparse.SUPPRESS)
