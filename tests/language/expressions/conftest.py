"""What the tests of expressions share: the judge that runs the tasks of a DAG, for the whole session."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.judges import argo
from tests.judges.controller import Controller


@pytest.fixture(scope="session")
def controller() -> Iterator[Controller]:
    """Argo's controller; skips where there is no Go, unless judges are required."""
    if argo.build() is None:
        pytest.skip("Argo's engine is not at hand: install Go, or run .ci/run")
    with Controller() as running:
        yield running
