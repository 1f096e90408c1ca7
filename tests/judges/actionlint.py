"""actionlint, which knows the workflows of GitHub: keys, expressions, contexts, permissions and needs."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Final

from tests.judges import store

_MODULE: Final = "github.com/rhysd/actionlint/cmd/actionlint@v1.7.12"
_NAME: Final = ("actionlint", _MODULE.encode())
MISSING: Final = "actionlint is not at hand; .ci/run compiles it, with Go"


def program() -> Path | None:
    """The program, if it is there, or judges are required: TRANSPILE_REQUIRE_JUDGES allows the download."""
    return store.at_hand(*_NAME, _compile, "Compiling actionlint")


def complaints(*files: Path) -> str:
    """What it says about workflows; empty if it accepts them."""
    command = [str(program()), "-no-color", "-oneline", *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


def _compile(target: Path) -> None:
    folder = target.with_name(f"{target.name}.bin")
    environment = {**os.environ, "GOBIN": str(folder), "GOFLAGS": "-trimpath", "CGO_ENABLED": "0"}
    subprocess.run(["go", "install", _MODULE], env=environment, check=True, capture_output=True, cwd=folder.parent)
    shutil.move(folder / "actionlint", target)
    folder.rmdir()
