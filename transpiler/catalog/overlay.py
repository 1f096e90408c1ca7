"""Files that stand in for others: what a manifest would meet if another version of a component were in place."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct, field

from transpiler.catalog.files import Unreadable, exists, read_regular_file, shown


class Replacement(Struct, frozen=True):
    """What would stand at a path; `name` is what messages call it."""

    name: str
    data: bytes


class Overlay(Struct, frozen=True):
    """Real path → what would stand there; None for a file that would be gone. Without paths it is the disk."""

    files: Mapping[Path, Replacement | None] = field(default_factory=dict)

    def exists(self, path: Path) -> bool:
        """True when a file or folder would stand at that path."""
        if not self.files:
            return exists(path)
        real = path.resolve()
        if real in self.files:
            return self.files[real] is not None
        return exists(path) or any(real in file.parents for file, new in self.files.items() if new)

    def adds(self, path: Path) -> bool:
        """True when a file would stand at that path that is not on the disk, or another than the one there."""
        return bool(self.files) and self.files.get(path.resolve()) is not None

    def read(self, path: Path, real: Path) -> Replacement:
        """The bytes at a path, and what messages call it; `real` is the path with links followed. Raises Unreadable."""
        if real not in self.files:
            return Replacement(shown(path), read_regular_file(real))
        new = self.files[real]
        if new is None:
            raise Unreadable("missing-component", f"there is no file `{shown(path)}`")
        return new
