"""Environments of their own for judges whose dependencies must not meet ours, built only for those who demand them."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

CACHE = Path(__file__).resolve().parents[2] / ".cache"


@dataclass(frozen=True)
class Environment:
    """An environment in the cache. A Python that the variable names is taken instead, at its word."""

    name: str
    requirements: tuple[str, ...]
    variable: str

    def python(self) -> Path | None:
        """Its interpreter, if there is one or judges are required: TRANSPILE_REQUIRE_JUDGES allows the download."""
        if named := os.environ.get(self.variable):
            return Path(named)
        if os.environ.get("TRANSPILE_REQUIRE_JUDGES"):
            self._install()
        interpreter = _interpreter(self._folder)
        return interpreter if interpreter.exists() else None

    @property
    def _folder(self) -> Path:
        return CACHE / self.name

    def _install(self) -> None:
        """Build it, unless it is there; of several processes one builds and the others wait."""
        with _locked(CACHE / f"{self.name}.lock"):
            if not _interpreter(self._folder).exists():
                self._build()

    def _build(self) -> None:
        # Built beside its place and moved there when complete: an interrupted run leaves nothing that looks ready.
        unfinished = CACHE / f"{self.name}.unfinished"
        _run(sys.executable, "-m", "venv", "--clear", unfinished)
        _run(_interpreter(unfinished), "-m", "pip", "install", "--quiet", *self.requirements)
        shutil.rmtree(self._folder, ignore_errors=True)  # left over from a Python that is gone
        unfinished.rename(self._folder)


def _interpreter(environment: Path) -> Path:
    return environment / "bin" / "python"


def _run(*command: str | Path) -> None:
    subprocess.run(command, check=True)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold an exclusive lock on a file; the system lets it go when the process ends, however it ends."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
