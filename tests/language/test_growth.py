"""The work of compiling grows with the size of a manifest: counted in calls of functions, which no machine changes."""

from __future__ import annotations

import sys
from collections.abc import Callable
from math import log
from pathlib import Path
from types import FrameType

import pytest

from benchmarks.growth import SHAPES, sub_pipeline
from transpiler import compile_bytes

SMALL, LARGE = 60, 240
MOST = 1.15


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("growth")
    for number in range(LARGE):
        (made / f"s{number}.yaml").write_text(sub_pipeline(number), encoding="utf-8")
    return made


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
def test_work_grows_with_the_size(shape: Callable[[int], str], folder: Path) -> None:
    small, large = (calls(shape(size), folder) for size in (SMALL, LARGE))
    assert log(large / small) / log(LARGE / SMALL) < MOST


def calls(manifest: str, folder: Path) -> int:
    """How many functions are called to compile a manifest."""
    count = 0

    def note(_: FrameType, event: str, __: object) -> None:
        nonlocal count
        count += event == "call"

    compile_bytes("p.yaml", b"name: p\ntasks: {}\n", folder)
    before = sys.getprofile()
    sys.setprofile(note)
    try:
        compile_bytes("p.yaml", manifest.encode(), folder)
    finally:
        sys.setprofile(before)
    return count
