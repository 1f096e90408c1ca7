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
  transpile lock pipeline.yaml                           one; the lock keeps what others need
  transpile lock --check                                 in CI: is anything stale? needs no network
  transpile lock --offline                               only components here changed
  transpile lock --upgrade                               take branches and urls as they are now
  transpile lock --upgrade github.com/acme/ops/train@main
  transpile lock --pin-image python:3.12@sha256:...      write this image by digest into every Workflow

docs/lock.md says what the lock holds, and what fetching refuses.
"""
_VENDOR_EXAMPLES = """\
examples:
  transpile lock && transpile vendor                     then everything compiles offline
  transpile vendor pipeline.yaml
"""


def add_lock(commands: Commands, add_shared: Callable[[argparse.ArgumentParser], None]) -> None:
    """The command line of `transpile lock`; `add_shared` adds what all commands take."""
    command = commands.add_parser(
        "lock",
        help="pin what every component reference means, in transpile.lock",
        epilog=_LOCK_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_manifests(command)
    mode = command.add_mutually_exclusive_group()
    mode.add_argument("--check", action="store_true", help="say what is stale, and write nothing")
    mode.add_argument("--offline", action="store_true", help="fetch nothing: components from elsewhere stay as locked")
    command.add_argument(
        "--upgrade", metavar="REF", nargs="*", help="take branches and urls as they are now; these, or all"
    )
    command.add_argument("--accept-moved", action="store_true", help="take tags that moved since they were locked")
    command.add_argument(
        "--pin-image",
        metavar="IMAGE@sha256:DIGEST",
        action="append",
        default=[],
        help="compile this image to its digest (repeatable)",
    )
    _add_network(command)
    add_shared(command)


def add_vendor(commands: Commands, add_shared: Callable[[argparse.ArgumentParser], None]) -> None:
    """The command line of `transpile vendor`."""
    command = commands.add_parser(
        "vendor",
        help="copy the locked components from elsewhere below vendor/components",
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
        help="a host that may have a private address (repeatable)",
    )
    command.add_argument(
        "--allow-http",
        metavar="HOST[:PORT]",
        action="append",
        default=[],
        help="a host that is asked over http, without encryption, and may have a private address (repeatable)",
    )
    command.add_argument(
        "--timeout", metavar="SECONDS", type=_seconds, default=60.0, help="the limit for one download (default: 60)"
    )


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 < seconds <= 3600:
        raise ValueError
    return seconds
