"""Options of the commands that fetch."""

from __future__ import annotations

import argparse


def add_manifests(command: argparse.ArgumentParser) -> None:
    """Add manifests, and folders of them."""
    command.add_argument(
        "manifests", metavar="MANIFEST", nargs="*", help="manifests, or folders to search (default: this folder)"
    )


def add_network(command: argparse.ArgumentParser) -> None:
    """Add what a download may do."""
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
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0
    if not 0 < seconds <= 3600:
        raise argparse.ArgumentTypeError(f"seconds are a number above 0, at most 3600, not `{text}`")
    return seconds
