"""Environments of their own for judges whose dependencies must not meet ours, made only for those who demand them."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.judges import store

_INTERPRETER: Final = "bin/python"


@dataclass(frozen=True)
class Environment:
    """An environment in the store. A Python that the variable names is taken instead, at its word."""

    name: str
    requirements: tuple[str, ...]
    variable: str

    def python(self) -> Path | None:
        """Its interpreter, if there is one or judges are required: TRANSPILE_REQUIRE_JUDGES allows the download."""
        if named := os.environ.get(self.variable):
            return Path(named)
        content = "\n".join((sys.version, *self.requirements)).encode()
        doing = f"Installing {' '.join(self.requirements)}"
        made = store.at_hand(self.name, content, self._make, doing, _INTERPRETER)
        return made / _INTERPRETER if made is not None else None

    def _make(self, folder: Path) -> None:
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        pip = (str(folder / _INTERPRETER), "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
        subprocess.run([*pip, *self.requirements], check=True)
