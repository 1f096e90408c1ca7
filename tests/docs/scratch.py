"""The folder in which a page's blocks run: as a reader would run them, with stand-ins for what needs a cluster."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tests.conftest import REPOSITORY
from tests.docs.pages import Page

STAND_INS: Final = REPOSITORY / "tests" / "docs" / "stand_ins"
MADE_FOLDER: Final = "made-of-fragments"
MADE: Final = " by transpile; edit that, not this."
_SECONDS: Final = 600  # twenty commands, on a machine with other work
_CODE: Final = re.compile(r"# exits? (?:with|code) (\d)\s*$")


@dataclass
class Scratch:
    """A folder with what a page starts with, and what was printed last."""

    folder: Path
    printed: str | None = None
    environment: dict[str, str] = field(default_factory=dict)
    made: list[str] = field(default_factory=list)
    """Workflows that fragments compiled to."""

    @classmethod
    def of(cls, page: Page, folder: Path) -> Scratch:
        """A fresh folder for a page."""
        home = folder / "project"
        home.mkdir()
        for name in page.starts_with:
            source = REPOSITORY / name
            target = home if name.endswith("/") else home / name
            target.parent.mkdir(parents=True, exist_ok=True)
            if source.is_dir():
                shutil.copytree(source, target, dirs_exist_ok=True, symlinks=True)
            else:
                shutil.copy(source, target)
        return cls(home, None, _environment(folder))

    def file(self, name: str) -> Path:
        """The path of a file of the page, which is inside."""
        path = (self.folder / name).resolve()
        assert path.is_relative_to(self.folder.resolve()), name
        return path

    def write(self, name: str, text: str) -> None:
        """Write a file."""
        path = self.file(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def workflows(self) -> list[str]:
        """Every Workflow that was made, in the folder too."""
        files = [
            path.read_text(encoding="utf-8")
            for path in sorted(self.folder.rglob("*.yaml"))
            if MADE_FOLDER not in path.parts
        ]
        return [*self.made, *(text for text in files if MADE in text.partition("\n")[0])]

    def run(self, script: str, code: int | None = None) -> str:
        """What a script of the shell prints; it must end with a code, which a comment at its end can say too."""
        said = _CODE.search(script)
        expected = int(said[1]) if said else code or 0
        program = f"set -euo pipefail\n{script}"
        done, text = self._call("bash", "-c", program)
        assert done == expected, f"exit code {done}:\n$ {script}\n{text}"
        return text

    def python(self, program: str) -> str:
        """What a program prints."""
        path = self.folder.parent / "program.py"
        path.write_text(program, encoding="utf-8")
        done, text = self._call(sys.executable, str(path))
        assert done == 0, text
        return text

    def _call(self, *command: str) -> tuple[int, str]:
        """The exit code, and all that is printed, in its order."""
        done = subprocess.run(
            command,
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=_SECONDS,
        )
        self.printed = done.stdout
        return done.returncode, done.stdout


def _environment(folder: Path) -> dict[str, str]:
    """No settings of the user's, `transpile` of this checkout, and the stand-ins before what the machine has."""
    nobody = {
        f"GIT_{who}_{what}": "reader@example.com" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
    }
    path = os.pathsep.join([str(STAND_INS), str(Path(sys.executable).parent), os.environ["PATH"]])
    return {
        **{name: os.environ[name] for name in ("LANG", "TMPDIR", "VIRTUAL_ENV") if name in os.environ},
        **nobody,
        "GIT_CONFIG_NOSYSTEM": "1",
        "HOME": str(folder),
        "COLUMNS": "100",
        "PATH": path,
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPATH": str(folder / "project"),
        "PYTHONUNBUFFERED": "1",
    }
