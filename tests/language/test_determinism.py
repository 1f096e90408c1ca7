"""The same bytes, whatever has no meaning changes."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from benchmarks.shapes import SHAPES
from benchmarks.shapes import manifest as shape_manifest
from tests.argo.test_split import pipelines
from tests.conftest import REPOSITORY, Transpile
from transpiler import compile_bytes
from transpiler.lower.partition import split

Json = dict[str, Any]

SAMPLES = sorted((REPOSITORY / "samples").glob("*/pipeline.yaml"))
COMPONENTS = next(YAML(typ="safe", pure=True).load_all(REPOSITORY / "tests/argo/runs/components.yaml"))
MANIFESTS = {
    path.relative_to(REPOSITORY).as_posix(): path
    for pattern in (
        "samples/*/*.yaml",
        "samples/features/*/*.yaml",
        "samples/pipelines/*/*.yaml",
        "tests/language/cases/*/*.yaml",
    )
    for path in sorted(REPOSITORY.glob(pattern))
    if path.name == "pipeline.yaml" or path.name.endswith(".pipeline.yaml")
}
RUNS = [
    pytest.param(
        {**case["manifest"], "components": COMPONENTS | case["manifest"].get("components", {})}, id=case["says"]
    )
    for path in sorted((REPOSITORY / "tests/argo/runs").glob("*.yaml"))
    if path.name not in ("components.yaml", "golden.yaml")
    for case in YAML(typ="safe", pure=True).load_all(path)
    if "beside" not in case
]
ORDERED = "env"
"""Where the order of keys has a meaning; it also has in the `inputs` of a manifest."""


def shuffled(document: Json, order: random.Random) -> Json:
    """The same manifest or component with the keys of every mapping in another order."""
    mixed: Json = _shuffled(document, order)
    if isinstance(document.get("inputs"), dict):
        mixed["inputs"] = {name: mixed["inputs"][name] for name in document["inputs"]}
    return mixed


def _shuffled(node: Any, order: random.Random, key: str = "") -> Any:
    if isinstance(node, dict):
        keys = list(node)
        if key != ORDERED:
            order.shuffle(keys)
        return {key: _shuffled(node[key], order, key) for key in keys}
    return [_shuffled(item, order) for item in node] if isinstance(node, list) else node


def compiled(manifest: Json, folder: Path) -> str | None:
    """The Workflow of a manifest, or None where it is refused."""
    return compile_bytes("pipeline.yaml", json.dumps(manifest).encode(), folder).text


def test_json_with_escaped_emoji_and_anchors_keep_values(transpile: Transpile, write: Callable[..., Path]) -> None:
    component = {
        "inputs": [{"name": "a", "type": "String"}, {"name": "b", "type": "Float"}],
        "implementation": {"container": {"image": "alpine", "command": [{"inputValue": "a"}, {"inputValue": "b"}]}},
    }
    task = {"component": component, "arguments": {"a": True, "b": 1234}}
    document = {"name": "x", "description": "\U0001f600" * 9, "tasks": {"t": task}}
    anchored = f"name: x\ntasks: {{t: {{component: {json.dumps(component)}, arguments: {{a: &x true, b: &y 1.10}}}}}}\n"
    folder = write({"a.yaml": json.dumps(document), "b.yaml": anchored})
    assert passed(transpile("compile", folder / "a.yaml").workflow) == ["true", "1234"]
    assert passed(transpile("compile", folder / "b.yaml").workflow) == ["true", "1.10"]


def passed(workflow: dict[str, Any]) -> list[str]:
    task = workflow["spec"]["templates"][0]["dag"]["tasks"][0]
    return [each["value"] for each in task["arguments"]["parameters"]]


def variants(manifest: bytes) -> dict[str, bytes]:
    document = YAML(typ="safe", pure=True).load(manifest.decode())
    made = {
        "crlf": manifest.replace(b"\n", b"\r\n"),
        "bom": b"\xef\xbb\xbf" + manifest,
        "no final newline": manifest.rstrip(b"\n"),
        "json": json.dumps(document).encode(),
        "json, indented": json.dumps(document, indent=1, ensure_ascii=False).encode(),
    }
    for seed in range(5):
        made[f"order {seed}"] = json.dumps(shuffled(document, random.Random(seed))).encode()
    return made


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.parent.name)
def test_form_of_the_manifest(sample: Path, transpile: Transpile, tmp_path: Path) -> None:
    expected = transpile("compile", sample).stdout
    shutil.copytree(sample.parent, tmp_path / "s")
    for name, data in variants(sample.read_bytes()).items():
        (tmp_path / "s" / "pipeline.yaml").write_bytes(data)
        result = transpile("compile", tmp_path / "s" / "pipeline.yaml")
        assert result.stdout == expected, name


@pytest.mark.parametrize("name", MANIFESTS)
def test_the_order_of_keys_changes_nothing(name: str) -> None:
    path = MANIFESTS[name]
    manifest = YAML(typ="safe", pure=True).load(path)
    expected = compiled(manifest, path.parent)
    assert expected is not None
    for seed in range(4):
        assert compiled(shuffled(manifest, random.Random(seed)), path.parent) == expected, seed


@pytest.mark.parametrize("manifest", RUNS)
def test_the_order_of_keys_changes_no_run(manifest: Json) -> None:
    expected = compiled(manifest, REPOSITORY)
    for seed in range(4):
        assert compiled(shuffled(manifest, random.Random(seed)), REPOSITORY) == expected, seed


@settings(max_examples=100, deadline=None)
@given(pipelines(with_logic=True), st.integers(4, 250), st.integers(0, 10**9))
def test_the_order_of_keys_changes_no_graph(text: bytes, limit: int, seed: int) -> None:
    manifest = json.loads(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(split, "MAX_TASKS", limit)
        assert compiled(shuffled(manifest, random.Random(seed)), REPOSITORY) == compiled(manifest, REPOSITORY)


@pytest.mark.parametrize("shape", SHAPES)
def test_the_order_of_keys_changes_no_split(shape: str) -> None:
    text = shape_manifest(shape, SHAPES[shape](500), by_value=True)
    manifest = YAML(typ="safe", pure=True).load(text)
    assert compiled(shuffled(manifest, random.Random(shape)), REPOSITORY) == compiled(manifest, REPOSITORY)


def test_components_with_their_keys_in_another_order(transpile: Transpile, tmp_path: Path) -> None:
    sample = REPOSITORY / "samples" / "ml"
    shutil.copytree(sample, tmp_path / "s")
    files = sorted((tmp_path / "s").rglob("component.yaml"))
    assert len(files) > 2
    for seed, path in enumerate(files):
        component = YAML(typ="safe", pure=True).load(path)
        path.write_text(json.dumps(shuffled(component, random.Random(seed))), encoding="utf-8")
    expected = transpile("compile", sample / "pipeline.yaml").stdout
    assert transpile("compile", tmp_path / "s" / "pipeline.yaml").stdout == expected


def test_inputs_and_variables_keep_the_order_of_their_author(transpile: Transpile, write: Callable[..., Path]) -> None:
    folder = write({"pipeline.yaml": KEPT})
    workflow = transpile("compile", folder / "pipeline.yaml", "--kind", "WorkflowTemplate").workflow
    entry, shell = workflow["spec"]["templates"]
    for ports in (workflow["spec"]["arguments"], entry["inputs"]):
        assert [each["name"] for each in ports["parameters"]] == ["rows", "day", "mode"]
    assert [each["name"] for each in shell["container"]["env"]] == ["Z", "A", "M"]


KEPT = """\
name: kept
inputs: {rows: 1, day: x, mode: dev}
tasks:
  t:
    component: {implementation: {container: {image: alpine, command: [env]}}}
    env: {Z: "1", A: "$(Z)", M: "${{ inputs.rows }}${{ inputs.day }}${{ inputs.mode }}"}
