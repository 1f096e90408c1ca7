"""kfp 1.8.22 as a judge: what the last KFP compiler that emitted Argo Workflows makes of a component.

kfp lives in an environment of its own and is run there as a process (`kfp_expand.py`): this module never imports it,
and its old dependencies never meet ours. The environment is built only for those who demand its verdict.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

ENVIRONMENT = Path(__file__).resolve().parents[2] / ".cache" / "kfp-1.8.22"
SCRIPT = Path(__file__).with_name("kfp_expand.py")
FUNCTIONS_SCRIPT = Path(__file__).with_name("kfp_functions.py")
# kfp imports distutils, which Python 3.12 left to setuptools.
REQUIREMENTS = ("kfp==1.8.22", "setuptools")


@dataclass(frozen=True)
class Request:
    """A component and the string constants to give it, by original input name; `id` is the asker's to choose."""

    id: str
    file: str
    arguments: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """The container kfp makes of a request. When `error` says why there is none, the rest is empty."""

    id: str
    error: str = ""
    image: str = ""
    command: list[str] = field(default_factory=list)
    args: list[str] = field(default_factory=list)
    env: list[dict[str, object]] = field(default_factory=list)
    inputs: dict[str, str] = field(default_factory=dict)
    """Path in the container → the constant that Argo writes there."""
    outputs: dict[str, str] = field(default_factory=dict)
    """Declared output name → path in the container."""


def expand(requests: Sequence[Request]) -> dict[str, Answer]:
    """Every request's answer, by its id; one process answers all. Needs a `python()`."""
    told = _ask(SCRIPT, [asdict(request) for request in requests])
    answers = {answer["id"]: Answer(**answer) for answer in told}
    if len(answers) != len(requests):
        raise ValueError("requests must differ in their id")
    return answers


def function_components(functions: Mapping[str, Sequence[str]]) -> dict[str, dict[str, str]]:
    """Python file → function → the component.yaml that kfp makes of it. Needs a `python()`."""
    asked = [{"file": file, "functions": names} for file, names in functions.items()]
    return dict(zip(functions, _ask(FUNCTIONS_SCRIPT, asked), strict=True))


def _ask(script: Path, requests: list[dict[str, Any]]) -> list[dict[str, Any]]:
    interpreter = python()
    if interpreter is None:
        raise FileNotFoundError("no kfp: set TRANSPILE_KFP_PYTHON, or TRANSPILE_REQUIRE_JUDGES to install it")
    command = (str(interpreter), "-I", str(script))
    told = subprocess.run(command, input=json.dumps(requests), stdout=subprocess.PIPE, text=True, check=True).stdout
    answers: list[dict[str, Any]] = json.loads(told)
    return answers


def python() -> Path | None:
    """The interpreter of an environment with kfp, if there is one or judges are required.

    TRANSPILE_KFP_PYTHON is taken at its word; without it, TRANSPILE_REQUIRE_JUDGES allows the download.
    """
    if named := os.environ.get("TRANSPILE_KFP_PYTHON"):
        return Path(named)
    if os.environ.get("TRANSPILE_REQUIRE_JUDGES"):
        _install()
    interpreter = _interpreter(ENVIRONMENT)
    return interpreter if interpreter.exists() else None


def _install() -> None:
    """Build the environment, unless it is there; of several processes one builds and the others wait."""
    with _locked(ENVIRONMENT.with_name(f"{ENVIRONMENT.name}.lock")):
        if not _interpreter(ENVIRONMENT).exists():
            _build()


def _build() -> None:
    # Built beside its place and moved there when complete: an interrupted run leaves nothing that looks ready.
    unfinished = ENVIRONMENT.with_name(f"{ENVIRONMENT.name}.unfinished")
    _run(sys.executable, "-m", "venv", "--clear", unfinished)
    _run(_interpreter(unfinished), "-m", "pip", "install", "--quiet", *REQUIREMENTS)
    shutil.rmtree(ENVIRONMENT, ignore_errors=True)  # left over from a Python that is gone
    unfinished.rename(ENVIRONMENT)


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
