"""`transpile upgrade-check`: the mistakes that a new version would cause in manifests; exit code 1 if there are any."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from msgspec.structs import replace

from transpiler.catalog.files import is_folder
from transpiler.cli.discovery import manifest_files, versions
from transpiler.cli.options import options
from transpiler.cli.streams import put, show
from transpiler.cli.usage import UsageError
from transpiler.report.formats import SUMMARIZED
from transpiler.views.changes import Change, count
from transpiler.views.diff_catalogs import diff_catalogs
from transpiler.views.entries import read_entries
from transpiler.views.upgrade import Upgrade, check_upgrade, plan_upgrade


def run(given: argparse.Namespace) -> int:
    """Compile every manifest that uses the old version with the new one in its place; print the new diagnostics."""
    old, new = versions(given.old, given.new)
    chosen = options(given)
    manifests = manifest_files(given.paths, chosen.root)
    if not manifests:
        raise UsageError(f"no manifest below {' or '.join(f'`{name}`' for name in given.paths)}")
    home = Path(given.old) if is_folder(Path(given.old)) else Path.cwd()
    if home != Path.cwd():
        chosen = replace(chosen, catalogs=[*chosen.catalogs, home.resolve()])
    after = read_entries(new)
    changes = diff_catalogs(read_entries(old), after)
    upgrade = check_upgrade(manifests, plan_upgrade(home, old, after, changes), chosen)
    show((*after.diagnostics, *upgrade.diagnostics), given, sys.stdout)
    if not given.quiet and given.format in SUMMARIZED:
        put(_summary(changes, upgrade, len(manifests)), sys.stderr)
    return 1 if after.broken or upgrade.breaking else 0


def _summary(changes: list[Change], upgrade: Upgrade, manifests: int) -> str:
    lines = [
        count(changes),
        f"{_manifests(manifests)}: {upgrade.using} use a changed component, {upgrade.breaking} would break",
    ]
    if upgrade.failing:
        lines.append(f"{_manifests(upgrade.failing)} already with errors, which may hide others: see `transpile check`")
    return "".join(f"{line}\n" for line in lines)


def _manifests(number: int) -> str:
    return f"{number} manifest{'' if number == 1 else 's'}"
