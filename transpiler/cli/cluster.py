"""Shared by the commands that use a cluster."""

from __future__ import annotations

import argparse
import os
import sys
from typing import Final

from transpiler.cli.streams import colored, put, tell
from transpiler.cluster.access import Access
from transpiler.cluster.client import Client, choose
from transpiler.cluster.refusals import ClusterError

STYLES: Final = {
    "Succeeded": "32",
    "Failed": "31",
    "Error": "31",
    "Running": "36",
    "Skipped": "2",
    "Omitted": "2",
    "Pending": "2",
}
"""Phase → the code of its colour."""


def access(given: argparse.Namespace) -> Access:
    """The cluster that the options name."""
    return Access(given.context, given.namespace, given.kubeconfig)


def client(given: argparse.Namespace) -> Client:
    """The program that talks to it. Raises ClusterError."""
    return choose(given.program, access(given), has_server=bool(os.environ.get("ARGO_SERVER")))


def tell_error(error: ClusterError) -> None:
    """Print a call that failed, with what to do."""
    tell(f"transpile: error: {error.message}")
    if error.hint:
        tell(f"  hint: {error.hint}")


def painted(text: str, code: str, given: argparse.Namespace) -> str:
    """A text that is safe already, in a colour where colours are shown on standard output."""
    return f"\x1b[{code}m{text}\x1b[0m" if code and colored(given.color, sys.stdout) else text


def say(text: str) -> None:
    """Print a line of output at once: someone may be waiting for it."""
    put(f"{text}\n", sys.stdout)
    sys.stdout.flush()
