"""A repository with two pipelines and shared components, and the command as a program."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

COMPONENT = """\
name: Say
inputs: [{name: text, type: String}]
outputs: [{name: said, type: String}]
implementation:
  container:
    image: alpine:3.20
    command: [sh, -ec, 'mkdir -p "$(dirname "$1")"; printf %s "$0" > "$1"', {inputValue: text}, {outputPath: said}]
"""
TRAIN = """\
name: train
inputs: {rows: 100, who: team}
tasks:
  greet:
    component: ../../components/say
    arguments: {text: "${{ inputs.who }} ${{ inputs.rows }}"}
"""
NIGHTLY = """\
name: nightly
schedule: 0 2 * * *
tasks:
  greet:
    component: ../../components/say
    arguments: {text: night}
"""
REPOSITORY = {
    "components/say/component.yaml": COMPONENT,
    "pipelines/train/pipeline.yaml": TRAIN,
    "pipelines/train/pipeline.prod.yaml": "inputs: {rows: 100000}\nnamespace: ml-prod\n",
    "pipelines/nightly/pipeline.yaml": NIGHTLY,
}
TRANSPILE = [sys.executable, "-m", "transpiler"]


@pytest.fixture
def repository(write: Callable[[dict[str, str]], Path], monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout, which is the working folder."""
    folder = write(REPOSITORY)
    (folder / ".git").mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def command(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the command `transpile` alone, for the PATH of a host."""
    folder = tmp_path_factory.mktemp("bin")
    package = Path(__file__).parents[2]
    script = f'#!/bin/sh\nPYTHONPATH={package} PYTHONDONTWRITEBYTECODE=1 exec {sys.executable} -m transpiler "$@"\n'
    (folder / "transpile").write_text(script, encoding="utf-8")
    (folder / "transpile").chmod(0o755)
    return folder


def run(*command: str | Path, **settings: object) -> subprocess.CompletedProcess[str]:
    """Run a host."""
    environment = {**os.environ, **settings.pop("env", {})}  # type: ignore[dict-item]
    return subprocess.run(command, env=environment, capture_output=True, encoding="utf-8", check=False, **settings)  # type: ignore[call-overload,no-any-return]
