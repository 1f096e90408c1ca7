"""What Argo's validation refuses in a Workflow is refused here with its place, before anything starts."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Transpile

WORKFLOW = """\
apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: {generateName: v-}
spec:
  entrypoint: main
  arguments: {parameters: [{name: a, value: x, enum: [x, z]}]}
  templates:
  - name: main
    steps:
    - - {name: one, template: say, arguments: {parameters: [{name: t, value: "{{workflow.parameters.a}}"}]}}
    - - {name: two, template: say, arguments: {parameters: [{name: t, value: "{{steps.one.outputs.result}}"}]}}
  - name: dag
    dag:
      tasks:
      - {name: one, template: say, arguments: {parameters: [{name: t, value: "{{item.k}}"}]}, withItems: [{k: 1}]}
  - name: say
    inputs: {parameters: [{name: t}]}
    script: {image: none, command: [sh], source: "echo {{inputs.parameters.t}} {{pod.name}} {{= o }} {{item}} {{x}}"}
"""
CASES = [
    ("- name: dag", "- name: main", 12, "the name `main` occurs twice, which Argo refuses"),
    ("name: two", "name: one", 11, "the name `one` occurs twice, which Argo refuses"),
    ("[{name: t}]", "[{name: t}, {name: t}]", 17, "the name `t` occurs twice, which Argo refuses"),
    ("{{workflow.parameters.a}}", "{{workflow.parameters.b}}", 10, "the Workflow has no parameter `b`"),
    ("{{inputs.parameters.t}}", "{{ inputs.parameters.tt }}", 18, "the template has no input parameter `tt`"),
    ("{{inputs.parameters.t}}", "{{inputs.artifacts.t.path}}", 18, "the template has no input artifact `t.path`"),
    ("{{inputs.parameters.t}}", "{{workflow.parameters.b}}", 18, "the Workflow has no parameter `b`"),
    ("{{inputs.parameters.t}}", "{{item.k}}", 18, "`item.k` stands outside of a loop"),
    ("{{inputs.parameters.t}}", "{{steps.one.outputs.result}}", 18, "there is no step `one` here"),
    ("{{steps.one.", "{{steps.three.", 11, "there is no step `three` here"),
    ("{{steps.one.", "{{tasks.one.", 11, "there is no task `one` here"),
    (", withItems: [{k: 1}]", "", 15, "`item.k` stands outside of a loop"),
    ("value: x", "value: w", 6, "the parameter `a` cannot be `w`"),
]


@pytest.mark.parametrize(("old", "new", "line", "message"), CASES)
def test_a_mistake_is_refused(
    old: str, new: str, line: int, message: str, transpile: Transpile, tmp_path: Path
) -> None:
    assert old in WORKFLOW
    (tmp_path / "w.yaml").write_text(WORKFLOW.replace(old, new))
    done = transpile("run", tmp_path / "w.yaml", "--executor", "process", "--run-dir", tmp_path / "runs")
    assert done.code == 1
    assert message in done.stderr
    assert f"w.yaml:{line}:" in done.stderr
    assert "1 error\n" in done.stderr
    assert not (tmp_path / "runs").exists()


def test_what_argo_takes_runs(transpile: Transpile, tmp_path: Path) -> None:
    (tmp_path / "w.yaml").write_text(WORKFLOW)
    done = transpile("run", tmp_path / "w.yaml", "--dry-run", "-p", "a=z")
    assert done.code == 0, done.stderr
    done = transpile("run", tmp_path / "w.yaml", "--dry-run", "-p", "a=w")
    assert done.code == 1
    assert "the parameter `a` cannot be `w`" in done.stderr
    assert "it is one of x, z" in done.stderr
