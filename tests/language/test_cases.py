"""Golden cases: a manifest in a folder, and beside it its Workflow and one for each environment.

They are found from disk; `--update` writes them anew.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import REPOSITORY, Transpile
from transpiler.workspace.environments import environments

MADE = "# Made from pipeline.yaml by transpile; edit that, not this.\n"
FOLDERS = sorted(
    path.parent
    for place in ("tests/language/cases", "samples", "samples/features", "samples/pipelines")
    for path in (REPOSITORY / place).glob("*/pipeline.yaml")
)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_workflow(folder: Path, transpile: Transpile, request: pytest.FixtureRequest) -> None:
    result = transpile("compile", folder / "pipeline.yaml")
    assert result.code == 0, result.stderr
    golden, made = folder / "workflow.yaml", MADE + result.stdout
    if request.config.getoption("--update"):
        golden.write_text(made, encoding="utf-8")
    assert made == golden.read_text(encoding="utf-8")


ENVIRONMENTS = [
    (folder, name, path) for folder in FOLDERS for name, path in environments(folder / "pipeline.yaml").items()
]
"""The values files beside manifests, each with the name of its environment."""


@pytest.mark.parametrize(("folder", "name", "path"), ENVIRONMENTS, ids=lambda each: getattr(each, "name", str(each)))
def test_workflow_of_an_environment(
    folder: Path, name: str, path: Path, transpile: Transpile, request: pytest.FixtureRequest
) -> None:
    result = transpile("compile", folder / "pipeline.yaml", "--env", name)
    assert result.code == 0, result.stderr
    golden = folder / f"workflow.{name}.yaml"
    made = MADE.replace("pipeline.yaml", f"pipeline.yaml with {path.name}") + result.stdout
    if request.config.getoption("--update"):
        golden.write_text(made, encoding="utf-8")
    assert made == golden.read_text(encoding="utf-8")


def test_the_golden_files_are_what_the_command_writes(transpile: Transpile) -> None:
    folder = REPOSITORY / "samples" / "add"
    written = transpile("compile", folder / "pipeline.yaml", "-o", folder / "workflow.yaml")
    assert (written.code, written.stderr.split()[0]) == (0, "unchanged:")


WITH_TASKS = [
    folder
    for folder in FOLDERS
    if "\nworkflowTemplateRef:" not in (folder / "pipeline.yaml").read_text(encoding="utf-8")
]
"""Manifests that any kind can come from; a template of the cluster is run, and is no part of another."""


@pytest.mark.parametrize("folder", WITH_TASKS, ids=lambda path: path.name)
@pytest.mark.parametrize("kind", ["WorkflowTemplate", "ClusterWorkflowTemplate"])
def test_other_kinds_are_accepted(folder: Path, kind: str, transpile: Transpile) -> None:
    assert transpile("compile", folder / "pipeline.yaml", "--kind", kind).workflow["kind"] == kind
