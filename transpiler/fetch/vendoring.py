"""Fetching remote components: `Vendoring` fetches the locked content, `Locking` resolves references for the lock."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

from msgspec import field

from transpiler.catalog.files import Unreadable, digest_of, exists, read_regular_file, resolve_inside
from transpiler.catalog.lockfile import LOCK_FILE, Locked
from transpiler.catalog.remote_source import GitSource, Remote
from transpiler.catalog.vendored import Remotes
from transpiler.fetch.download import download
from transpiler.fetch.git import Git, Tip
from transpiler.fetch.policy import Policy


class Vendoring(Remotes, kw_only=True, dict=True):
    """The locked content, from a valid copy, or otherwise from the locked source."""

    policy: Policy
    folder: Path
    """An empty folder to fetch into."""
    read_so_far: dict[str, bytes | Unreadable] = field(default_factory=dict)
    """By key: the bytes, or why there are none."""

    @cached_property
    def git(self) -> Git:
        """The repositories that have been asked so far."""
        return Git(self.folder, self.policy)

    def find(self, source: Remote) -> Path:
        """The path of the copy of a component that can be fetched."""
        self.read(source)
        return self.root / source.copy

    def read(self, source: Remote) -> bytes:
        """The bytes, fetched once. Raises Unreadable."""
        if source.key not in self.read_so_far:
            try:
                self.read_so_far[source.key] = self.obtain(source)
            except Unreadable as problem:
                self.read_so_far[source.key] = problem
        found = self.read_so_far[source.key]
        if isinstance(found, Unreadable):
            raise found
        return found

    def obtain(self, source: Remote) -> bytes:
        """The locked bytes. Raises Unreadable when others come."""
        entry = self.locked(source)
        data = self.copy(source, entry)
        if data is None:
            data = self.git.file(source, entry.commit) if isinstance(source, GitSource) else self.download(source)
        return self.verified(source, entry, data)

    def copy(self, source: Remote, entry: Locked) -> bytes | None:
        """The bytes of the copy; None if it is missing or differs from the lock."""
        path = self.root / source.copy
        if not exists(path):
            return None
        data = read_regular_file(resolve_inside(path, self.root))
        return data if digest_of(data) == entry.digest else None

    def download(self, source: Remote) -> bytes:
        """The bytes at a URL."""
        return download(source.key, self.policy)

    def verified(self, source: Remote, entry: Locked, data: bytes) -> bytes:
        """The bytes, which are the locked ones. Raises Unreadable for others."""
        if digest_of(data) != entry.digest:
            message = f"`{source.key}` now has the digest sha256:{digest_of(data)}, which differs from {LOCK_FILE}"
            hint = f"review the change, then run `transpile lock --upgrade {source.key}`"
            raise Unreadable("wrong-digest", message, hint)
        return data


class Locking(Vendoring, kw_only=True):
    """The current content of a reference; a locked reference stays as it is unless it is to be upgraded.

    A tag is looked up each time; if it has moved, it is refused, unless `accept_moved` is set.
    """

    accept_moved: bool = False
    upgrade: frozenset[str] | None = frozenset()
    """Keys; None upgrades all."""
    commits: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Key of a reference to a Git host → its repository and commit."""

    def obtain(self, source: Remote) -> bytes:
        """The bytes that the lock will have the digest of."""
        entry = self.lock.components.get(source.key) if self.lock else None
        return self._from_git(source, entry) if isinstance(source, GitSource) else self._from_url(source, entry)

    def _from_url(self, source: Remote, entry: Locked | None) -> bytes:
        if entry is None or self._is_upgraded(source):
            return self.download(source)
        data = self.copy(source, entry)
        return self.verified(source, entry, self.download(source) if data is None else data)

    def _from_git(self, source: GitSource, entry: Locked | None) -> bytes:
        commit = self._commit(source, self.git.tip(source))
        entry = entry if entry and entry.commit == commit else None
        data = self.copy(source, entry) if entry else None
        data = self.git.file(source, commit) if data is None else data
        self.commits[source.key] = self.git.url(source) or (entry.repository if entry else ""), commit
        return self.verified(source, entry, data) if entry else data

    def _commit(self, source: GitSource, tip: Tip) -> str:
        """The commit for a ref: the locked one, which is one for all files of a repository at that ref."""
        locked = self._locked_commit(source)
        if locked in {"", tip.commit}:
            return tip.commit
        if not tip.is_tag:
            return tip.commit if self._is_upgraded(source) else locked
        if self.accept_moved:
            return tip.commit
        message = f"the tag of `{source.key}` has moved from commit {locked} to {tip.commit}"
        hint = (
            "ask its owner why, because a tag should never move; `transpile lock --accept-moved` accepts the new commit"
        )
        raise Unreadable("moved-tag", message, hint)

    def _locked_commit(self, source: GitSource) -> str:
        locked = self.lock.components.items() if self.lock else ()
        return next((entry.commit for key, entry in locked if entry.commit and source.is_beside(key)), "")

    def _is_upgraded(self, source: Remote) -> bool:
        if self.upgrade is None or source.key in self.upgrade:
            return True
        return isinstance(source, GitSource) and any(source.is_beside(key) for key in self.upgrade)
