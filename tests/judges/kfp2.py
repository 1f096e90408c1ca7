"""kfp 2.17.0 as a judge: what it compiles, how its local runner resolves placeholders, what its functions yield.

kfp lives in an environment of its own and is run there as a process (`kfp2_answers.py`).
"""

from __future__ import annotations

import json
import subprocess
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.judges.environment import Environment

if TYPE_CHECKING:
    from collections.abc import Mapping

ENVIRONMENT = Environment("kfp-2.17.0", ("kfp==2.17.0",), "TRANSPILE_KFP2_PYTHON")
SCRIPT = Path(__file__).with_name("kfp2_answers.py")


@dataclass(frozen=True)
class Request:
    """A component, and what to give it. Paths are those of files; a parameter that is left out has its default."""

    file: str
    """The compiled component to resolve, or the Python file whose function to call."""
    function: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    artifacts: Mapping[str, str] = field(default_factory=dict)
    outputs: Mapping[str, str] = field(default_factory=dict)
    folder: str = ""
    """Where the program finds itself."""


def words(request: Request) -> list[str]:
    """The command and args of a compiled component, resolved as `kfp.local` does."""
    found: list[str] = _ask("words", request)
    return found


def call(request: Request) -> dict[str, Any]:
    """What a function yields: `parameters` by name, and `metadata` of its artifacts."""
    found: dict[str, Any] = _ask("call", request)
    return found


def compile_all(source: Path, target: Path) -> None:
    """Compile every component of a Python file into a folder."""
    subprocess.run([str(ENVIRONMENT.python()), "-W", "ignore", str(source), str(target)], check=True)


def python() -> Path | None:
    """The interpreter of an environment with kfp, if there is one or judges are required."""
    return ENVIRONMENT.python()


def _ask(what: str, request: Request) -> Any:
    command = [str(ENVIRONMENT.python()), "-I", "-W", "ignore", str(SCRIPT), what]
    asked = json.dumps(asdict(request))
    return json.loads(subprocess.run(command, input=asked, stdout=subprocess.PIPE, text=True, check=True).stdout)
