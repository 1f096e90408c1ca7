"""A bench for each way in which commands of this machine run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.executors.bench import Bench, processes
from transpiler.executors.process.executor import ProcessExecutor


@pytest.fixture(params=["private", "shared"])
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    """Commands of this machine, with views of their own where the system has them, and without."""
    with processes(tmp_path / "run", shared=request.param == "shared") as made:
        assert isinstance(made.executor, ProcessExecutor)
        if request.param == "private" and not made.executor.is_private:
            pytest.skip("this system has no private views")
        yield made
