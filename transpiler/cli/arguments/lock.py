"""The command line of `lock`."""

from __future__ import annotations

import argparse

from transpiler.cli.arguments.network import add_manifests, add_network
from transpiler.cli.arguments.shared import add_shared

EXAMPLES = """\
examples:
  transpile lock                                         all manifests below this folder
  transpile lock pipeline.yaml                           one manifest; the lock keeps the entries of others
  transpile lock --check                                 for CI: report stale entries, without a network
  transpile lock --offline                               after changes in local components
  transpile lock --upgrade                               update branches and urls to their current state
  transpile lock --upgrade github.com/acme/ops/train@main
  transpile lock --pin-image python:3.12@sha256:...      write this image with its digest into every Workflow

`transpile explain stale-lock` and `transpile explain fetch-failed` say what goes wrong, and why.
"""


def add(command: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_manifests(command)
    mode = command.add_mutually_exclusive_group()
    mode.add_argument("--check", action="store_true", help="report stale entries, without writing")
    mode.add_argument("--offline", action="store_true", help="fetch nothing; remote components stay as locked")
    command.add_argument(
        "--upgrade",
        metavar="REF",
        nargs="*",
        help="update the locked state of branches and urls: the named ones, or all",
    )
    command.add_argument(
        "--accept-moved", action="store_true", help="accept tags that have moved since they were locked"
    )
    command.add_argument(
        "--pin-image",
        metavar="IMAGE@sha256:DIGEST",
        action="append",
        default=[],
        help="write this image with its digest into every Workflow (repeatable)",
    )
    add_network(command)
    add_shared(command)
