"""Microsoft's SARIF Multitool: the schema of SARIF 2.1.0, and a validator that knows GitHub's rules for its upload."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from tests.judges.npm import Package

_PROGRAM: Final = "Sarif.Multitool"
_PACKAGE: Final = Package("@microsoft/sarif-multitool-linux", "5.7.0", _PROGRAM)


def folder() -> Path | None:
    """Where the tool is, if it is there, or judges are required: TRANSPILE_REQUIRE_JUDGES allows the download."""
    return _PACKAGE.folder()


def schema() -> dict[str, Any]:
    """The schema of SARIF 2.1.0."""
    found: dict[str, Any] = json.loads(_PACKAGE.path("sarif-2.1.0.json").read_text(encoding="utf-8-sig"))
    return found


def complaints(log: Path) -> set[tuple[str, str]]:
    """Level and rule of what the validator finds in a log, by the rules of SARIF and of GitHub Advanced Security."""
    with TemporaryDirectory() as target:
        report = Path(target) / "report.sarif"
        program = _PACKAGE.path()
        program.chmod(0o755)
        command = [str(program), "validate", str(log), "--rule-kind", "Sarif;Ghas", "--level", "Error;Warning"]
        environment = {**os.environ, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"}
        subprocess.run([*command, "-o", report], capture_output=True, env=environment, check=False, timeout=120)
        run = json.loads(report.read_text(encoding="utf-8-sig"))["runs"][0]
        return {(each.get("level", "warning"), each["ruleId"]) for each in run.get("results", [])}
