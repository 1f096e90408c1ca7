"""A bench for each way in which pods run: commands of this machine, and containers of real engines."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from tempfile import mkdtemp

import pytest

from tests.executors.bench import Bench, processes
from tests.judges import containers
from transpiler.executors.process.executor import ProcessExecutor

Started = Callable[[str], Mapping[str, str]]


@pytest.fixture(params=["private", "shared"])
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    """Commands of this machine, with views of their own where the system has them, and without."""
    with processes(tmp_path / "run", shared=request.param == "shared") as made:
        assert isinstance(made.executor, ProcessExecutor)
        if request.param == "private" and not made.executor.is_private:
            pytest.skip("this system has no private views")
        yield made


@pytest.fixture(scope="session")
def started_engines() -> Iterator[Started]:
    """Starts an engine when it is first asked for; the variables that let its program find it."""
    known: dict[str, Mapping[str, str]] = {}
    home = Path(mkdtemp(prefix="engines-"))  # short: the path of a socket takes 108 bytes
    with ExitStack() as running:

        def start(name: str) -> Mapping[str, str]:
            if name not in known:
                known[name] = running.enter_context(containers.started(name, home / name))
            return known[name]

        yield start
    shutil.rmtree(home, ignore_errors=True)  # of root, where somebody else runs the tests


@pytest.fixture(params=["podman", "docker"])
def engine(request: pytest.FixtureRequest, started_engines: Started, monkeypatch: pytest.MonkeyPatch) -> str:
    """An engine of containers: its name, and the environment that lets its program find it."""
    name: str = request.param
    if why := containers.unusable(name):
        pytest.skip(f"{name}: {why}")
    for variable, value in started_engines(name).items():
        monkeypatch.setenv(variable, value)
    return name
