"""What `docs/diff.md` shows is what the command prints, on the sample that its text changes."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.cli.repositories import committed
from tests.conftest import REPOSITORY, Transpile

SHOWN = re.findall(
    r"```text\n\$ transpile (diff[^\n]*)\n(.*?)```", (REPOSITORY / "docs/diff.md").read_text("utf-8"), re.DOTALL
)


@pytest.mark.parametrize(("command", "output"), SHOWN, ids=[command for command, _ in SHOWN])
def test_outputs(
    command: str, output: str, tmp_path: Path, transpile: Transpile, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "add"
    shutil.copytree(REPOSITORY / "samples/add", folder)
    monkeypatch.chdir(committed(folder))
    pipeline, component = folder / "pipeline.yaml", folder / "components/add/component.yaml"
    text = pipeline.read_text("utf-8").replace("a: 7", "a: 8").replace("difference", "minus")
    pipeline.write_text(text.replace("components/subtract\n", "components/subtract\n    retry: 2\n"), encoding="utf-8")
    component.write_text(component.read_text("utf-8").replace("3.12-slim", "3.13-slim"), encoding="utf-8")
    assert transpile(*command.split()).stdout == output


def test_both_are_shown() -> None:
    assert len(SHOWN) == 2
