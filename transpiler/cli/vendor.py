"""`transpile vendor`: copies of the locked components from elsewhere, to read, review and compile offline."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path, PurePath

from transpiler import atomic
from transpiler.build.reference import parse_reference
from transpiler.catalog.files import shown
from transpiler.catalog.lockfile import Lock, read_lock
from transpiler.catalog.remote_source import VENDOR, Remote, remote_source
from transpiler.cli.manifests import Manifest, manifests, needs
from transpiler.cli.network import policy
from transpiler.cli.options import options
from transpiler.cli.streams import show, tell, write, writing
from transpiler.diagnostics import Report, Source
from transpiler.fetch.vendoring import Vendoring
from transpiler.report.formats import DOCUMENTS
from transpiler.workspace.options import Options


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
        written = sum(write(_place(root, source.copy), data) for source, data in copies.items())
        removed = _remove_others(root, {root.resolve() / source.copy for source in known.values()})
        if not (given.quiet or given.format in DOCUMENTS):
            tell(f"{shown(root / VENDOR)}: {len(known)} locked, {written} written, {removed} removed")
    return report


def _known(lock: Lock) -> dict[str, Remote]:
    """Every remote component of the lock."""
    remote = (key for key, entry in lock.components.items() if entry.source in {"git", "url"})
    nowhere = Source("", "").span(0)
    return {key: source for key in remote if (source := remote_source(parse_reference(key, nowhere)))}


def _place(root: Path, path: PurePath) -> Path:
    """The file or folder below the root that just this path names. Raises UsageError where a link leads elsewhere."""
    with writing(shown(root / path)):
        return atomic.at(root / path, root)


def _remove_others(root: Path, copies: set[Path]) -> int:
    """Delete files that the lock does not list from the folder of copies, which contains nothing else; their number.

    Only a lock with copies shows that the folder is ours. Links are not followed, and hidden files, such as Git's own,
    are never copies.
    """
    removed = 0
    for folder, folders, names in os.walk(_place(root, VENDOR), topdown=False) if copies else ():
        here = Path(folder)
        links = [name for name in folders if (here / name).is_symlink()]
        for path in (here / name for name in (*names, *links)):
            if path not in copies and not _is_hidden(path.relative_to(root.resolve())):
                path.unlink()
                removed += 1
        if not any(here.iterdir()):
            here.rmdir()
    return removed


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)
