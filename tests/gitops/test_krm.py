"""The KRM function: a ResourceList in, a ResourceList out. kpt and Kustomize do the same in `test_packages.py`."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import EmittedWorkflows, Result, Transpile

PATH = "internal.config.kubernetes.io/path"
INDEX = "internal.config.kubernetes.io/index"
MADE_BY = "transpile.dev/generator"
OTHERS = """\
- # a comment before
  apiVersion: v1
  kind: ConfigMap
  metadata: {name: other, annotations: {internal.config.kubernetes.io/path: 'a.yaml'}}
  data:
    yes: 0o17   # a comment beside
    text: |+
      - not an item

  # a comment behind
- apiVersion: v1
  kind: Secret
  metadata:
    name: secret
"""
Krm = Callable[..., Result]


@pytest.fixture
def krm(repository: Path, transpile: Transpile, monkeypatch: pytest.MonkeyPatch, emitted: EmittedWorkflows) -> Krm:
    """Run the function on a list; what it makes goes to Argo's judge."""

    def call(text: str, *arguments: str) -> Result:
        monkeypatch.chdir(repository)
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
        result = transpile("krm", *arguments)
        if result.code == 0:
            made = [each for each in objects(result) if each["apiVersion"].startswith("argoproj.io/")]
            emitted.add(yaml.safe_dump_all(made, sort_keys=False))
        return result

    return call


def listing(items: str = "", config: str = "") -> str:
    head = "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\n"
    return f"{head}items:{'' if items else ' []'}\n{items}{f'functionConfig: {config}' if config else ''}\n"


def data(**words: str) -> str:
    """The configuration that `kpt fn eval -- WORD=TEXT` makes."""
    metadata = {"name": "function-input"}
    return json.dumps({"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": words})


def generator(name: str = "train", file: str = "gen.yaml", **spec: Any) -> str:
    annotations = {PATH: file, INDEX: "0", "config.kubernetes.io/local-config": "true"}
    metadata = {"name": name, "annotations": annotations}
    node = {"apiVersion": "transpiler/v1", "kind": "PipelineGenerator", "metadata": metadata, "spec": spec}
    return "".join(f"{line}\n" for line in yaml.safe_dump([node], sort_keys=False).splitlines())


def objects(result: Result) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load(result.stdout)["items"]
    return found


def results(result: Result) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load(result.stdout).get("results", [])
    return found


def names(result: Result) -> list[tuple[str, str]]:
    return [(each["kind"], each["metadata"]["name"]) for each in objects(result)]


# ------------------------------------------------------------------ what it makes


def test_a_config_map_says_what_to_compile(krm: Krm) -> None:
    done = krm(listing(OTHERS, data(manifests="pipelines")))
    assert done.code == 0, done.stderr
    assert done.stderr == ""
    assert OTHERS in done.stdout, "the objects of others are as they were written"
    made = [("WorkflowTemplate", "train"), ("CronWorkflow", "nightly")]
    assert names(done) == [("ConfigMap", "other"), ("Secret", "secret"), *made]
    assert objects(done)[2]["metadata"]["annotations"] == {MADE_BY: "pipelines"}
    assert results(done) == []


def test_words_of_the_configuration(krm: Krm) -> None:
    words = {"environment": "prod", "set.inputs.who": "me", "path": "made/train.yaml"}
    done = krm(listing("", data(manifests="pipelines/train/pipeline.yaml", **words)))
    (made,) = objects(done)
    assert made["metadata"]["namespace"] == "ml-prod"
    assert made["spec"]["arguments"]["parameters"] == [
        {"name": "rows", "value": "100000"},
        {"name": "who", "value": "me"},
    ]
    assert made["metadata"]["annotations"] == {
        MADE_BY: "pipelines/train/pipeline.yaml prod",
        PATH: "made/train.yaml",
        INDEX: "0",
    }


def test_a_generator_among_the_objects(krm: Krm) -> None:
    spec: dict[str, Any] = {
        "manifests": ["pipelines/train"],
        "kind": "ClusterWorkflowTemplate",
        "path": "made.yaml",
    }
    done = krm(listing(OTHERS + generator(**spec)))
    assert names(done)[2:] == [("PipelineGenerator", "train"), ("ClusterWorkflowTemplate", "train")]
    assert objects(done)[3]["metadata"]["annotations"] == {MADE_BY: "train", PATH: "made.yaml", INDEX: "0"}


def test_paths_start_at_the_package(krm: Krm) -> None:
    done = krm(listing("", data(manifests="train")), "pipelines")
    assert names(done) == [("WorkflowTemplate", "train")]


