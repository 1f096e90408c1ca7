"""`transpile vendor`: copies of the locked components from elsewhere, to read, review and compile offline."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from transpiler.catalog.files import Unreadable, resolve_inside, shown
from transpiler.catalog.lockfile import Lock, read_lock
from transpiler.catalog.remote import VENDOR, Remote, remote_source
from transpiler.cli.main import UsageError
from transpiler.cli.manifests import Manifest, manifests, needs
from transpiler.cli.network import policy
from transpiler.cli.streams import options, show, tell, write
from transpiler.compiler import Options
from transpiler.diagnostics import Report, Source
from transpiler.fetch.remotes import Vendoring
from transpiler.model.build_reference import parse_reference


def run(given: argparse.Namespace) -> int:
    """Copy what the manifests of each root need; nothing is written for a root with a mistake in it."""
    chosen, report = options(given), Report()
    for root, found in manifests(given.manifests or ["."], chosen.root).items():
        report.take(_vendor(root, found, chosen, given))
    show(report.diagnostics, given, sys.stdout)
    return 1 if report.failed else 0


def _vendor(root: Path, found: Sequence[Manifest], chosen: Options, given: argparse.Namespace) -> Report:
    report = Report()
    lock = read_lock(root, report)
    if report.failed:
        return report
    with tempfile.TemporaryDirectory(prefix="transpile-", ignore_cleanup_errors=True) as folder:
        remotes = Vendoring(root, lock, policy=policy(given), folder=Path(folder))
        for manifest in found:
            needs(manifest, chosen, remotes, report)
    if not report.failed:
        known = _known(lock or Lock())
        copies = {known[key]: data for key, data in remotes.read_so_far.items() if isinstance(data, bytes)}
        written = sum(_copy(root, source, data) for source, data in copies.items())
        removed = _remove_others(root, {root / source.copy for source in known.values()})
        if not (given.quiet or given.format == "json"):
            tell(f"{shown(root / VENDOR)}: {len(known)} locked, {written} written, {removed} removed")
    return report


def _known(lock: Lock) -> dict[str, Remote]:
    """Every component of the lock that comes from elsewhere."""
    remote = (key for key, entry in lock.components.items() if entry.source in {"git", "url"})
    nowhere = Source("", "").span(0)
    return {key: source for key in remote if (source := remote_source(parse_reference(key, nowhere)))}


def _copy(root: Path, source: Remote, data: bytes) -> bool:
    """Write a copy; False when it is there."""
    target = root / source.copy
    try:
        resolve_inside(target, root)
        target.parent.mkdir(parents=True, exist_ok=True)
    except (Unreadable, OSError) as error:
        reason = getattr(error, "message", None) or getattr(error, "strerror", None)
        raise UsageError(f"cannot write `{shown(target)}`: {reason}") from error
    return write(target, data)


def _remove_others(root: Path, copies: set[Path]) -> int:
    """Remove what the lock does not have from the folder of copies, which holds nothing else; how many files."""
    removed = 0
    for folder, _, names in os.walk(root / VENDOR, topdown=False):
        for path in (Path(folder, name) for name in names):
            if path not in copies:
                path.unlink()
                removed += 1
        if not any(Path(folder).iterdir()):
            Path(folder).rmdir()
    return removed
