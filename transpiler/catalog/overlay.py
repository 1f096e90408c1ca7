"""Replacement files: the state of the disk with another version of a component in place."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct, field

from transpiler.catalog.files import Unreadable, exists, read_regular_file, shown


class Replacement(Struct, frozen=True):
    """The replacement at a path; `name` is for messages."""

    name: str
    data: bytes


class Overlay(Struct, frozen=True):
    """Real path → its replacement; None for a removed file. An empty overlay is the disk itself."""

    files: Mapping[Path, Replacement | None] = field(default_factory=dict)

    def exists(self, path: Path) -> bool:
        """True if the path exists in the overlay."""
        if not self.files:
            return exists(path)
        real = path.resolve()
        if real in self.files:
            return self.files[real] is not None
        return exists(path) or any(real in file.parents for file, new in self.files.items() if new)

    def adds(self, path: Path) -> bool:
        """True if the overlay has a file at that path that differs from the disk."""
        return bool(self.files) and self.files.get(path.resolve()) is not None

    def read(self, path: Path, real: Path) -> Replacement:
        """The bytes at a path, and its name for messages; `real` is the path with links followed. Raises Unreadable."""
        if real not in self.files:
            return Replacement(shown(path), read_regular_file(real))
        new = self.files[real]
        if new is None:
            raise Unreadable("missing-component", f"there is no file `{shown(path)}`")
        return new
