"""Repositories for tests of hosts: ours as a host gets it, and one of a user, whose branch breaks a pipeline."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.conftest import REPOSITORY

MANIFEST: Final = """\
name: nightly
tasks:
  load:
    component: ../components/load
    arguments: {rows: 10}
"""
BROKEN: Final = MANIFEST.replace("rows: 10", "rows: many")
COMPONENT: Final = """\
name: Load
inputs: [{name: rows, type: Integer}]
implementation: {container: {image: alpine, command: [echo, {inputValue: rows}]}}
"""


def git(folder: Path, *words: str) -> str:
    """What a git command prints."""
    command = ["git", "-c", "user.name=x", "-c", "user.email=x@example.org", *words]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout


def copy_of_ours(target: Path) -> Path:
    """The files of this repository as they are now, without what Git ignores: a host gets no more."""
    if not (REPOSITORY / ".git").exists():
        pytest.skip("this is no checkout of Git, which knows what belongs to the repository")
    for name in git(REPOSITORY, "ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0"):
        if name and (REPOSITORY / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(REPOSITORY / name, target / name)
    return target


def commit_all(folder: Path, message: str) -> None:
    """Commit all files; makes the repository unless it exists."""
    if not (folder / ".git").exists():
        git(folder, "init", "-q", "-b", "main")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "--no-verify", "-m", message)


def users(target: Path, manifest: str = MANIFEST) -> Path:
    """A repository of a user, with a manifest and a component."""
    files = {"pipelines/nightly.yaml": manifest, "components/load/component.yaml": COMPONENT}
    for name, text in files.items():
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        (target / name).write_text(text, encoding="utf-8")
    commit_all(target, "start")
    return target


def build(folder: Path) -> Path:
    """Make a project of a repository of a user, and build it; the Workflow that is written."""
    (folder / "transpile.yaml").touch()
    subprocess.run([sys.executable, "-m", "transpiler", "build"], cwd=folder, check=True, capture_output=True)
    return folder / "deploy" / "nightly.yaml"