def test_several_objects_of_one_file_have_places(krm: Krm) -> None:
    there = OTHERS.replace("'a.yaml'", f"'a.yaml', {INDEX}: '3'")
    done = krm(listing(there, data(manifests="pipelines", path="a.yaml")))
    assert [each["metadata"]["annotations"].get(INDEX) for each in objects(done)[2:]] == ["4", "5"]


# ------------------------------------------------------------------ a second run


def again(done: Result, config: str = "") -> str:
    """What a host passes to the next run: the objects of the last."""
    items = done.stdout.partition("items:\n")[2].partition("results:\n")[0]
    return listing(items, config)


def test_a_second_run_changes_nothing(krm: Krm) -> None:
    config = data(manifests="pipelines", path="made.yaml")
    first = krm(listing(OTHERS, config))
    assert krm(again(first, config)).stdout == first.stdout


def test_a_run_replaces_what_the_last_made_and_nothing_else(krm: Krm, repository: Path) -> None:
    spec = generator(manifests=["pipelines"], path="made.yaml")
    first = krm(listing(spec + OTHERS))
    manifest = repository / "pipelines" / "train" / "pipeline.yaml"
    manifest.write_text(manifest.read_text("utf-8").replace("name: train", "name: learn"), "utf-8")
    second = krm(again(first))
    assert names(second) == [*names(first)[:3], ("CronWorkflow", "nightly"), ("WorkflowTemplate", "learn")]
    assert OTHERS in second.stdout
    (repository / "pipelines" / "nightly" / "pipeline.yaml").unlink()
    assert names(krm(again(second))) == [*names(first)[:3], ("WorkflowTemplate", "learn")]


def test_what_one_generator_made_is_not_the_others(krm: Krm) -> None:
    first = krm(listing(generator("a", manifests=["pipelines/train"])))
    second = krm(again(first, data(manifests="pipelines/nightly/pipeline.yaml")))
    assert [name for _, name in names(second)] == ["a", "train", "nightly"]


def test_files_that_a_user_has_moved_stay_there(krm: Krm) -> None:
    config = data(manifests="pipelines/train")
    first = krm(listing("", config))
    moved = first.stdout.replace("    annotations:\n", f"    annotations:\n      {PATH}: there.yaml\n")
    assert objects(krm(again(Result(0, moved, ""), config)))[0]["metadata"]["annotations"][PATH] == "there.yaml"


# ------------------------------------------------------------------ mistakes


def test_a_mistake_is_a_result_at_its_line(krm: Krm, repository: Path) -> None:
    manifest = repository / "pipelines" / "train" / "pipeline.yaml"
    manifest.write_text(manifest.read_text("utf-8").replace("inputs.rows", "inputs.row"), "utf-8")
    done = krm(listing(OTHERS, data(manifests="train")), "pipelines")
    assert done.code == 1
    assert done.stdout.startswith(listing(OTHERS).rstrip("\n")), "the objects are as they came"
    (found,) = [each for each in results(done) if each["severity"] == "error"]
    assert found["file"] == {"path": "train/pipeline.yaml"}
    assert found["tags"] == {"code": "unknown-input", "line": "6", "column": "46"}
    assert found["message"].startswith("line 6, column 46: ")
    assert "did you mean `rows`?" in found["message"]
    assert "pipelines/train/pipeline.yaml:6:46: error[unknown-input]" in done.stderr


def test_a_warning_is_a_result_and_no_failure(krm: Krm, repository: Path) -> None:
    manifest = repository / "pipelines" / "train" / "pipeline.yaml"
    manifest.write_text(manifest.read_text("utf-8").replace("${{ inputs.who }} ", "x "), "utf-8")
    done = krm(listing("", data(manifests="pipelines")))
    assert done.code == 0
    assert [(each["severity"], each["tags"]["code"]) for each in results(done)] == [("warning", "unused-input")]
    assert krm(listing("", data(manifests="pipelines")), "--strict").code == 1


@pytest.mark.parametrize(
    ("config", "message", "field"),
    [
        (data(manifests="pipelines", environment="prd"), "environment `prd`: did you mean `prod`?", "data.environment"),
        (data(manifest="a"), "there is no parameter `manifest`: did you mean `manifests`?", "manifest"),
        (data(manifests=" , "), "name the manifests", "manifests"),
        (data(manifests="none.yaml"), "`none.yaml` is missing", "data.manifests"),
        (data(manifests="components"), "there is no manifest in `components`", "data.manifests"),
        (data(manifests="../../etc"), "leads outside the root folder", "data.manifests"),
        (data(manifests="pipelines", values="../../a"), "leads outside the root folder", "data.values"),
        (data(manifests="pipelines", argo="2.0"), "transpile knows Argo 3.6, 3.7, 4.0, 4.1, not `2.0`", "argo"),
        (data(manifests="pipelines", kind="Job"), "there is no kind `Job`", "kind"),
        (data(manifests="pipelines/train", kind="Workflow"), "whose name is made for each run", "data.kind"),
        (data(manifests="pipelines", path="../up.yaml"), "not the path of a YAML file in the package", "data.path"),
        (data(manifests="pipelines", path="components/say/component.yaml"), "is not overwritten", "data.path"),
        ("{apiVersion: v1, kind: Pod}", "the configuration is a Pod", "kind"),
        ("", "nothing says what to compile", None),
    ],
)  # fmt: skip
def test_an_order_that_cannot_be_carried_out(krm: Krm, config: str, message: str, field: str | None) -> None:
    done = krm(listing(OTHERS, config))
    (found,) = results(done)
    assert (done.code, found["severity"]) == (1, "error")
    assert message in found["message"]
    assert message in done.stderr
    assert found.get("field", {}).get("path") == field
    assert done.stdout.startswith(listing(OTHERS).rstrip("\n"))


