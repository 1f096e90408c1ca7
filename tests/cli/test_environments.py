"""Environments: which files are values files, and what they change."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import REPOSITORY, Transpile
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


# ------------------------------------------------------------------ what they change


def texts(workflow: dict[str, Any]) -> dict[str, str]:
    """The default of each argument of a Workflow."""
    return {each["name"]: each.get("value") for each in workflow["spec"]["arguments"]["parameters"]}


def test_later_files_win_and_assignments_win_over_all(transpile: Transpile, write: Write) -> None:
    folder = write(
        {
            "p.yaml": "inputs: {a: 0, b: 0, c: 0, d: 0, e: 0}\n"
            "name: p\ntasks: {t: {template: {container: {image: alpine, command: "
            '[echo, "${{inputs.a}}${{inputs.b}}${{inputs.c}}${{inputs.d}}${{inputs.e}}"]}}}}\n',
            "p.one.yaml": "inputs: {b: 1, c: 1, d: 1, e: 1}\n",
            "two.yaml": "inputs: {c: 2, d: 2, e: 2}\n",
            "three.yaml": "inputs: {d: 3, e: 3}\n",
        }
    )
    layers = ["--values", folder / "two.yaml", "--values", folder / "three.yaml"]
    result = transpile(
        "compile", folder / "p.yaml", *layers, "--env", "one", "--set", "inputs.e=4", "--set", "inputs.e=5"
    )
    assert texts(result.workflow) == {"a": "0", "b": "1", "c": "2", "d": "3", "e": "5"}


def test_an_assignment_is_shown_with_its_mistake(transpile: Transpile, write: Write) -> None:
    folder = write({"p.yaml": MANIFEST})
    given = ["--set", "tasks.train.retry=2", "--set", "inputs.rows=abc", "--set", "tasks.trian.retry=1"]
    result = transpile("compile", folder / "p.yaml", *given)
    assert result.code == 1
    assert "--> --set:2:13\n  |\n2 | inputs.rows=abc\n  |             ^^^\n" in result.stderr
    assert "--> --set:3:7\n  |\n3 | tasks.trian.retry=1\n  |       ^^^^^\n" in result.stderr
    assert "did you mean `train`?" in result.stderr


@pytest.mark.parametrize("text", ["inputs.rows", "=3", "", "inputs..rows=1", "inputs.=1", ".a=1", "a b", "inputs.'x=1"])
def test_what_is_no_assignment_is_an_error(text: str, transpile: Transpile, write: Write) -> None:
    result = transpile("compile", write({"p.yaml": MANIFEST}) / "p.yaml", "--set", text, "--format", "json")
    assert [each["code"] for each in result.problems] == ["wrong-assignment"]


@pytest.mark.parametrize(
    ("text", "image"),
    [
        ('images."alpine"=busybox', "busybox:3.20"),
        ("images.'alpine'=\"busybox:1\"", "busybox:1"),
        ('images."alpine:3.20"=busybox:1', "busybox:1"),
        ("tasks.train.image=a=b.c/d", ""),
        ("tasks.train.image=ghcr.io/a/b:1", "ghcr.io/a/b:1"),
    ],
)
def test_keys_are_quoted_and_values_are_yaml(text: str, image: str, transpile: Transpile, write: Write) -> None:
    result = transpile("compile", write({"p.yaml": MANIFEST}) / "p.yaml", "--set", text)
    assert result.code == (0 if image else 1)
    if image:
        templates = result.workflow["spec"]["templates"]
        assert [each["container"]["image"] for each in templates if "container" in each] == [image]


def test_null_takes_a_value_off(transpile: Transpile, write: Write) -> None:
    folder = write(
        {
            "p.yaml": "schedule: '0 3 * * *'\ntimeout: 1h\nlabels: {team: a, tier: b}\n"
            "defaults: {retry: 2, env: {A: a, B: b}}\n" + MANIFEST.replace("container:", "container:"),
            "p.dev.yaml": "schedule: null\ntimeout: null\nlabels: {team: null}\ninputs: {rows: null}\n"
            "defaults: {env: {A: null}}\ntasks: {train: {retry: null, env: {B: null}}}\n",
        }
    )
    plain = transpile("compile", folder / "p.yaml").workflow
    assert (plain["kind"], plain["spec"]["workflowSpec"]["activeDeadlineSeconds"]) == ("CronWorkflow", 3600)
    workflow = transpile("compile", folder / "p.yaml", "--env", "dev", "--strict").workflow
    assert workflow["kind"] == "Workflow"
    assert workflow["metadata"]["labels"] == {"tier": "b"}
    assert "activeDeadlineSeconds" not in workflow["spec"]
    assert workflow["spec"]["arguments"]["parameters"] == [{"name": "rows"}]
    (train,) = [each for each in workflow["spec"]["templates"] if "container" in each]
    assert "retryStrategy" not in train
    assert "env" not in train["container"]


def test_an_empty_values_file_changes_nothing(transpile: Transpile) -> None:
    for manifest in sorted((REPOSITORY / "samples").glob("*/pipeline.yaml")):
        plain = transpile("compile", manifest).stdout
        assert transpile("compile", manifest, "--set", "inputs={}").stdout == plain


SUB = """\
name: sub
tasks:
  train: {template: {container: {image: "ghcr.io/shop/train:2", command: [echo, hi]}}}
  more: {tasks: {inner: {template: {container: {image: "ghcr.io/shop/train:2", command: [echo, inner]}}}}}
