"""Environments: which files are values files, and what they change."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Transpile
from transpiler.cli.usage import USAGE
from transpiler.workspace.environments import environments, is_values_file, manifest_of

Write = Callable[[dict[str, str]], Path]

MANIFEST = """\
name: shop
inputs: {rows: 1000}
tasks:
  train: {template: {container: {image: "alpine:3.20", command: [echo, "${{ inputs.rows }}"]}}}
"""


# ------------------------------------------------------------------ which files


def test_environments_are_the_values_files_beside_a_manifest(write: Write) -> None:
    folder = write(
        {
            "pipeline.yaml": MANIFEST,
            "pipeline.prod.yaml": "namespace: prod\n",
            "pipeline.dev.yml": "inputs: {rows: 1}\n",
            "pipeline.test.json": '{"inputs": {"rows": 2}}',
            "pipeline.empty.yaml": "# nothing yet\n",
            "pipeline.typo.yaml": "input: {rows: 2}\n",
            "pipeline.named.yaml": "name: shop-named\ntasks: {train: {retry: 2}}\n",
            "pipeline.v2.yaml": MANIFEST,
            "pipeline.built.yaml": "apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nspec: {}\n",
            "pipeline.schema.json": '{"$schema": "https://json-schema.org", "description": "a schema"}',
            "pipeline.notes.yaml": "todo: [write]\n",
            "pipeline.a.b.yaml": "namespace: ab\n",
            "other.prod.yaml": "namespace: other\n",
        }
    )
    found = environments(folder / "pipeline.yaml")
    assert {name: path.name for name, path in found.items()} == {
        "dev": "pipeline.dev.yml",
        "empty": "pipeline.empty.yaml",
        "named": "pipeline.named.yaml",
        "prod": "pipeline.prod.yaml",
        "test": "pipeline.test.json",
        "typo": "pipeline.typo.yaml",
    }
    assert list(found) == sorted(found)
    for path in sorted(folder.iterdir()):
        assert is_values_file(path, path.read_bytes()) == (path in found.values()), path.name
        assert (manifest_of(path) is not None) >= (path in found.values())


def test_one_name_is_one_environment(write: Write) -> None:
    folder = write(
        {"p.yml": MANIFEST, "p.a.json": "{}", "p.a.yml": "", "p.a.yaml": "", "p.b.json": "{}", "p.b.yml": ""}
    )
    assert [path.name for path in environments(folder / "p.yml").values()] == ["p.a.yaml", "p.b.yml"]


def test_no_environment_lies_outside_the_root(write: Write, tmp_path: Path) -> None:
    folder = write({"root/pipeline.yaml": MANIFEST, "secret.yaml": "namespace: other\n"})
    (folder / "root" / "pipeline.prod.yaml").symlink_to(tmp_path / "secret.yaml")
    assert environments(folder / "root" / "pipeline.yaml", folder / "root") == {}
    assert list(environments(folder / "root" / "pipeline.yaml", folder)) == ["prod"]


@pytest.mark.parametrize(
    ("name", "hint"), [("prdo", "did you mean `prod`?"), ("x", "the environments are `dev`, `prod`")]
)
def test_an_unknown_environment_is_wrong_usage(name: str, hint: str, transpile: Transpile, write: Write) -> None:
    folder = write({"p.yaml": MANIFEST, "p.prod.yaml": "{}", "p.dev.yaml": "{}"})
    result = transpile("compile", folder / "p.yaml", "--env", name)
    assert (result.code, result.stdout) == (USAGE, "")
    assert f"has no environment `{name}`" in result.stderr
    assert hint in result.stderr
