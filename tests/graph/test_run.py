"""`transpile graph --run`: a run of Argo's own controller, told task by task."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.conftest import REPOSITORY, Transpile
from tests.graph.test_graphs import SCHEMA
from tests.judges import runs
from tests.judges.runs import Deed
from tests.runs.went import Asked, pipeline, went

ADD = REPOSITORY / "samples" / "add" / "pipeline.yaml"
FAILS, ONCE = Deed(exit=1), Deed(exit=1, once=True)
Json = dict[str, Any]


def e(text: str, **more: Any) -> Json:
    return {"component": "e", "arguments": {"t": text}, **more}


MANIFEST = pipeline(
    {
        "load": e("load", retry=2),
        "each": e("each-${{ item }}", forEach=["a", "b", "c"], after=["load"]),
        "group": {"tasks": {"inner": e("inner"), "next": e("next", after=["inner"])}, "after": ["load"]},
        "never": e("never", when="1 == 2"),
        "late": e("late", after=["each"]),
        "notify": e("notify", depends="each.Failed", onExit=e("bye")),
    },
    onExit=e("end"),
)
PODS: Mapping[str, Deed] = {">load": ONCE, ">each-b": FAILS}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the manifest, with the status of a run in which an item of a loop fails."""
    if runs.program() is None:
        pytest.skip("Argo's controller is not at hand: install Go, or run .ci/run")
    folder = tmp_path_factory.mktemp("run")
    (found,) = went([Asked(MANIFEST, pods=PODS)], folder)
    (folder / "0" / "status.json").write_text(json.dumps(found.workflows[-1]), encoding="utf-8")
    return folder / "0"


def graph(transpile: Transpile, folder: Path) -> Json:
    result = transpile("graph", folder / "pipeline.yaml", "--run", folder / "status.json", "--format", "json")
    found: Json = json.loads(result.stdout)
    Draft202012Validator(SCHEMA).validate(found)
    return found


def test_each_task_has_its_state(transpile: Transpile, run: Path) -> None:
    found = graph(transpile, run)
    states = {node["id"]: node["state"] for node in found["nodes"]}
    assert {name: state["phase"] for name, state in states.items()} == {
        "load": "Succeeded",
        "each": "Failed",
        "group": "Succeeded",
        "group/inner": "Succeeded",
        "group/next": "Succeeded",
        "never": "Skipped",
        "late": "Omitted",
        "notify": "Succeeded",
        "notify.exit": "Succeeded",
        "@onExit/on-exit": "Succeeded",
    }
    assert [each["phase"] for each in states["load"]["tries"]] == ["Failed", "Succeeded"]
    assert states["each"]["counts"] == {"Failed": 1, "Succeeded": 2}
    assert states["each"]["items"][0]["at"] == [1]
    marks = {node["id"]: node["mark"]["text"] for node in found["nodes"]}
    assert "2 tries" in marks["load"]
    assert "1 of 3 items" in marks["each"]
    assert "by its when" in marks["never"]
    assert found["run"]["phase"] == "Failed"
    assert [each["node"] for each in found["run"]["failures"] if each["isCause"]] == ["each"]


def test_what_failed_is_told_with_its_place(transpile: Transpile, run: Path) -> None:
    result = transpile("graph", run / "pipeline.yaml", "--run", run / "status.json")
    assert result.code == 0
    lines = result.stderr.splitlines()
    assert lines[0].endswith(": Failed") or ": Failed: " in lines[0]
    assert "  each failed (" in lines[1]
    assert "pipeline.yaml:1:" in lines[1]


def test_every_picture_has_the_colors_of_the_run(transpile: Transpile, run: Path) -> None:
    words = ("graph", run / "pipeline.yaml", "--run", run / "status.json", "--format")
    assert "classDef failed" in transpile(*words, "mermaid").stdout
    assert 'class="box task work-container is-failed"' in transpile(*words, "svg").stdout
    assert "failed" in transpile(*words, "dot").stdout


def test_a_run_of_another_manifest_is_refused(transpile: Transpile, run: Path) -> None:
    result = transpile("graph", ADD, "--run", run / "status.json")
    assert result.code == 2
    assert "is a run of another manifest: it has " in result.stderr


def test_a_run_of_another_version_is_noticed(transpile: Transpile, run: Path, tmp_path: Path) -> None:
    manifest = json.loads((run / "pipeline.yaml").read_text(encoding="utf-8"))
    del manifest["tasks"]["group"]
    (tmp_path / "pipeline.yaml").write_text(json.dumps(manifest), encoding="utf-8")
    result = transpile("graph", tmp_path / "pipeline.yaml", "--run", run / "status.json")
    assert result.code == 0
    assert "nodes of the run belong to no task of this manifest" in result.stderr


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ("[]", "is no status of a run"),
        ('{"kind": "Pod"}', "a Pod, and no Workflow"),
        ('{"kind": "List", "items": []}', "there are 0 runs in it"),
        ('{"kind": "Workflow", "status": {"compressedNodes": "H4sIAAAA"}}', "are damaged"),
        ('{"kind": "Workflow", "status": {"offloadNodeStatusVersion": "fnv:1"}}', "keeps the nodes of this run"),
    ],
)
def test_what_is_no_run(transpile: Transpile, tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "status.json").write_text(text, encoding="utf-8")
    result = transpile("graph", ADD, "--run", tmp_path / "status.json")
    assert result.code == 2
    assert said in result.stderr
    assert "kubectl get workflow NAME -o json" in result.stderr


def test_a_run_that_is_not_there(transpile: Transpile, tmp_path: Path) -> None:
    result = transpile("graph", ADD, "--run", tmp_path / "status.json")
    assert result.code == 2
    assert "cannot read" in result.stderr


def test_texts_of_a_cluster_do_not_reach_the_terminal(transpile: Transpile, tmp_path: Path) -> None:
    status = {"kind": "Workflow", "metadata": {"name": "\x1b[31m"}, "status": {"phase": "\x1b", "message": "\x1b[2J"}}
    (tmp_path / "status.json").write_text(json.dumps(status), encoding="utf-8")
    for form in ("mermaid", "svg", "dot", "json"):
        result = transpile("graph", ADD, "--run", tmp_path / "status.json", "--format", form)
        assert "\x1b" not in result.stdout + result.stderr
