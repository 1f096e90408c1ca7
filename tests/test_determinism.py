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
from ruamel.yaml import YAML

from tests.conftest import REPOSITORY, Transpile

SAMPLES = sorted((REPOSITORY / "samples").glob("*/pipeline.yaml"))


def shuffled(node: Any, order: random.Random) -> Any:
    """The same document with the keys of every mapping in another order."""
    if isinstance(node, dict):
        keys = list(node)
        order.shuffle(keys)
        return {key: shuffled(node[key], order) for key in keys}
    return [shuffled(item, order) for item in node] if isinstance(node, list) else node


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
