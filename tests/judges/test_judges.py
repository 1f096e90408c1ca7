"""The judges themselves: they accept what is right and refuse what is wrong, or say that they are not at hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.judges import argo, go, limits

GOOD = """\
apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: {generateName: good-}
spec:
  entrypoint: main
  templates:
  - name: main
    dag: {tasks: [{name: a, template: echo, arguments: {parameters: [{name: x, value: 'y'}]}}]}
  - name: echo
    inputs: {parameters: [{name: x}]}
    container: {image: alpine, command: [echo], args: ['{{inputs.parameters.x}}']}
"""
FAULTS = {
    "a missing argument": ("arguments: {parameters: [{name: x, value: 'y'}]}", ""),
    "an unknown template": ("template: echo", "template: ecko"),
    "an unknown field": ("image: alpine", "imagee: alpine"),
    "an unknown variable": ("{{inputs.parameters.x}}", "{{inputs.parameters.z}}"),
    "a number as a value": ("value: 'y'", "value: 1"),
    "a duplicate key": ("name: main", "name: main\n    name: main"),
    "a boolean of YAML 1.1": ("value: 'y'", "value: y"),
}


@pytest.fixture
def validator() -> None:
    if argo.build() is None:
        pytest.skip("Argo's validator is not at hand: install Go, or run .ci/run")


@pytest.mark.usefixtures("validator")
@pytest.mark.parametrize("version", go.VERSIONS)
def test_argo_accepts_a_good_workflow(version: str, tmp_path: Path) -> None:
    path = tmp_path / "good.yaml"
    path.write_text(GOOD)
    assert argo.verdicts([path], version) == {path: []}


@pytest.mark.usefixtures("validator")
@pytest.mark.parametrize("version", go.VERSIONS)
@pytest.mark.parametrize("fault", FAULTS)
def test_argo_refuses(fault: str, version: str, tmp_path: Path) -> None:
    before, after = FAULTS[fault]
    assert before in GOOD
    path = tmp_path / "bad.yaml"
    path.write_text(GOOD.replace(before, after))
    assert argo.verdicts([path], version)[path] or (fault == "a number as a value" and version != go.NEWEST)


@pytest.mark.usefixtures("validator")
def test_what_a_container_receives() -> None:
    """Facts that `argo/text.py` and `plan/templates/container.py` rest on, asked of Argo's own replacement."""
    values = {"inputs.parameters.x": "a\"b'c\\d\n{e"}
    asked: list[Any] = [
        ["{{='{' + inputs.parameters['x']}}"],
        ["lone {{ and }}", "{{inputs.parameters.x}}"],
        ["{{ user }} {{- item.x -}} {% if %}", "{{inputs.parameters.x}}"],
    ]
    received = argo.render([(document, values) for document in asked])
    assert received == [
        ["{" + values["inputs.parameters.x"]],
        ["lone {{ and }}", values["inputs.parameters.x"]],
        ["{{ user }} {{- item.x -}} {% if %}", values["inputs.parameters.x"]],
    ]
    with pytest.raises(ValueError, match="JSON"):
        argo.render([(["{{inputs.parameters.x}}"], {"inputs.parameters.x": "\x07"})])


def test_limits_hold_without_go() -> None:
    task = {"name": "a", "template": "b"}
    dag = {"name": "Main", "dag": {"tasks": [{**task, "name": f"t{number}"} for number in range(201)]}}
    document = {"apiVersion": "argoproj.io/v1alpha1", "kind": "Workflow", "metadata": {"generateName": "x-"},
                "spec": {"entrypoint": "Main", "templates": [dag]}}  # fmt: skip
    assert len(limits.complaints(document)) >= 2
