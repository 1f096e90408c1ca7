"""The code of KFP in the guides for those who come from it is right: kfp itself compiles or loads it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from tests.docs.pages import read
from tests.docs.scratch import Scratch
from tests.judges import kfp, kfp2


def files_of(page: str, folder: Path) -> Path:
    """A folder with the files of a page."""
    shown = read(REPOSITORY / "docs" / page)
    scratch = Scratch.of(shown, folder)
    for block in shown.blocks:
        if block.name and "…" not in block.text:
            scratch.write(block.name, block.text)
    return scratch.folder


def test_kfp_1_compiles_the_pipeline_that_a_manifest_replaces(tmp_path: Path) -> None:
    python = kfp.python()
    if python is None:
        pytest.skip("kfp 1.8.22 is not at hand")
    program = "import steps, pipeline, kfp; kfp.compiler.Compiler().compile(pipeline.churn, 'out.yaml')"
    folder = files_of("from-kfp-v1.md", tmp_path)
    subprocess.run([python, "-c", program], cwd=folder, check=True, capture_output=True)
    assert "kind: Workflow" in (folder / "out.yaml").read_text(encoding="utf-8")


def test_kfp_2_loads_the_components_that_are_read(tmp_path: Path) -> None:
    python = kfp2.python()
    if python is None:
        pytest.skip("kfp 2.17.0 is not at hand")
    program = "import steps; print(*sorted(each.name for each in (steps.fit, steps.read)))"
    folder = files_of("from-kfp-v2.md", tmp_path)
    done = subprocess.run([python, "-c", program], cwd=folder, check=True, capture_output=True, text=True)
    assert done.stdout == "fit read\n"
