"""`docs/gitops.md` with the real hosts: its packages are built, and its Applications are what Argo CD takes."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Any

import yaml

from tests.conftest import REPOSITORY, EmittedWorkflows
from tests.docs.pages import read
from tests.docs.scratch import Scratch
from tests.docs.test_snippets import run
from tests.judges import hosts

PAGE = read(REPOSITORY / "docs" / "gitops.md")
WORDS = ("manifests", "environment", "values", "set", "kind", "argo")


def documents() -> list[dict[str, Any]]:
    return [yaml.safe_load(block.text) for block in PAGE.blocks if block.language == "yaml"]


def test_the_packages_of_the_page_are_built_by_their_hosts(tmp_path: Path, emitted: EmittedWorkflows) -> None:
    scratch = Scratch.of(PAGE, tmp_path)
    programs = tmp_path / "hosts"
    programs.mkdir()
    (programs / "kpt").symlink_to(hosts.kpt())
    (programs / "kustomize").symlink_to(hosts.kustomize())
    scratch.environment["PATH"] = f"{programs}{os.pathsep}{scratch.environment['PATH']}"
    for block in PAGE.blocks:
        run(scratch, block)
        if "kpt fn eval" in block.text:
            made = (scratch.folder / "pipelines" / "generated.yaml").read_text("utf-8")
            assert [each["kind"] for each in yaml.safe_load_all(made)] == ["WorkflowTemplate", "CronWorkflow"]
            emitted.add(made)
        if "kustomize build" in block.text:
            assert "namespace: ml-prod" in (scratch.printed or "")
    assert (scratch.folder / "pipelines" / "krm.sh").stat().st_mode & stat.S_IXUSR


def test_applications_are_what_argo_cd_takes() -> None:
    applications = [each for each in documents() if each.get("kind") == "Application"]
    assert len(applications) == 3
    for each in applications:
        assert hosts.complaints_of_argo_cd(each) == []
    wrong = {**applications[0], "spec": {**applications[0]["spec"], "sourc": {}}}
    assert hosts.complaints_of_argo_cd(wrong)


def test_the_page_has_every_parameter() -> None:
    lines = PAGE.path.read_text(encoding="utf-8").splitlines()
    assert [word for word in WORDS if not any(line.startswith(f"| `{word}` |") for line in lines)] == []
    plugin = yaml.safe_load((REPOSITORY / "deploy" / "argocd" / "plugin.yaml").read_text(encoding="utf-8"))
    assert tuple(each["name"] for each in plugin["spec"]["parameters"]["static"]) == WORDS
    sources = [
        source["plugin"]
        for each in documents()
        if each.get("kind") == "Application"
        for source in (each["spec"].get("source"), each["spec"].get("sourceHydrator", {}).get("drySource"))
        if source and "plugin" in source
    ]
    assert {each["name"] for each in sources} == {plugin["metadata"]["name"]}
    assert {parameter["name"] for each in sources for parameter in each["parameters"]} <= set(WORDS)
