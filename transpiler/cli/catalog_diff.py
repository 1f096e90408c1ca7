"""`transpile catalog diff`: what changed between two versions of a component or catalog; 1 when something breaks."""

from __future__ import annotations

import argparse
import sys

from transpiler.cli.catalog import listing
from transpiler.cli.discovery import versions
from transpiler.cli.streams import colored, put
from transpiler.views.changes import changes_json, render_changes
from transpiler.views.diff_catalogs import diff_catalogs


def run(given: argparse.Namespace) -> int:
    """Compare. What is broken on either side goes to stderr, and counts as breaking."""
    old, new = (listing(files, given) for files in versions(given.old, given.new))
    changes = diff_catalogs(old, new)
    is_json = given.format == "json"
    put(
        changes_json(changes) if is_json else render_changes(changes, color=colored(given.color, sys.stdout)),
        sys.stdout,
    )
    return 1 if old.broken or new.broken or any(change.breaks for change in changes) else 0
