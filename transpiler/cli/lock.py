"""`transpile lock`: resolve every component reference to exact bytes, in transpile.lock."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from transpiler import atomic
from transpiler.build.reference import parse_reference
from transpiler.catalog.files import Unreadable, exists, shown
from transpiler.catalog.lockfile import LOCK_FILE, Lock, image_name, read_lock
from transpiler.catalog.remote_source import remote_source
from transpiler.catalog.vendored import Remotes
from transpiler.cli.manifests import Manifest, manifests, needs
from transpiler.cli.options import options
from transpiler.cli.streams import show, tell, write, writing
from transpiler.cli.usage import UsageError
from transpiler.diagnostics import Report, Source
from transpiler.lock.compare import check_leftovers, check_locked
from transpiler.lock.needs import Needs
from transpiler.lock.write import lock_text, updated
from transpiler.patterns import regex
from transpiler.report.formats import DOCUMENTS
from transpiler.workspace.options import Options

_PIN = regex(r"[^\s@]+@sha256:[0-9a-f]{64}")


def run(given: argparse.Namespace) -> int:
    """Lock the manifests of each root together; nothing is written for a root with a mistake in it."""
    if given.check and (given.upgrade is not None or given.accept_moved or given.pin_image):
        raise UsageError("--check changes nothing: remove --upgrade, --accept-moved and --pin-image")
    words = [(word, _remote_key(word)) for word in given.upgrade or ()]
    paths = [*given.manifests, *(word for word, key in words if not key)]
    upgrade = frozenset(key for _, key in words if key)
    job = _Job(given, options(given), None if given.upgrade is not None and not upgrade else upgrade)
    report = Report()
    for root, found in manifests(paths or ["."], job.chosen.root).items():
        report.take(job.check(root, found) if given.check else job.lock(root, found))
    show(report.diagnostics, given, sys.stdout)
    return 1 if report.failed else 0


class _Job(Struct, frozen=True):
    given: argparse.Namespace
    chosen: Options
    upgrade: frozenset[str] | None
    """The references to upgrade; None for all."""

    def check(self, root: Path, found: Sequence[Manifest]) -> Report:
        """Report stale entries. Needs no network, and writes nothing."""
        report = Report()
        lock = read_lock(root, report)
        if report.failed:
            return report
        for manifest in found:
            needed = needs(manifest, self.chosen, Remotes(root, lock), report)
            if needed:
                check_locked(needed, lock, manifest.name, report)
        if lock:
            check_leftovers(lock, _existing(root, lock), report)
        self.tell(f"up to date: {shown(root / LOCK_FILE)}", lock or Lock(), report)
        return report

    def lock(self, root: Path, found: Sequence[Manifest]) -> Report:
        """Bring the lock of a root up to date."""
        report = Report()
        pins = dict(map(_pin, self.given.pin_image))
        old = read_lock(root, report) or Lock()
        if not report.failed:
            needed, commits = self.resolve(root, found, old, report)
            new = updated(old, needed, commits, _existing(root, old), report)
            self.write(root / LOCK_FILE, replace(new, images={**new.images, **pins}), report)
        return report

    def write(self, target: Path, lock: Lock, report: Report) -> None:
        """Write the lock, unless something is wrong."""
        if not report.failed:
            with writing(shown(target)):
                real = atomic.at(target, target.parent)
            changed = write(real, lock_text(lock).encode())
            self.tell(f"{'wrote' if changed else 'unchanged:'} {shown(target)}", lock, report)

    def resolve(
        self, root: Path, found: Sequence[Manifest], old: Lock, report: Report
    ) -> tuple[list[Needs], dict[str, tuple[str, str]]]:
        """The needs of the manifests, and the repository and commit of each reference to a Git host."""
        commits = {key: (entry.repository, entry.commit) for key, entry in old.components.items() if entry.commit}
        if self.given.offline:
            return self.needs(found, Remotes(root, old), report), commits
        from transpiler.cli.network import policy  # noqa: PLC0415 - only what fetches loads what can
        from transpiler.fetch.vendoring import Locking  # noqa: PLC0415

        with tempfile.TemporaryDirectory(prefix="transpile-", ignore_cleanup_errors=True) as folder:
            remotes = Locking(
                root,
                old,
                policy=policy(self.given),
                folder=Path(folder),
                accept_moved=self.given.accept_moved,
                upgrade=self.upgrade,
            )
            needed = self.needs(found, remotes, report)
        unknown = sorted((self.upgrade or frozenset()) - remotes.read_so_far.keys())
        if unknown and not report.failed:
            raise UsageError(f"--upgrade: no manifest here uses `{unknown[0]}`")
        return needed, commits | remotes.commits

    def needs(self, found: Sequence[Manifest], remotes: Remotes, report: Report) -> list[Needs]:
        """The needs of each manifest."""
        return [needed for each in found if (needed := needs(each, self.chosen, remotes, report))]

    def tell(self, what: str, lock: Lock, report: Report) -> None:
        """A line for people, when all is well."""
        if not (report.failed or self.given.quiet or self.given.format in DOCUMENTS):
            count = len(lock.components)
            tell(f"{what} ({count} component{'' if count == 1 else 's'})")


def _existing(root: Path, lock: Lock) -> list[str]:
    return [key for key in lock.manifests if exists(root / key)]


def _remote_key(word: str) -> str:
    """The key of a reference to another machine; empty for a path."""
    try:
        source = remote_source(parse_reference(word, Source("", "").span(0)))
    except Unreadable as problem:
        raise UsageError(f"--upgrade: {problem.message}") from problem
    return source.key if source else ""


def _pin(text: str) -> tuple[str, str]:
    """`IMAGE:TAG@sha256:…` → the image as components have it, and by digest."""
    if not _PIN.fullmatch(text):
        raise UsageError(f"--pin-image: write IMAGE:TAG@sha256: and 64 hexadecimal digits, not `{text}`")
    image, _, digest = text.partition("@")
    return image, f"{image_name(image)}@{digest}"
