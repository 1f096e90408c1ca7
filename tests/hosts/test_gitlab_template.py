"""The CI/CD component of GitLab: its schema, and its script, on a repository whose branch breaks a pipeline."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from ruamel.yaml import YAML

from tests.conftest import REPOSITORY
from tests.hosts.page import written
from tests.hosts.repositories import BROKEN, build, copy_of_ours, users
from tests.judges import ci

pytestmark = pytest.mark.skipif(ci.python() is None, reason=ci.MISSING)
TEMPLATE = REPOSITORY / "templates" / "transpile.yml"


def filled(given: dict[str, str]) -> str:
    """The second document, with its inputs put in as GitLab does, before the YAML is read."""
    head, _, body = TEMPLATE.read_text(encoding="utf-8").partition("\n---\n")
    declared = YAML(typ="safe").load(head)["spec"]["inputs"]
    assert given.keys() <= declared.keys()
    values = {name: written(each["default"]) for name, each in declared.items()} | given
    return re.sub(r"\$\[\[ inputs\.([\w-]+) \]\]", lambda found: values[found[1]], body)


def run(folder: Path, given: dict[str, str]) -> tuple[subprocess.CompletedProcess[str], dict[str, Any]]:
    """The job's script in one shell, which ends at the first command that fails, and the job."""
    job = YAML(typ="safe").load(filled(given))["transpile"]
    variables = {"CI_JOB_ID": "1", "CI_PROJECT_DIR": str(folder), **job["variables"]}
    script = "\n".join(job["script"]).replace("/tmp/", f"{folder.parent}/")
    done = subprocess.run(
        ["bash", "-eo", "pipefail", "-c", script],
        cwd=folder,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    return done, job


@pytest.mark.parametrize("given", [{}, {"job-name": "check pipelines", "options": "--strict", "paths": "a b"}])
def test_the_schema_of_gitlab_accepts_the_job(given: dict[str, str], tmp_path: Path) -> None:
    target = tmp_path / ".gitlab-ci.yml"
    target.write_text(filled(given), encoding="utf-8")
    assert ci.complaints("check-jsonschema", "--builtin-schema", "vendor.gitlab-ci", target) == ""


def test_a_broken_branch_fails_with_both_reports(tmp_path: Path) -> None:
    ours, folder = copy_of_ours(tmp_path / "ours"), users(tmp_path / "project", BROKEN)
    done, job = run(folder, {"package": str(ours)})
    assert done.returncode == 1, done.stderr
    assert "error[type-mismatch]" in done.stderr
    reports = job["artifacts"]["reports"]
    quality = json.loads((folder / reports["codequality"]).read_text())
    assert [(each["check_name"], each["location"]["path"]) for each in quality] == [
        ("type-mismatch", "pipelines/nightly.yaml")
    ]
    assert ET.parse(folder / reports["junit"]).getroot().get("failures") == "1"
    assert job["artifacts"]["when"] == "always"
    (folder / "pipelines" / "nightly.yaml").write_text(BROKEN.replace("many", "1"))
    done, _ = run(folder, {"package": str(ours), "paths": "pipelines components", "options": "--strict"})
    assert done.returncode == 0, done.stderr
    assert json.loads((folder / reports["codequality"]).read_text()) == []
    assert run(folder, {"package": str(ours), "options": "--unheard-of"})[0].returncode == 1


def test_what_is_committed_is_compared_with_a_build(tmp_path: Path) -> None:
    ours, folder = copy_of_ours(tmp_path / "ours"), users(tmp_path / "project")
    made, given = build(folder), {"package": str(ours), "build-check": "true"}
    assert run(folder, given)[0].returncode == 0
    made.write_text(made.read_text() + "# by hand\n")
    done, _ = run(folder, given)
    assert (done.returncode, "-# by hand" in done.stdout) == (1, True)
