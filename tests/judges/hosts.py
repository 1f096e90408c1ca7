"""Hosts that run the command for users: kpt, Kustomize, and Argo CD's server for plugins.

kpt and Kustomize are taken from PATH. What is not there is compiled from the Go module in `hosts/`, but only for those
who demand it: TRANSPILE_REQUIRE_JUDGES allows the minutes.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest
from ruamel.yaml import YAML

from tests.judges import crds, go, store

_ARGO_CD: Final = "github.com/argoproj/argo-cd/v3@v3.3.19"
"""The module with the resource definitions. Its programs are compiled from the last version that needs no sources of
another module beside it."""
_MODULE: Final = Path(__file__).with_name("hosts")
_KPT: Final = "./kpt"
_CMP: Final = "./cmp"
_KUSTOMIZE: Final = "sigs.k8s.io/kustomize/kustomize/v5"


def kpt() -> Path:
    """The program `kpt`, with its commands `fn eval` and `fn render`."""
    return _at_hand("kpt", _KPT)


def kustomize() -> Path:
    """The program `kustomize`; the one in kubectl runs no functions that are programs."""
    return _at_hand("kustomize", _KUSTOMIZE)


def plugin_server(asked: Mapping[str, Any], environment: Mapping[str, str]) -> dict[str, Any]:
    """What Argo CD's server for plugins answers: see `hosts/cmp/main.go` for both forms."""
    command = [_at_hand("cmp", _CMP)]
    done = subprocess.run(
        command, input=json.dumps(asked), env=environment, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def complaints_of_argo_cd(application: Mapping[str, Any]) -> list[str]:
    """What the resource definition of Applications holds against one."""
    return crds.complaints_by(json.loads(_applications().read_bytes()), application)


def all_at_hand() -> list[str]:
    """The names of all hosts. Makes what there is not. Raises JudgeError."""
    return [_applications().name] + [
        _at_hand(*each).name for each in (("kpt", _KPT), ("kustomize", _KUSTOMIZE), ("cmp", _CMP))
    ]


@cache
def _applications() -> Path:
    return _kept("application-crd", _ARGO_CD.encode, _convert)


@cache
def _at_hand(name: str, package: str) -> Path:
    """A program; without it the test is skipped, unless judges are required."""
    found = shutil.which(name) if package != _CMP else None
    return Path(found) if found else _kept(name, lambda: _content(package), lambda target: _build(target, package))


def _kept(name: str, content: Callable[[], bytes], make: store.Make) -> Path:
    """What the store keeps of a name. It is made if judges are required; else the test is skipped without it."""
    may_be_there = shutil.which("go") or os.environ.get("TRANSPILE_REQUIRE_JUDGES")
    found = store.at_hand(name, content(), make, f"Making `{name}`") if may_be_there else None
    if found is None:
        pytest.skip(f"there is no `{name}`: set TRANSPILE_REQUIRE_JUDGES to have it made")
    return found


def _content(package: str) -> bytes:
    """All that a program depends on: the Go that compiles, the modules, and our source."""
    files = [_MODULE / "go.mod", _MODULE / "go.sum", *sorted((_MODULE / package).glob("*.go"))]
    return b"\0".join([go.run("go", "version").encode(), *(each.read_bytes() for each in files)])


def _build(target: Path, package: str) -> None:
    environment = {**os.environ, "CGO_ENABLED": "1" if package == _KPT else "0"}  # kpt has an engine in C for WASM
    go.run("go", "build", "-ldflags=-s -w", "-o", str(target), package, environment=environment, folder=_MODULE)


def _convert(target: Path) -> None:
    """Write the schema of Applications as JSON; reading YAML takes too long to do it each time."""
    module = json.loads(go.run("go", "mod", "download", "-json", _ARGO_CD, folder=_MODULE))["Dir"]
    crd = YAML(typ="safe").load(Path(module) / "manifests" / "crds" / "application-crd.yaml")
    target.write_text(json.dumps(crd["spec"]["versions"][0]["schema"]["openAPIV3Schema"]))
