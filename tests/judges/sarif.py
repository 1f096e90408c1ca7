"""Microsoft's SARIF Multitool: the schema of SARIF 2.1.0, and a validator that knows GitHub's rules for its upload."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tarfile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from tests.judges import store

PACKAGE: Final = "@microsoft/sarif-multitool-linux"
VERSION: Final = "5.7.0"
_PROGRAM: Final = "Sarif.Multitool"
_NAME: Final = ("sarif-multitool", f"{PACKAGE}@{VERSION}".encode())


def folder() -> Path | None:
    """Where the tool is, if it is there, or judges are required: TRANSPILE_REQUIRE_JUDGES allows the download."""
    return store.at_hand(*_NAME, _fetch, f"Fetching {PACKAGE}", _PROGRAM)


def schema() -> dict[str, Any]:
    """The schema of SARIF 2.1.0."""
    found: dict[str, Any] = json.loads(_file("sarif-2.1.0.json").read_text(encoding="utf-8-sig"))
    return found


def complaints(log: Path) -> set[tuple[str, str]]:
    """Level and rule of what the validator finds in a log, by the rules of SARIF and of GitHub Advanced Security."""
    with TemporaryDirectory() as target:
        report = Path(target) / "report.sarif"
        command = [str(_file(_PROGRAM)), "validate", str(log), "--rule-kind", "Sarif;Ghas", "--level", "Error;Warning"]
        environment = {**os.environ, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"}
        subprocess.run([*command, "-o", report], capture_output=True, env=environment, check=False, timeout=120)
        run = json.loads(report.read_text(encoding="utf-8-sig"))["runs"][0]
        return {(each.get("level", "warning"), each["ruleId"]) for each in run.get("results", [])}


def _file(name: str) -> Path:
    there = folder()
    assert there is not None, f"{PACKAGE} is not at hand"
    return there / name


def _fetch(target: Path) -> None:
    with TemporaryDirectory() as place:
        subprocess.run(["npm", "pack", "--silent", f"{PACKAGE}@{VERSION}"], cwd=place, check=True, capture_output=True)
        with tarfile.open(next(Path(place).glob("*.tgz"))) as archive:
            archive.extractall(place, filter="data")
        shutil.move(Path(place) / "package", target)
    (target / _PROGRAM).chmod(0o755)
