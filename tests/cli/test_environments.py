"""Environments: which files are values files, and what they change."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

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
        "notes": "pipeline.notes.yaml",
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


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("- inputs\n", "wrong-type"),
        ("hello\n", "wrong-type"),
        ("resources: {cpu: 4}\n", "unknown-key"),
        ("rows: 5\n", "unknown-key"),
        ("outputs: {a: 1}\n", "fixed-graph"),
        ("kind: WorkflowTemplate\n", "unknown-key"),
        ("apiVersion: transpiler/v1\nkind: Pipeline\nnamespace: x\n", "unknown-key"),
        ("name: x\ntasks: {train: {retry: 2}, report: {component: score}}\n", "unknown-task"),
    ],
)
def test_no_environment_is_lost_in_silence(
    text: str, code: str, transpile: Transpile, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {".git/HEAD": "", "transpile.yaml": "", "pipeline.yaml": MANIFEST, "pipeline.prod.yaml": text}
    monkeypatch.chdir(write(files))
    for paths in (["."], ["pipeline.yaml"], ["pipeline.prod.yaml"]):
        problems = transpile("check", *paths, "--format", "json").problems
        assert {(each["file"], each["code"]) for each in problems} == {("pipeline.prod.yaml", code)}
    for command in (["compile", "pipeline.yaml", "--env", "prod"], ["build"]):
        result = transpile(*command)
        assert result.code == 1
        assert f"error[{code}]" in result.stdout + result.stderr


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("name: x\ntasks: {report: {component: score}}\n", "a manifest of its own"),
        ("apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nspec: {}\n", "a Kubernetes object"),
        ("apiVersion: v1\nkind: Secret\n---\napiVersion: v1\nkind: Secret\n", "a Kubernetes object"),
        ("name: c\nimplementation: {}\n", "a document of another kind"),
    ],
)
def test_a_file_of_another_kind_with_the_name_of_an_environment_is_told(
    text: str, kind: str, transpile: Transpile, write: Write
) -> None:
    folder = write({"p.yaml": MANIFEST, "p.prod.yaml": text, "p.dev.yaml": "{}"})
    result = transpile("compile", folder / "p.yaml", "--env", "prod")
    assert (result.code, result.stdout) == (USAGE, "")
    assert f"`p.prod.yaml` is {kind}, not a values file" in result.stderr


def test_what_a_values_file_cannot_say_is_told_with_its_place(transpile: Transpile, write: Write) -> None:
    path = write({"p.yaml": MANIFEST, "p.prod.yaml": "tasks: {report: {component: score}}\n"}) / "p.yaml"
    assert "did you mean `inputs.rows`?" in transpile("compile", path, "--set", "rows=3").stderr
    assert "a values file adds no task" in transpile("compile", path, "--env", "prod").stderr


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


@pytest.mark.parametrize(
    ("written", "laid", "spec"),
    [
        ("podGC: OnPodCompletion", "podGC.deleteDelayDuration=5s", {"podGC": {"strategy": "OnPodCompletion"}}),
        ("ttl: 7d", "ttl.success=1d", {"ttlStrategy": {"secondsAfterCompletion": 604800}}),
        ("ttl: 0", "ttl.success=1d", {"ttlStrategy": {"secondsAfterCompletion": 0}}),
        ("defaults: {retry: 0}", "defaults.retry.backoff.duration=5s", {}),
    ],
)
def test_a_mapping_keeps_what_a_short_form_says(
    written: str, laid: str, spec: dict[str, Any], transpile: Transpile, write: Write
) -> None:
    path = str(write({"p.yaml": f"{written}\n{MANIFEST}"}) / "p.yaml")
    found = transpile("compile", path, "--set", laid)
    assert all(found.workflow["spec"][key].items() >= value.items() for key, value in spec.items())
    retry = found.workflow["spec"]["templates"][-1].get("retryStrategy", {})
    assert retry.get("limit") == (None if spec else "0")


def test_an_input_that_an_environment_makes_required_is_told_there(transpile: Transpile, write: Write) -> None:
    path = str(
        write({"p.yaml": f"schedule: 0 3 * * *\n{MANIFEST}", "p.prod.yaml": "inputs: {rows: null}\n"}) / "p.yaml"
    )
    (problem,) = transpile("check", path, "--env", "prod", "--format", "json").problems
    assert (problem["code"], Path(problem["file"]).name, problem["line"]) == ("missing-argument", "p.prod.yaml", 1)


@pytest.mark.parametrize(
    "laid",
    [
        "tasks.train.argo.task.template=other",
        "tasks.train.argo={task: {depends: ''}}",
        "tasks.train.argo.task=null",
        "defaults.argo.task.when='false'",
        "presets.big.argo.task.withItems=[1]",
        "argo.spec.onExit=train",
        "argo.spec.templates=[]",
    ],
)
def test_no_field_of_argo_changes_the_graph(laid: str, transpile: Transpile, write: Write) -> None:
    path = str(write({"p.yaml": f"presets: {{big: {{retry: 1}}}}\n{MANIFEST}"}) / "p.yaml")
    problems = transpile("compile", path, "--set", laid, "--format", "json").problems
    assert [each["code"] for each in problems if each["severity"] == "error"] == ["fixed-graph"]
    assert transpile("compile", path, "--set", "argo.spec.hostNetwork=true").code == 0
    assert transpile("compile", path, "--set", "tasks.train.argo.template.hostAliases=[]").code == 0


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
            "  argo: {template: {container: {image: x, command: [a]}}, argo: {container: {image: 'one:1'}}}\n"
            "argo: {spec: {templateDefaults: {container: {image: 'one:1'}}}}\n",
            "p.prod.yaml": "images: {one: registry.prod/one}\n",
            "transpile.lock": "",
        }
    )
    (folder / "transpile.lock").unlink()
    assert transpile("lock", folder / "p.yaml", "--offline", "--pin-image", f"registry.prod/one:1@{digest}").code == 0
    text = transpile("compile", folder / "p.yaml", "--env", "prod").stdout
    assert text.count(f"registry.prod/one@{digest}") == 7
    assert "image: one:1" not in text


# ------------------------------------------------------------------ check


WARNED = MANIFEST.replace("train: {", "train: {forEach: {start: 3, end: 1}, ")


def test_check_looks_at_every_environment_and_tells_each_mistake_once(transpile: Transpile, write: Write) -> None:
    folder = write(
        {
            "pipeline.yaml": MANIFEST.replace("1000", "[1"),
            "pipeline.dev.yaml": "inputs: {rows: 1}\n",
            "pipeline.prod.yaml": "nampespace: prod\n",
            "ok/pipeline.yaml": MANIFEST,
            "ok/pipeline.prod.yaml": "tasks: {trian: {retry: 2}}\n",
            "ok/other.yaml": MANIFEST,
        }
    )
    result = transpile("check", folder, "--format", "json")
    real = folder.resolve()
    found = [(Path(each["file"]).resolve().relative_to(real).as_posix(), each["code"]) for each in result.problems]
    assert found == [
        ("ok/pipeline.prod.yaml", "unknown-task"),
        ("pipeline.prod.yaml", "unknown-key"),
        ("pipeline.yaml", "yaml-syntax"),
    ]
    assert "checked 6 files: 3 errors" in transpile("check", folder).stderr


def test_a_mistake_of_one_environment_names_it(transpile: Transpile, write: Write) -> None:
    manifest = MANIFEST + "  late: {template: {suspend: {}}, when: inputs.rows > 5, after: [train]}\n"
    folder = write(
        {"p.yaml": manifest, "p.prod.yaml": "defaults: {volumes: {/a: {size: 1Gi, name: '${{ inputs.x }}'}}}\n"}
    )
    assert transpile("check", folder / "p.yaml", "--env", "prod").code == 1
    folder = write({"p.yaml": MANIFEST, "p.prod.yaml": "schedule: '0 3 * * *'\ninputs: {rows: null}\n"})
    (problem,) = transpile("check", folder / "p.yaml", "--format", "json").problems
    assert Path(problem["file"]).name in {"p.yaml", "p.prod.yaml"}
    assert problem["file"].endswith("prod.yaml") or problem["related"][-1]["file"].endswith("p.prod.yaml")


def test_comments_ignore_warnings_in_the_environment_that_has_them(transpile: Transpile, write: Write) -> None:
    ignore = "# transpile: ignore[empty-range] in prod the range is larger"
    folder = write(
        {
            "p.yaml": WARNED.replace("tasks:\n", f"tasks:\n  {ignore}\n"),
            "p.prod.yaml": "images:\n  x: y  # transpile: ignore[unused-image] of another pipeline\n",
            "p.none.yaml": "images:\n  alpine: busybox  # transpile: ignore[unused-image] is used\n",
        }
    )
    problems = transpile("check", folder / "p.yaml", "--format", "json").problems
    assert [(Path(each["file"]).name, each["code"]) for each in problems] == [("p.none.yaml", "ignore-comment")]


@pytest.mark.parametrize("how", [["--env", "prod"], ["--values", "p.prod.yaml"], ["--set", "inputs.rows=x"]])
def test_check_of_one_environment_is_of_that_alone(
    how: list[str], transpile: Transpile, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(
        write({"p.yaml": MANIFEST, "p.prod.yaml": "inputs: {rows: x}\n", "p.dev.yaml": "inputs: {rows: y}\n"})
    )
    for path in ("p.yaml", "."):
        problems = transpile("check", path, *how, "--format", "json").problems
        assert [each["file"] for each in problems] == ["--set" if how[0] == "--set" else "p.prod.yaml"]
    assert [each["file"] for each in transpile("check", "p.dev.yaml", "--format", "json").problems] == ["p.dev.yaml"]


def test_of_two_files_for_one_environment_the_second_is_reported(transpile: Transpile, write: Write) -> None:
    folder = write({"p.yaml": MANIFEST, "p.prod.yaml": "namespace: a\n", "p.prod.json": "{}"})
    (problem,) = transpile("check", folder, "--format", "json").problems
    assert (Path(problem["file"]).name, problem["code"]) == ("p.prod.json", "duplicate-name")
    assert "namespace: a" in transpile("compile", folder / "p.yaml", "--env", "prod").stdout


def test_a_values_file_needs_its_manifest(transpile: Transpile, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(write({"pipeline.prod.yaml": "namespace: prod\n", "x.prod.yaml": "namespace: prod\n"}))
    for paths in (["pipeline.prod.yaml"], ["."], ["x.prod.yaml"]):
        (problem,) = transpile("check", *paths, "--format", "json").problems
        assert problem["code"] == "missing-manifest"


def test_check_corrects_values_files(transpile: Transpile, write: Write) -> None:
    folder = write({"p.yaml": MANIFEST, "p.prod.yaml": "name_space: prod\ntasks: {train: {Retry: 2}}\n"})
    assert transpile("check", folder / "p.yaml", "--fix").code == 0
    assert (folder / "p.prod.yaml").read_text() == "namespace: prod\ntasks: {train: {retry: 2}}\n"
    assert (folder / "p.yaml").read_text() == MANIFEST


def test_other_commands_do_not_take_a_values_file_for_a_manifest(
    transpile: Transpile, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(write({"p.yaml": MANIFEST, "p.prod.yaml": "name: other\ntasks: {train: {retry: 2}}\n"}))
    assert transpile("lock", ".").code == 0
    assert "p.prod" not in Path("transpile.lock").read_text()
    for command in (["lock"], ["compile"], ["vendor"], ["values"]):
        result = transpile(*command, "p.prod.yaml")
        assert result.code == USAGE
        assert "`p.prod.yaml` is a values file" in result.stderr
        assert "--env prod" in result.stderr


def test_a_values_file_is_an_input_that_nothing_overwrites(
    transpile: Transpile, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(write({"p.yaml": MANIFEST, "p.prod.yaml": "namespace: prod\n"}))
    result = transpile("compile", "p.yaml", "--env", "prod", "-o", "p.prod.yaml", "--force")
    assert result.code == USAGE
    assert Path("p.prod.yaml").read_text() == "namespace: prod\n"
    assert transpile("compile", "p.yaml", "--env", "prod", "-o", "made.yaml").code == 0
    assert Path("made.yaml").read_text().startswith("# Made from p.yaml with p.prod.yaml by transpile; edit that, not")


def test_a_manifest_from_a_stream_has_values_too(
    transpile: Transpile, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(write({"p.yaml": MANIFEST, "p.prod.yaml": "namespace: prod\n"}))
    for how in (["--values", "p.prod.yaml"], ["--env", "prod", "--stdin-filename", "p.yaml"]):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(MANIFEST.encode())))
        result = transpile("compile", "-", *how)
        assert "namespace: prod" in result.stdout
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(MANIFEST.encode())))
    assert transpile("compile", "-", "--env", "prod").code == USAGE


@pytest.mark.parametrize("text", ["- a\n", "3\n", "a: [\n", "\ta: 1\n", "a: 1\n---\nb: 2\n", "\x00"])
def test_what_is_no_values_file_is_an_error(text: str, transpile: Transpile, write: Write) -> None:
    folder = write({"p.yaml": MANIFEST, "v.yaml": text})
    result = transpile("compile", folder / "p.yaml", "--values", folder / "v.yaml", "--format", "json")
    assert result.code == 1
    assert {Path(each["file"]).resolve() for each in result.problems} == {folder.resolve() / "v.yaml"}


# ------------------------------------------------------------------ values


def test_the_table_has_the_values_that_count(
    transpile: Transpile, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    manifest = "labels: {team: a}\nschedule: '0 3 * * *'\n" + MANIFEST
    monkeypatch.chdir(
        write(
            {
                "p.yaml": manifest,
                "p.dev.yaml": "schedule: null\ninputs: {rows: 10}\n",
                "p.prod.yaml": "labels: {team: a, tier: b}\nschedule: {timezone: UTC}\n\n"
                'inputs: {rows: {default: 7}}\nimages: {"ghcr.io/a/*": "b/*"}\ntasks: {train: {retry: 3}}\n',
            }
        )
    )
    assert transpile("values", "p.yaml").stdout.splitlines() == [
        "                      manifest   dev     prod",
        'images."ghcr.io/a/*"  -          -       b/*  :5',
        "inputs.rows           1000       10  :2  7  :4",
        "labels.team           a          a       a  :1",
        "labels.tier           -          -       b  :1",
        'schedule              0 3 * * *  -       {"cron": "0 3 * * *", "timezone": "UTC"}',
        "schedule.timezone     -          -       UTC  :2",
        "tasks.train.retry     -          -       3  :6",
    ]
    rows = json.loads(transpile("values", "p.yaml", "dev", "prod", "--format", "json").stdout)
    assert [row["key"] for row in rows] == [
        'images."ghcr.io/a/*"', "inputs.rows", "labels.tier", "schedule", "schedule.timezone", "tasks.train.retry",
    ]  # fmt: skip
    assert rows[1]["values"] == {
        "manifest": {"value": 1000},
        "dev": {"value": 10, "file": "p.dev.yaml", "line": 2},
        "prod": {"value": 7, "file": "p.prod.yaml", "line": 4},
    }


def test_the_table_has_the_files_that_a_project_shares(
    transpile: Transpile, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = "environments: {dev: {}, prod: {values: [shared/prod.yaml]}}\n"
    shared = "namespace: shop\ninputs: {rows: 5}\n"
    files = {"transpile.yaml": project, "shared/prod.yaml": shared, "p.yaml": MANIFEST}
    monkeypatch.chdir(write(files))
    alone = [
        "             manifest  dev   prod",
        "inputs.rows  1000      1000  5  shared/prod.yaml:2",
        "namespace    -         -     shop  shared/prod.yaml:1",
    ]
    assert transpile("values", "p.yaml").stdout.splitlines() == alone
    Path("p.prod.yaml").write_text("\n\nnamespace: own\n", encoding="utf-8")
    assert "namespace    -         own  p.prod.yaml:3" in transpile("values", "p.yaml", "prod").stdout
    assert transpile("values", "p.yaml", "dev", "--no-project").code == USAGE
    assert "inputs.rows" not in transpile("values", "p.yaml", "--no-project").stdout
    Path("transpile.yaml").rename("other.yaml")
    assert "inputs.rows" in transpile("values", "p.yaml", "--project", "other.yaml").stdout


@pytest.mark.parametrize(
    ("ending", "laid", "row"),
    [
        ("{TASK, retry: 2}", "{retry: 9}", "onExit.retry  2         9  :1"),
        ("{tell: {TASK}}", "{tell: {retry: 9}}", "onExit.tell.retry  -         9  :1"),
        ("{tasks: {tell: {TASK}}}", "{tell: {retry: 9}}", "onExit.tell.retry  -         9  :1"),
    ],
)
def test_the_table_has_what_is_set_at_the_end_of_a_run(
    ending: str, laid: str, row: str, transpile: Transpile, write: Write
) -> None:
    task = "template: {container: {image: 'alpine:3.20', command: [echo]}}"
    manifest = f"{MANIFEST}onExit: {ending.replace('TASK', task)}\n"
    folder = write({"p.yaml": manifest, "p.prod.yaml": f"onExit: {laid}\n"})
    result = transpile("values", folder / "p.yaml")
    assert result.stdout.splitlines()[1] == row, result.stdout + result.stderr


def test_a_table_of_wrong_values_is_not_printed(transpile: Transpile, write: Write) -> None:
    folder = write({"p.yaml": MANIFEST, "p.dev.yaml": "inputs: {rosw: 1}\n"})
    result = transpile("values", folder / "p.yaml")
    assert (result.code, result.stdout) == (1, "")
    assert "did you mean `rows`?" in result.stderr


# ------------------------------------------------------------------ the schema for editors


def test_the_schema_takes_what_the_command_takes(transpile: Transpile) -> None:
    schema = json.loads(transpile("schema", "values").stdout)
    judge = Draft202012Validator(schema)
    for good in (
        {"schedule": {"timezone": "UTC"}, "timeout": None, "tasks": {"a/b": {"retry": {"backoff": None}, "use": "x"}}},
        {"inputs": {"a": 1, "b": None, "c": {"default": 3}, "d": [1]}, "images": {"a": "b", "c/*": "d/*"}},
        {
            "defaults": {"retry": 3, "resources": {"cpu": 1}},
            "presets": {"big": {"env": {"A": None}}},
            "argo": {"spec": {}},
        },
        None,
    ):
        assert list(judge.iter_errors(good)) == []
    wrong: list[dict[str, Any]] = [
        {"components": {}},
        {"tasks": {"a": {"when": "x"}}},
        {"retry": 1},
        {"namespace": "Prod"},
        {"images": {"a": 1}},
    ]
    for bad in wrong:
        assert list(judge.iter_errors(bad)), bad
