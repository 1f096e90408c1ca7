"""The hooks for pre-commit, driven by pre-commit itself on a repository of a user."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.hosts.page import blocks
from tests.hosts.repositories import BROKEN, COMPONENT, MANIFEST, build, commit_all, copy_of_ours, git, users
from tests.judges import ci

pytestmark = pytest.mark.skipif(ci.python() is None, reason=ci.MISSING)


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Our repository as one that a configuration names."""
    folder = copy_of_ours(tmp_path_factory.mktemp("transpile"))
    commit_all(folder, "release")
    git(folder, "tag", "v1.0.0")
    return folder


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Variables with which pre-commit keeps what it makes in one folder for all tests."""
    identity = {f"GIT_{who}_{what}": "x@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    return {**os.environ, **identity, "PRE_COMMIT_HOME": str(tmp_path_factory.mktemp("pre-commit"))}


def commit(folder: Path, environment: dict[str, str]) -> tuple[int, str]:
    """Commit all changes as a user would, with the hooks; the exit code and what was said."""
    git(folder, "add", "-A")
    done = subprocess.run(
        ["git", "commit", "-m", "change"], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


def test_the_hooks_are_as_pre_commit_wants_them(ours: Path) -> None:
    assert ci.complaints("pre-commit", "validate-manifest", ours / ".pre-commit-hooks.yaml") == ""


def test_a_mistake_keeps_a_commit_back(ours: Path, environment: dict[str, str], tmp_path: Path) -> None:
    folder = users(tmp_path)
    (shown,) = blocks("yaml", "pre-commit")
    configuration = re.sub(r"https://\S+", ours.as_uri(), shown)
    assert configuration != shown
    (folder / ".pre-commit-config.yaml").write_text(configuration)
    subprocess.run([*ci.command("pre-commit"), "install"], cwd=folder, env=environment, check=True, capture_output=True)
    code, said = commit(folder, environment)
    assert (code, "Passed" in said) == (0, True), said
    (folder / "pipelines" / "nightly.yaml").write_text(BROKEN)
    code, said = commit(folder, environment)
    assert code == 1
    assert "error[type-mismatch]" in said
    assert "pipelines/nightly.yaml:5:23" in said
    assert git(folder, "log", "--format=%s").split("\n")[0] == "change"
    assert git(folder, "show", "HEAD:pipelines/nightly.yaml") == MANIFEST
    # a component that changes breaks a manifest that does not
    (folder / "pipelines" / "nightly.yaml").write_text(MANIFEST)
    (folder / "components" / "load" / "component.yaml").write_text(COMPONENT.replace("Integer", "Bool"))
    code, said = commit(folder, environment)
    assert (code, "pipelines/nightly.yaml:5" in said) == (1, True), said


def test_a_commit_contains_what_the_project_builds(ours: Path, environment: dict[str, str], tmp_path: Path) -> None:
    folder = users(tmp_path)
    made = build(folder)
    (folder / ".pre-commit-config.yaml").write_text(
        f"repos:\n  - repo: {ours.as_uri()}\n    rev: v1.0.0\n    hooks: [{{id: transpile-build-check}}]\n"
    )
    subprocess.run([*ci.command("pre-commit"), "install"], cwd=folder, env=environment, check=True, capture_output=True)
    code, said = commit(folder, environment)
    assert (code, "Passed" in said) == (0, True), said
    made.write_text(made.read_text() + "# by hand\n")
    code, said = commit(folder, environment)
    assert code == 1
    assert "error[stale-output]" in said
    assert "-# by hand" in said
