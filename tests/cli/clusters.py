"""Fixtures of the tests that submit: a cluster for the real kubectl, and stand-ins for it and for argo."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.judges import kubectl
from tests.support.api_server import Cluster, api_server
from tests.support.stand_in import StandIn, stand_in

_OF_USERS = ("KUBECONFIG", "ARGO_SERVER", "ARGO_SECURE", "ARGO_BASE_HREF", "ARGO_NAMESPACE", "FORCE_COLOR")
Answers = dict[tuple[str, ...], list[dict[str, Any]]]


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home folder without settings of the user."""
    for name in _OF_USERS:
        monkeypatch.delenv(name, raising=False)
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("KUBECACHEDIR", str(home / "cache"))
    return home


@pytest.fixture
def cluster(alone: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cluster]:
    """A cluster with Argo and the namespaces `argo`, which is the user's, and `ml`; kubectl is the real one."""
    if not kubectl.is_at_hand():
        pytest.skip("kubectl is not at hand: install it (apt-get install kubernetes-client), or run .ci/run")
    made = Cluster()
    made.namespace("argo", "ml")
    monkeypatch.setenv("KUBECONFIG", str(alone / "kubeconfig"))
    with api_server(made, alone / "kubeconfig"):
        yield made


@pytest.fixture
def programs(alone: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., StandIn]:
    """Put a stand-in on a PATH that has nothing else."""
    folder = alone / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))

    def make(name: str, answers: Answers) -> StandIn:
        return stand_in(folder, name, answers)

    return make
