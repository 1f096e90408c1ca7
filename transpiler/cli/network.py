"""Where the options of `lock` and `vendor` let fetching go."""

from __future__ import annotations

import argparse
import sys

from msgspec.structs import replace

from transpiler.cli.streams import tell
from transpiler.fetch.policy import Policy
from transpiler.report.safe import safe


def policy(given: argparse.Namespace) -> Policy:
    """Where the options let fetching go. Progress is for people: on a terminal only."""
    private, plain = (frozenset(host.lower() for host in hosts) for hosts in (given.allow_host, given.allow_http))
    known = Policy(private, plain, given.timeout)
    if given.quiet or not sys.stderr.isatty():
        return known
    return replace(known, say=lambda text: tell(safe(text)))
