"""docs/ci.md: its configurations are valid where they go, name inputs that exist, and its commands run."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from ruamel.yaml import YAML

from tests.conftest import REPOSITORY
from tests.hosts.page import PAGE, blocks, written
from tests.hosts.repositories import BROKEN, users
from tests.judges import actionlint, ci


def loaded(text: str) -> Any:
    return YAML(typ="safe").load(text)


def table(heading: str) -> dict[str, str]:
    """Input → default, as a table below a heading has them."""
    (found,) = re.findall(rf"^## {heading}\n(.*?)(?=^## )", PAGE, re.DOTALL | re.MULTILINE)
    rows = re.findall(r"^\| (`[^|]*) \| ([^|]*?) ?\|", found, re.MULTILINE)
    words = [(re.findall(r"`([^`]+)`", names), re.findall(r"`([^`]+)`", defaults)) for names, defaults in rows]
    return {name: default for names, found in words for name, default in zip(names, found or [""], strict=True)}


@pytest.mark.skipif(actionlint.program() is None, reason=actionlint.MISSING)
def test_the_workflows_are_workflows_of_github(tmp_path: Path) -> None:
    shown = blocks("yaml", "GitHub")
    assert len(shown) == 2
    for number, text in enumerate(shown):
        (tmp_path / f"{number}.yml").write_text(text, encoding="utf-8")
    assert actionlint.complaints(*tmp_path.glob("*.yml")) == ""


def test_the_inputs_of_the_action_are_those_that_it_has() -> None:
    inputs = loaded((REPOSITORY / "action.yml").read_text(encoding="utf-8"))["inputs"]
    assert table("GitHub") == {name: written(each["default"]) for name, each in inputs.items()}
    for text in blocks("yaml", "GitHub"):
        (job,) = loaded(text)["jobs"].values()
        assert job["steps"][-1]["with"].keys() <= inputs.keys()


def test_the_inputs_of_the_component_are_those_that_it_has() -> None:
    head = (REPOSITORY / "templates" / "transpile.yml").read_text(encoding="utf-8").partition("\n---\n")[0]
    inputs = loaded(head)["spec"]["inputs"]
    assert table("GitLab") == {name: written(each["default"]) for name, each in inputs.items()}
    (text,) = blocks("yaml", "GitLab")
    assert loaded(text)["include"][0]["inputs"].keys() <= inputs.keys()
    assert loaded(text)["include"][0]["component"].split("/")[-1].partition("@")[0] == "transpile"


@pytest.mark.skipif(ci.python() is None, reason=ci.MISSING)
def test_the_configurations_are_as_gitlab_and_pre_commit_want_them(tmp_path: Path) -> None:
    gitlab, hooks = tmp_path / ".gitlab-ci.yml", tmp_path / ".pre-commit-config.yaml"
    gitlab.write_text(blocks("yaml", "GitLab")[0], encoding="utf-8")
    hooks.write_text(blocks("yaml", "pre-commit")[0], encoding="utf-8")
    assert ci.complaints("check-jsonschema", "--builtin-schema", "vendor.gitlab-ci", gitlab) == ""
    assert ci.complaints("pre-commit", "validate-config", hooks) == ""
    ids = {each["id"] for each in loaded((REPOSITORY / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))}
    assert {each["id"] for each in loaded(hooks.read_text())["repos"][0]["hooks"]} <= ids


def test_the_commands_run_on_a_broken_branch(tmp_path: Path) -> None:
    folder = users(tmp_path, BROKEN)
    here = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    commands = [*blocks("sh", "Jenkins and others"), *blocks("sh", "Formats")]
    checks = [line for text in commands for line in text.splitlines() if line.startswith("transpile check")]
    assert len(checks) == 3
    for line in checks:
        done = subprocess.run(["sh", "-c", line], cwd=folder, env=here, capture_output=True, text=True, check=False)
        assert done.returncode == 1, done.stderr
        assert "error[type-mismatch]" in done.stdout + done.stderr
    assert ET.parse(folder / "reports" / "transpile.xml").getroot().get("failures") == "1"
    assert (folder / "transpile.sarif").is_file()