def test_a_misspelt_key_of_a_generator(krm: Krm) -> None:
    done = krm(listing(generator(manifests=["pipelines"], enviroment="prod")))
    (found,) = results(done)
    assert done.code == 1
    assert "did you mean `environment`?" in found["message"]


def test_an_object_of_a_user_is_not_replaced(krm: Krm) -> None:
    own = "- {apiVersion: argoproj.io/v1alpha1, kind: WorkflowTemplate, metadata: {name: train}}\n"
    done = krm(listing(own, data(manifests="pipelines/train")))
    assert done.code == 1
    assert "the package has a WorkflowTemplate `train` already" in results(done)[0]["message"]


def test_two_manifests_with_one_name(krm: Krm, repository: Path) -> None:
    manifest = repository / "pipelines" / "nightly" / "pipeline.yaml"
    manifest.write_text((repository / "pipelines" / "train" / "pipeline.yaml").read_text("utf-8"), "utf-8")
    done = krm(listing("", data(manifests="pipelines")))
    assert done.code == 1
    assert "both compile to the WorkflowTemplate `train`" in results(done)[0]["message"]


def test_a_manifest_that_lacks_one_of_its_environments(krm: Krm, repository: Path) -> None:
    (repository / "pipelines" / "nightly" / "pipeline.dev.yaml").write_text("inputs: {}\n", "utf-8")
    done = krm(listing("", data(manifests="pipelines", environment="prod")))
    assert "has environments, but not `prod`: add `pipeline.prod.yaml`" in results(done)[0]["message"]


# ------------------------------------------------------------------ the list itself


@pytest.mark.parametrize(
    "items",
    [
        "\n- {apiVersion: v1, kind: A, metadata: {name: a}}\n-\n  # c\n  apiVersion: v1\n  kind: B\n",
        "\n  - apiVersion: v1\n    kind: A\n    text: |\n      - no\n\n     # c\n  -   apiVersion: v1\n      kind: B\n",
        ' [{apiVersion: v1, kind: A, \'a\': \'x\n   y\'}, {"kind": "B",\n"apiVersion": "v1"}]\n',
        '\n- apiVersion: v1\n  kind: A\n  text: "x\n- y"\n- {apiVersion: v1, kind: B}\n',
        "\n- apiVersion: v1\n  kind: A\n  same: &x {a: 1}\n  other: *x\n- apiVersion: v1\n  kind: B\n",
    ],
)
def test_objects_keep_their_values_however_they_are_written(krm: Krm, items: str) -> None:
    text = f"apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nfunctionConfig: {data(manifests='pipelines')}\n"
    done = krm(f"{text}items:{items}")
    assert done.code == 0, done.stdout
    assert objects(done)[:2] == yaml.safe_load(f"items:{items}")["items"]
    assert len(objects(done)) == 4


def test_json_is_read(krm: Krm) -> None:
    item = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "data": {"on": "no", "t": "a\nb"}}
    head = {"apiVersion": "config.kubernetes.io/v1", "kind": "ResourceList"}
    given = {**head, "items": [item], "functionConfig": json.loads(data(manifests="pipelines"))}
    for indent in (None, 2):
        assert objects(krm(json.dumps(given, indent=indent)))[0] == item


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "wrong-type"),
        ("a: [", "yaml-syntax"),
        ("apiVersion: v1\nkind: List\nitems: []\n", "wrong-type"),
        ("apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems: [a]\n", "wrong-type"),
        ("a: &a [*a]\n", "recursive-alias"),
        ("[" * 500, "too-deep"),
        (f"apiVersion: config.kubernetes.io/v1\nx: {'a' * (33 << 20)}", "too-large"),
    ],
)
def test_what_is_no_list(krm: Krm, text: str, code: str) -> None:
    done = krm(text)
    assert (done.code, done.stdout) == (1, "")
    assert f"error[{code}]" in done.stderr
