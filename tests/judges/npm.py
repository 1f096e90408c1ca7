"""Packages of npm as judges: one that brings all it needs, unpacked in the store."""

from __future__ import annotations

import shutil
import subprocess
import tarfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.judges import store


@dataclass(frozen=True)
class Package:
    """A package at a version, and the file in it that is asked for."""

    name: str
    version: str
    file: str

    def folder(self) -> Path | None:
        """Where it is, if it is there, or judges are required: TRANSPILE_REQUIRE_JUDGES allows the download."""
        name = self.name.rpartition("/")[2]
        return store.at_hand(name, self._spec.encode(), self._fetch, f"Fetching {self._spec}", self.file)

    def path(self, name: str = "") -> Path:
        """A file of it, by default the one that is asked for."""
        there = self.folder()
        assert there is not None, f"{self._spec} is not at hand"
        return there / (name or self.file)

    @cached_property
    def _spec(self) -> str:
        return f"{self.name}@{self.version}"

    def _fetch(self, target: Path) -> None:
        with TemporaryDirectory() as place:
            subprocess.run(["npm", "pack", "--silent", self._spec], cwd=place, check=True, capture_output=True)
            with tarfile.open(next(Path(place).glob("*.tgz"))) as archive:
                archive.extractall(place, filter="data")
            shutil.move(Path(place) / "package", target)
