"""The options of `lock` and `vendor`. Imports nothing but argparse, since `transpile --help` loads it."""

from __future__ import annotations

import argparse
from collections.abc import Callable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

    Commands: TypeAlias = "argparse._SubParsersAction[Any]"  # noqa: SLF001 - argparse has no public name for it

_LOCK_EXAMPLES = """\
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
_VENDOR_EXAMPLES = """\
examples:
  transpile lock && transpile vendor                     afterwards, everything compiles offline
  transpile vendor pipeline.yaml
"""


def add_lock(commands: Commands, add_shared: Callable[[argparse.ArgumentParser], None]) -> None:
    """The command line of `transpile lock`; `add_shared` adds the options of all commands."""
    command = commands.add_parser(
        "lock",
        help="pin every component reference in transpile.lock",
        epilog=_LOCK_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_manifests(command)
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
    _add_network(command)
    add_shared(command)


def add_vendor(commands: Commands, add_shared: Callable[[argparse.ArgumentParser], None]) -> None:
    """The command line of `transpile vendor`."""
    command = commands.add_parser(
        "vendor",
        help="copy the locked remote components below vendor/components",
        epilog=_VENDOR_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_manifests(command)
    _add_network(command)
    add_shared(command)


def _add_manifests(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "manifests", metavar="MANIFEST", nargs="*", help="manifests, or folders to search (default: this folder)"
    )


def _add_network(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--allow-host",
        metavar="HOST[:PORT]",
        action="append",
        default=[],
        help="allow a private address for this host (repeatable)",
    )
    command.add_argument(
        "--allow-http",
        metavar="HOST[:PORT]",
        action="append",
        default=[],
        help="use http, without encryption, for this host, and allow a private address (repeatable)",
    )
    command.add_argument(
        "--timeout",
        metavar="SECONDS",
        type=_seconds,
        default=60.0,
        help="the time limit for one download (default: 60)",
    )


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 < seconds <= 3600:
        raise ValueError
    return seconds
