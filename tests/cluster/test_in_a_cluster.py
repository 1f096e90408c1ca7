"""Samples on a real cluster: their pods run, and what they yield is what stands beside them.

KUBECONFIG names the cluster, and its current context the namespace. So that nobody's production runs samples, it must
be a cluster on this machine (kind, minikube, k3d, Docker), or TRANSPILE_TEST_CONTEXT must name its context.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from tests.cluster.expected import Expected, runs
from tests.conftest import REPOSITORY

_LOCAL: Final = re.compile(r"kind-.*|minikube.*|k3d-.*|docker-desktop|rancher-desktop|colima.*")
_SECONDS: Final = 900


@pytest.fixture(scope="module", autouse=True)
def cluster() -> None:
    """Skip, and say so, where there is no cluster that is meant for tests."""
    if not os.environ.get("KUBECONFIG"):
        pytest.skip("no cluster: set KUBECONFIG to one with Argo Workflows (docs/cluster.md)")
    context = _said(["kubectl", "config", "current-context"]).stdout.strip()
    if not _LOCAL.fullmatch(context) and context != os.environ.get("TRANSPILE_TEST_CONTEXT"):
        pytest.skip(
            f"the context `{context}` is not of this machine: set TRANSPILE_TEST_CONTEXT to it to run samples there"
        )
    looked = transpile("doctor", "--cluster")
    if looked.returncode != 0:
        pytest.skip(f"the cluster cannot run pipelines:\n{looked.stdout}")


def _said(words: list[str]) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(words, capture_output=True, text=True, check=False, timeout=_SECONDS, cwd=REPOSITORY)
    except FileNotFoundError:
        pytest.skip(f"there is no {words[0]} on PATH")


def transpile(*words: str) -> subprocess.CompletedProcess[str]:
    return _said([sys.executable, "-m", "transpiler", *words])


@pytest.fixture
def ended(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[tuple[Expected, dict[str, Any]]]:
    """A run at its end. It is deleted afterwards if it was as expected."""
    expected: Expected = request.param
    given = tmp_path / "arguments.json"
    given.write_text(json.dumps(expected.arguments), encoding="utf-8")
    words = ["--parameter-file", str(given), "--watch", "--format", "json"]
    done = transpile("submit", str(expected.manifest), *words)
    assert done.stdout, done.stderr
    run = json.loads(done.stdout)
    yield expected, run
    if not request.session.testsfailed:
        _said(["kubectl", "delete", "workflows.argoproj.io", run["name"], "-n", run["namespace"], "--wait=false"])


@pytest.mark.parametrize("ended", runs(), indirect=True)
def test_a_sample_yields_what_it_should(ended: tuple[Expected, dict[str, Any]]) -> None:
    expected, run = ended
    assert run["phase"] == "Succeeded", run
    assert {name: run["outputs"].get(name) for name in expected.outputs} == expected.outputs
    tasks = {each["name"]: each for each in run["tasks"]}
    for name, wanted in expected.tasks.items():
        assert (tasks[name]["phase"] if isinstance(wanted, str) else tasks[name]["outputs"]) == wanted, name