"""


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.parent.name)
def test_components_with_crlf(sample: Path, transpile: Transpile, tmp_path: Path) -> None:
    expected = transpile("compile", sample).stdout
    shutil.copytree(sample.parent, tmp_path / "s")
    for component in (tmp_path / "s").rglob("component.yaml"):
        component.write_bytes(component.read_bytes().replace(b"\n", b"\r\n"))
    assert transpile("compile", tmp_path / "s" / "pipeline.yaml").stdout == expected


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.parent.name)
def test_hash_seed_and_folder(sample: Path, tmp_path: Path) -> None:
    outputs = set()
    for seed, folder, locale in (("0", REPOSITORY, "C"), ("1", tmp_path, "C.UTF-8"), ("99", Path("/"), "POSIX")):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "LC_ALL": locale, "PYTHONPATH": str(REPOSITORY)}
        done = subprocess.run(
            [sys.executable, "-m", "transpiler", "compile", str(sample)],
            cwd=folder, env=environment, capture_output=True, check=True, timeout=60,
        )  # fmt: skip
        outputs.add(done.stdout)
    assert len(outputs) == 1


def test_a_renamed_task_changes_only_its_name(transpile: Transpile, tmp_path: Path) -> None:
    shutil.copytree(SAMPLES[0].parent, tmp_path / "s")
    manifest = tmp_path / "s" / "pipeline.yaml"
    before = transpile("compile", manifest).stdout
    manifest.write_text(manifest.read_text().replace("product", "xproduct"))
    assert transpile("compile", manifest).stdout == before.replace("product", "xproduct")
