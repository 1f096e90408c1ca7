"""kfp 1.8.22 as a judge: what the last KFP compiler that emitted Argo Workflows makes of a component.

kfp lives in an environment of its own and is run there as a process (`kfp_expand.py`): this module never imports it,
and its old dependencies never meet ours. The environment is built only for those who demand its verdict.
"""

from __future__ import annotations

import json
import subprocess
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.judges.environment import Environment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SCRIPT = Path(__file__).with_name("kfp_expand.py")
FUNCTIONS_SCRIPT = Path(__file__).with_name("kfp_functions.py")
# kfp imports distutils, which Python 3.12 left to setuptools.
ENVIRONMENT = Environment("kfp-1.8.22", ("kfp==1.8.22", "setuptools"), "TRANSPILE_KFP_PYTHON")


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
    """The interpreter of an environment with kfp, if there is one or judges are required."""
    return ENVIRONMENT.python()
