"""The workflows of CI and of a release: valid, pinned, with few permissions; their own commands run here."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.conftest import REPOSITORY
from tests.judges import actionlint, ci

FOLDER = REPOSITORY / ".github" / "workflows"
WORKFLOWS = sorted(FOLDER.glob("*.yml"))
ACTIONS = [*WORKFLOWS, REPOSITORY / "action.yml"]


def loaded(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = YAML(typ="safe").load(path)
    return found


def steps(path: Path) -> Iterator[dict[str, Any]]:
    document = loaded(path)
    for job in document["jobs"].values() if "jobs" in document else [document["runs"]]:
        yield from job.get("steps", ())


@pytest.mark.skipif(actionlint.program() is None, reason=actionlint.MISSING)
def test_actionlint_accepts_the_workflows(tmp_path: Path) -> None:
    assert actionlint.complaints(*WORKFLOWS) == ""
    wrong = tmp_path / "wrong.yml"
    wrong.write_text(WORKFLOWS[0].read_text().replace("runs-on:", "run-on:"))
    assert "run-on" in actionlint.complaints(wrong)


@pytest.mark.skipif(ci.python() is None, reason=ci.MISSING)
@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_the_schema_of_github_accepts_the_workflows(path: Path) -> None:
    assert ci.complaints("check-jsonschema", "--builtin-schema", "vendor.github-workflows", path) == ""


@pytest.mark.parametrize("path", ACTIONS, ids=lambda path: path.name)
def test_actions_of_others_are_pinned_by_commit(path: Path) -> None:
    used = [line.strip() for line in path.read_text().splitlines() if re.match(r"\s*(- )?uses: [^.]", line)]
    assert used
    for line in used:
        assert re.search(r"uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$", line), line
    pins = {line.partition("uses: ")[2] for other in ACTIONS for line in other.read_text().splitlines()}
    versions = [pin.partition("@") for pin in pins if "@" in pin]
    assert len({name for name, _, _ in versions}) == len(versions), "an action is used in two versions"


def test_jobs_have_few_permissions() -> None:
    for path in WORKFLOWS:
        document = loaded(path)
        assert document["permissions"] == {"contents": "read"}
        for job in document["jobs"].values():
            assert "uses" in job or job["timeout-minutes"] <= 120
    granted = {name: job.get("permissions", {}) for name, job in loaded(FOLDER / "release.yml")["jobs"].items()}
    writes = {name: {what for what, level in given.items() if level == "write"} for name, given in granted.items()}
    assert writes == {
        "test": set(),
        "build": {"id-token", "attestations"},
        "pypi": {"id-token"},
        "image": {"packages", "id-token", "attestations"},
        "release": {"contents"},
    }


@pytest.mark.parametrize("path", ACTIONS, ids=lambda path: path.name)
def test_no_expression_stands_in_a_script(path: Path) -> None:
    """Text of a user in `run` would be commands; in `env` it is text."""
    scripts = [step["run"] for step in steps(path) if "run" in step]
    assert scripts
    assert not [script for script in scripts if "${{" in script]


def test_what_the_workflows_run_exists() -> None:
    scripts = "\n".join(step["run"] for path in WORKFLOWS for step in steps(path) if "run" in step)
    named = set(re.findall(r"(?<![\w/])\.ci/[\w.]+", scripts))
    assert named == {".ci/run", ".ci/build", ".ci/lowest.py"}
    for name in named:
        assert (REPOSITORY / name).is_file()
        assert name.endswith(".py") or (REPOSITORY / name).stat().st_mode & 0o111


def test_the_lowest_versions_are_those_of_the_project() -> None:
    printed = subprocess.run(
        [sys.executable, REPOSITORY / ".ci" / "lowest.py"], capture_output=True, text=True, check=True
    )
    names = [line.partition("==")[0] for line in printed.stdout.splitlines()]
    assert names == ["ruamel.yaml", "jsonschema", "jinja2", "msgspec", "networkx", "shtab"]