"""


def test_calls_with_different_values_are_different_pipelines(transpile: Transpile, write: Write) -> None:
    folder = write(
        {
            "p.yaml": "name: p\ntasks:\n" + "".join(f"  {name}: {{pipeline: ./sub.yaml}}\n" for name in "abcd"),
            "sub.yaml": SUB,
            "p.x.yaml": "tasks:\n  a/train: {retry: 7}\n  b/train: {retry: 7}\n  c/more/inner: {timeout: 5m}\n",
        }
    )
    workflow = transpile("compile", folder / "p.yaml", "--env", "x").workflow
    templates = {each["name"]: each for each in workflow["spec"]["templates"]}
    calls = {each["name"]: each["template"] for each in templates["p"]["dag"]["tasks"]}
    assert calls["a"] == calls["b"]
    assert len({calls[name] for name in "acd"}) == 3

    def settings(call: str, *path: str) -> dict[str, Any]:
        template = templates[calls[call]]
        for name in path:
            template = templates[next(each["template"] for each in template["dag"]["tasks"] if each["name"] == name)]
        return {key: template[key] for key in ("retryStrategy", "timeout") if key in template}

    assert settings("a", "train") == {"retryStrategy": {"limit": "7"}}
    assert settings("c", "more", "inner") == {"timeout": "5m"}
    assert settings("c", "train") == settings("d", "train") == settings("d", "more", "inner") == {}


def test_tasks_of_a_component_are_its_own(transpile: Transpile, write: Write) -> None:
    graph = "name: g\nimplementation:\n  graph:\n    tasks:\n      t: {componentRef: {name: components/load}}\n"
    folder = write({"p.yaml": "name: p\ntasks: {g: {pipeline: ./g.yaml}}\n", "g.yaml": graph})
    result = transpile("compile", folder / "p.yaml", "--set", "tasks.g/t.retry=1", "--format", "json")
    assert "fixed-graph" in [each["code"] for each in result.problems]


# ------------------------------------------------------------------ images


IMAGES = {
    "python": "python:3.12",
    "hub": "docker.io/library/python:3.12",
    "shop": "ghcr.io/shop/train:2@sha256:" + "a" * 64,
    "port": "localhost:5000/x",
    "tagged": "ghcr.io/shop/train:${{ inputs.tag }}",
}


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ({"python": "mirror/python"}, {"python": "mirror/python:3.12", "hub": "mirror/python:3.12"}),
        ({"python:3.12": "py:1", "python": "b"}, {"python": "py:1", "hub": "py:1"}),
        ({"docker.io/library/python": "a/b:1"}, {"python": "a/b:1", "hub": "a/b:1"}),
        ({"docker.io/*": "m.local/*"}, {"python": "m.local/library/python:3.12", "hub": "m.local/library/python:3.12"}),
        (
            {"ghcr.io/*": "m/*", "ghcr.io/shop/*": "s/*", "ghcr.io/shop/train": "t"},
            {"shop": "t:2@sha256:" + "a" * 64, "tagged": "t:{{inputs.parameters.tag}}"},
        ),
        (
            {"ghcr.io/*": "m/*", "ghcr.io/shop/*": "s/*"},
            {"shop": "s/train:2@sha256:" + "a" * 64, "tagged": "s/train:{{inputs.parameters.tag}}"},
        ),
        ({"localhost:5000/x": "y:1"}, {"port": "y:1"}),
        ({"*": "m.lo/*"}, {name: f"m.lo/{image}" for name, image in IMAGES.items() if name != "tagged"}),
    ],
)  # fmt: skip
def test_images_are_replaced_by_the_most_specific_entry(
    rules: dict[str, str], expected: dict[str, str], transpile: Transpile, write: Write
) -> None:
    tasks = "".join(
        f'  {name}: {{template: {{container: {{image: "{image}", command: [echo, {name}]}}}}}}\n'
        for name, image in IMAGES.items()
    )
    folder = write(
        {"p.yaml": f"name: p\ninputs: {{tag: '2'}}\ntasks:\n{tasks}", "v.json": json.dumps({"images": rules})}
    )
    workflow = transpile("compile", folder / "p.yaml", "--values", folder / "v.json").workflow
    made = {each["name"]: each["container"]["image"] for each in workflow["spec"]["templates"] if "container" in each}
    plain = {name: image.replace("${{ inputs.tag }}", "{{inputs.parameters.tag}}") for name, image in IMAGES.items()}
    made["tagged"] = made["tagged"].replace("m.lo/", "", "*" in rules)
    assert {name: re.sub(r"\{\{.*\}\}", "{{inputs.parameters.tag}}", image) for name, image in made.items()} == {
        **plain,
        **expected,
    }


def test_every_container_is_replaced_and_then_pinned(transpile: Transpile, write: Write) -> None:
    digest = f"sha256:{'b' * 64}"
    one = 'image: "one:1", command: [a]'
    template = f"containerSet: {{containers: [{{name: a, {one}}}, {{name: main, {one}}}]}}"
    folder = write(
        {
            ".git/x": "",
            "p.yaml": "name: p\ntasks:\n"
            f"  set: {{template: {{{template}}}}}\n"
            '  script: {template: {script: {image: "one:1", command: [sh], source: a}, '
            'initContainers: [{name: i, image: "one:1", command: [a]}], sidecars: [{name: s, image: "one:1"}]}}\n'
            "  argo: {template: {container: {image: x, command: [a]}}, argo: {container: {image: 'one:1'}}}\n",
            "p.prod.yaml": "images: {one: registry.prod/one}\n",
            "transpile.lock": "",
        }
    )
    (folder / "transpile.lock").unlink()
    assert transpile("lock", folder / "p.yaml", "--offline", "--pin-image", f"registry.prod/one:1@{digest}").code == 0
    text = transpile("compile", folder / "p.yaml", "--env", "prod").stdout
    assert text.count(f"registry.prod/one@{digest}") == 6
    assert "image: one:1" not in text
