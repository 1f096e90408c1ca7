"""What the tests of `transpile test` share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Transpile
from tests.rehearsal.desk import Desk


@pytest.fixture
def desk(tmp_path: Path, transpile: Transpile) -> Desk:
    """A folder of its own."""
    return Desk(tmp_path, transpile)
