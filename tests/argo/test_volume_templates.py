"""What the templates say when files pass through a volume: mounts, parameters, and what stays an artifact."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Transpile
from tests.judges import argo

Write = Callable[[dict[str, str]], Path]
MIXED = """\
name: p
artifacts: {claim: data}
components:
  write: &write
    name: Write
    outputs: [{name: table, type: CSV}, {name: table-subpath, type: String}]
    implementation:
      container: {image: "alpine:3.20", command: [write, {outputPath: table}, {outputPath: table-subpath}]}
  two:
    name: Two
    outputs: [{name: first, type: CSV}, {name: second, type: CSV}]
    implementation:
      container: {image: "alpine:3.20", command: [two], fileOutputs: {first: /out/a.csv, second: /out/b.csv}}
  read:
    name: Read
    inputs: [{name: table, type: CSV}, {name: other, type: CSV, default: nothing}]
    implementation: {container: {image: "alpine:3.20", command: [read, {inputPath: table}, {inputPath: other}]}}
tasks:
  write:
    component: write
    cache: {maxAge: 1h, key: tables}
    outputs: {table: {s3: {key: tables/latest.csv}}}
  two:
    component: two
  read:
    component: read
    arguments: {table: "${{ tasks.two.outputs.first }}", other: "${{ tasks.two.outputs.second }}"}
  read-text:
    component: read
    arguments: {table: "${{ tasks.write.outputs.table }}"}
  fetch:
    template:
      container: {image: "alpine:3.20", command: [fetch]}
      outputs: {artifacts: [{name: table, path: /tmp/table.csv}]}
  take:
    template:
      container: {image: "alpine:3.20", command: [take]}
      inputs: {artifacts: [{name: table, path: /tmp/table.csv}]}
    arguments: {table: "${{ tasks.fetch.outputs.table }}"}
outputs:
  subpath: ${{ tasks.write.outputs.table-subpath }}
"""


@pytest.fixture
def mixed(write: Write, transpile: Transpile) -> dict[str, Any]:
    """The templates of a pipeline with files of every kind, by name."""
    workflow = transpile("compile", write({"pipeline.yaml": MIXED}) / "pipeline.yaml").workflow
    return {template["name"]: template for template in workflow["spec"]["templates"]}


def test_outputs_in_one_folder_share_it(mixed: dict[str, Any]) -> None:
    (mount,) = mixed["two"]["container"]["volumeMounts"]
    assert mount["mountPath"] == "/out"
    places = [each["value"] for each in mixed["two"]["outputs"]["parameters"]]
    assert places == [f"{mount['subPath']}/a.csv", f"{mount['subPath']}/b.csv"]


def test_a_default_and_a_file_give_two_templates(mixed: dict[str, Any]) -> None:
    assert [each["name"] for each in mixed["read-2"]["inputs"]["artifacts"]] == ["other"]
    assert "artifacts" not in mixed["read"]["inputs"]


def test_what_is_stored_by_name_is_stored_too(mixed: dict[str, Any]) -> None:
    (stored,) = mixed["write"]["outputs"]["artifacts"]
    assert stored["s3"] == {"key": "tables/latest.csv"}
    assert mixed["write"]["container"]["volumeMounts"][0]["mountPath"] == "/tmp/outputs/table"


def test_a_parameter_that_has_the_name_already_is_another(mixed: dict[str, Any]) -> None:
    names = [each["name"] for each in mixed["write"]["outputs"]["parameters"]]
    assert names == ["table-subpath", "table-subpath-2"]


def test_templates_in_argos_own_fields_stay(mixed: dict[str, Any]) -> None:
    assert mixed["take"]["inputs"] == {"artifacts": [{"name": "table", "path": "/tmp/table.csv"}]}
    (take,) = (task for task in mixed["p"]["dag"]["tasks"] if task["name"] == "take")
    assert take["arguments"] == {"artifacts": [{"name": "table", "from": "{{tasks.fetch.outputs.artifacts.table}}"}]}


def test_a_kept_result_is_of_one_volume(mixed: dict[str, Any], write: Write, transpile: Transpile) -> None:
    other = MIXED.replace("claim: data", "claim: other")
    workflow = transpile("compile", write({"other.yaml": other}) / "other.yaml").workflow
    (template,) = (each for each in workflow["spec"]["templates"] if each["name"] == "write")
    assert "-tables-" in template["memoize"]["key"]
    assert template["memoize"]["key"] != mixed["write"]["memoize"]["key"]


def test_a_name_that_a_volume_has_already(write: Write, transpile: Transpile) -> None:
    taken = MIXED.replace(
        "  two:\n    component: two\n", "  two:\n    component: two\n    volumes: {/in: {claim: artifacts}}\n"
    )
    spec = transpile("compile", write({"pipeline.yaml": taken}) / "pipeline.yaml").workflow["spec"]
    assert spec["volumes"] == [{"name": "artifacts-2", "persistentVolumeClaim": {"claimName": "data"}}]


def test_a_volume_of_the_run(write: Write, transpile: Transpile) -> None:
    made = "{size: 2Gi, storageClass: fast, accessModes: [ReadWriteMany]}"
    text = MIXED.replace("{claim: data}", made).replace("    cache: {maxAge: 1h, key: tables}\n", "")
    spec = transpile("compile", write({"pipeline.yaml": text}) / "pipeline.yaml").workflow["spec"]
    assert "volumes" not in spec
    claim = {
        "accessModes": ["ReadWriteMany"],
        "storageClassName": "fast",
        "resources": {"requests": {"storage": "2Gi"}},
    }
    assert spec["volumeClaimTemplates"] == [{"metadata": {"name": "artifacts"}, "spec": claim}]


def test_files_go_from_part_to_part_of_a_large_pipeline(write: Write, transpile: Transpile) -> None:
    lines = ["name: p", "artifacts: {claim: data}", "tasks:"]
    copy = "{name: Copy, inputs: [{name: x, type: CSV}], outputs: [{name: y, type: CSV}], implementation: {container: "
    copy += "{image: 'alpine:3.20', command: [cp, {inputPath: x}, {outputPath: y}]}}}"
    lines += [f"  t0: {{component: {copy}, arguments: {{x: a text}}}}"]
    for number in range(1, 420):
        lines += [f"  t{number}: {{component: {copy}, arguments: {{x: '${{{{ tasks.t{number // 2}.output }}}}'}}}}"]
    spec = transpile("compile", write({"pipeline.yaml": "\n".join(lines)}) / "pipeline.yaml").workflow["spec"]
    assert len(spec["templates"]) > 4
    assert [each["name"] for each in spec["templates"] if "artifacts" in each.get("inputs", {})] == ["copy"]
    assert not [each for each in spec["templates"] if "artifacts" in each.get("outputs", {})]


def test_argo_names_a_node_as_the_compiler_expects() -> None:
    if argo.build() is None:
        pytest.skip("Argo's validator is not at hand: install Go, or run .ci/run")
    tags = ["{{=sprig.sha256sum(node.name)}}", "{{retries}}", "{{pod.name}}"]
    name = "run.group(0:../x).load(1:a/b)"
    (known, unknown) = argo.render([(tags, {"node.name": name}), (tags, {"workflow.uid": "x"})])
    assert known == [hashlib.sha256(name.encode()).hexdigest(), "{{retries}}", "{{pod.name}}"]
    assert unknown == tags
