"""Remote components that are available locally: vendored copies, verified against the lock.

Never uses the network: the two subclasses in `transpiler.fetch` do, for `lock` and `vendor`.
"""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from transpiler.catalog.files import Unreadable, digest_of, exists, read_regular_file, resolve_inside, shown
from transpiler.catalog.lockfile import LOCK_FILE, Lock, Locked
from transpiler.catalog.remote_source import Remote


class Remotes(Struct):
    """The copies below a root."""

    root: Path
    lock: Lock | None
    manifest: str = "MANIFEST"
    """The name of the manifest in the commands that a message suggests."""
    is_blind: bool = False
    """True if the lock is unusable and reported, so that missing entries are not reported."""

    def find(self, source: Remote) -> Path:
        """The path of the copy. Raises Unreadable, with the command that writes it."""
        self.locked(source)
        path = self.root / source.copy
        if not exists(resolve_inside(path, self.root)):
            hint = f"run `transpile vendor {self.manifest}`, which writes {shown(path)}"
            raise Unreadable("remote-reference", f"there is no copy of `{source.key}`", hint)
        return path

    def read(self, source: Remote) -> bytes:
        """The bytes of the copy, which have the locked digest."""
        path = self.root / source.copy
        data = read_regular_file(resolve_inside(path, self.root))
        if digest_of(data) != self.locked(source).digest:
            message = f"`{shown(path)}` has the digest sha256:{digest_of(data)}, which differs from {LOCK_FILE}"
            hint = f"run `transpile vendor {self.manifest}`, which restores the locked content"
            raise Unreadable("wrong-digest", message, hint)
        return data

    def locked(self, source: Remote) -> Locked:
        """The lock entry of a component. Raises Unreadable if there is none."""
        entry = self.lock.components.get(source.key) if self.lock else None
        if entry is None and source.key.startswith("http://"):
            raise Unreadable("remote-reference", f"`{source.key}` is not an https url", "write https://")
        if entry is None:
            hint = f"run `transpile lock {self.manifest}`, then `transpile vendor {self.manifest}`"
            raise Unreadable(
                "remote-reference", f"`{source.key}` is not in {LOCK_FILE}, and compiling fetches nothing", hint
            )
        return entry
