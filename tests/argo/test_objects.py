"""What one object cannot hold: several that a cluster takes together, and that run as one would."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from benchmarks.shapes import SHAPES, manifest
from tests.conftest import Transpile
from tests.support.expand import Expansion
from transpiler import compile_bytes
from transpiler.cli.main import main
from transpiler.plan.passes import distribute

Json = Any
Write = Callable[[dict[str, str]], Path]
BIG = 5_000
"""So many tasks of a grid take more than one object may have."""
VALUE = {
    "inputs": [{"name": "n"}],
    "implementation": {"container": {"image": "a", "command": ["a", {"inputValue": "n"}]}},
}


def documents(text: str) -> list[Json]:
    return list(yaml.load_all(text, Loader=yaml.CSafeLoader))


def compiled(document: Json) -> str:
    text = compile_bytes("pipeline.yaml", json.dumps(document).encode(), Path()).text
    assert text is not None
    return text


def spec_of(document: Json) -> Json:
    return document["spec"].get("workflowSpec", document["spec"])


def many_components(count: int, size: int = 0) -> Json:
    """Tasks of which each runs a component of its own, in a chain."""
    tasks: Json = {}
    for number in range(count):
        container = {"image": f"ghcr.io/example/step:{number}", "command": ["step", "x" * size]}
        before = {"after": [f"t{number - 1}"]} if number else {}
        tasks[f"t{number}"] = {"component": {"implementation": {"container": container}}, **before}
    return tasks


def assert_fits(objects: list[Json]) -> None:
    for document in objects:
        assert 1 <= len(spec_of(document)["templates"]) <= 200
        assert len(json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()) < 1024 * 1024


def test_large_pipelines_say_what_weighs_most(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    folder = write({"pipeline.yaml": manifest("large", SHAPES["grid"](BIG), by_value=True)})
    assert main(["compile", str(folder / "pipeline.yaml"), "-o", str(folder / "out.yaml")]) == 0
    said, text = capsys.readouterr().err, (folder / "out.yaml").read_text(encoding="utf-8")
    text = text.partition("\n")[2]  # without the line that says what it is made from
    objects = documents(text)
    assert_fits(objects)
    size = sum(len(json.dumps(each, ensure_ascii=False, separators=(",", ":")).encode()) for each in objects)
    assert f"{size:,} bytes of JSON ({len(text.encode()):,} of YAML)" in said
    assert f", {-(-size * 100 // 1024**2)}% of what Argo stores" in said
    assert f"({BIG:,} tasks)" in said.partition("most of it: `work` ")[2]
    assert f"written as {len(objects)} objects" in said
    assert f"({BIG} tasks in {len(objects)} objects, {size:,} bytes of JSON" in said


def test_the_objects_of_every_kind(transpile: Transpile, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(distribute, "MAX_OBJECT_BYTES", 64 * 1024)
    monkeypatch.setattr(distribute, "PART_BYTES", 60 * 1024)
    text = manifest("large", SHAPES["near"](700), by_value=True)
    more = "namespace: ml\nlabels: {team: shop}\nschedule: {cron: '0 3 * * *'}\n"
    folder = write({"pipeline.yaml": text + more})
    for kind in ("Workflow", "WorkflowTemplate", "ClusterWorkflowTemplate", "CronWorkflow"):
        *parts, last = documents(transpile("compile", folder / "pipeline.yaml", "--kind", kind, "--quiet").stdout)
        assert_fits([*parts, last])
        assert last["kind"] == kind
        is_cluster = kind == "ClusterWorkflowTemplate"
        assert {part["kind"] for part in parts} == {kind if is_cluster else "WorkflowTemplate"}
        for part in parts:
            assert part["metadata"]["labels"] == {"team": "shop"}
            assert part["metadata"].get("namespace") == (None if is_cluster else "ml")
            assert "entrypoint" not in part["spec"]
        names = [part["metadata"]["name"] for part in parts]
        assert len(set(names)) == len(names) > 1
        assert all(name.startswith("large-part-") for name in names)
        calls = [task["templateRef"] for task in spec_of(last)["templates"][0]["dag"]["tasks"] if "templateRef" in task]
        assert {call["name"] for call in calls} <= set(names)
        assert {call.get("clusterScope", False) for call in calls} == {is_cluster}


def test_more_than_200_templates_need_no_warning(transpile: Transpile, write: Write) -> None:
    document = {"name": "many", "tasks": many_components(250)}
    folder = write({"pipeline.yaml": json.dumps(document)})
    result = transpile("compile", folder / "pipeline.yaml")
    assert (result.code, result.stderr) == (0, "")
    objects = documents(result.stdout)
    assert_fits(objects)
    assert len(objects) > 2
    images = [task.runs for task in Expansion(objects).entry.leaves()]
    assert len(set(images)) == len(images) == 250


def test_long_programs_are_not_copied_from_part_to_part(transpile: Transpile, write: Write) -> None:
    """A short template is copied where it is called; a long one is called from where it is."""
    long = {"implementation": {"container": {"image": "a", "command": ["sh", "-c", "x" * 50_000]}}}
    short = {"implementation": {"container": {"image": "b", "command": ["sh"]}}}
    tasks = many_components(400, size=3_000)
    tasks |= {f"long{number}": {"component": "long", "after": [f"t{number * 4}"]} for number in range(100)}
    tasks |= {f"short{number}": {"component": "short", "after": [f"t{number * 4}"]} for number in range(100)}
    document = {"name": "many", "components": {"long": long, "short": short}, "tasks": tasks}
    folder = write({"pipeline.yaml": json.dumps(document)})
    objects = documents(transpile("compile", folder / "pipeline.yaml").stdout)
    assert_fits(objects)
    held = [template["name"] for each in objects for template in spec_of(each)["templates"]]
    assert held.count("long") == 1
    assert held.count("short") > 1
    assert len(list(Expansion(objects).entry.leaves())) == 600


def test_what_a_run_has_stays_with_the_object_that_runs(transpile: Transpile, write: Write) -> None:
    tasks = many_components(250)
    for task in tasks.values():
        task["volumes"] = {"/data": {"size": "1Gi"}}
    exits = {"tasks": {"note": {"component": {"implementation": {"container": {"image": "a", "command": ["a"]}}}}}}
    document = {
        "name": "many",
        "parallelism": 700,
        "labels": {"team": "shop"},
        "argo": {"spec": {"podGC": {"strategy": "OnPodSuccess"}, "hooks": {"start": {"template": "t249"}}}},
        "onExit": exits,
        "tasks": tasks,
    }
    document["argo"]["spec"]["hooks"]["start"]["expression"] = "workflow.status == 'Running'"
    tasks["t249"]["component"]["name"] = "t249"
    tasks["t0"]["component"]["implementation"]["container"]["command"] = ["a", "{{workflow.labels.team}}"]
    folder = write({"pipeline.yaml": json.dumps(document)})
    *parts, last = documents(transpile("compile", folder / "pipeline.yaml").stdout)
    assert {"volumeClaimTemplates", "podGC", "parallelism", "onExit", "hooks"} <= last["spec"].keys()
    assert all(part["spec"].keys() == {"templates"} for part in parts)
    hook = last["spec"]["hooks"]["start"]
    local = {template["name"] for template in last["spec"]["templates"]}
    assert hook.get("template") in local or hook["templateRef"]["name"] in [each["metadata"]["name"] for each in parts]


def test_names_of_parts_depend_on_what_is_in_them() -> None:
    """A run that is under way keeps what it started with, when the next version is stored beside it."""
    document: Json = {"name": "a-pipeline-with-a-very-long-name-that-fills-all-the-room-it-has"[:63], "tasks": {}}
    names = []
    for command in ("first", "first", "second"):
        document["tasks"] = many_components(250)
        document["tasks"]["t249"]["component"]["implementation"]["container"]["command"] = [command]
        names.append([each["metadata"]["name"] for each in documents(compiled(document))[:-1]])
    assert names[0] == names[1]
    assert not set(names[1]) & set(names[2])
    assert all(len(name) <= 63 for name in names[0])


def test_a_pipeline_that_calls_itself_across_parts(
    transpile: Transpile, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With parts of two templates, every call goes from part to part."""
    again = {"pipeline": "./again.yaml", "arguments": {"n": "${{ inputs.n }}"}, "when": "inputs.n != '0'"}
    inner = {"name": "again", "inputs": {"n": "3"}, "components": {"work": VALUE}}
    step = {"component": "work", "arguments": {"n": "${{ inputs.n }}"}}
    folder = write(
        {
            "again.yaml": json.dumps({**inner, "tasks": {"step": step, "again": again}}),
            "pipeline.yaml": json.dumps({"name": "outer", "tasks": {"start": {"pipeline": "./again.yaml"}}}),
        }
    )
    monkeypatch.setattr(distribute, "MAX_TEMPLATES", 1)
    objects = documents(transpile("compile", folder / "pipeline.yaml").stdout)
    assert len(objects) == 3
    assert [len(each["spec"]["templates"]) for each in objects] == [1, 1, 1]


def test_a_dag_that_nothing_can_hold_is_said() -> None:
    tasks = {f"t{number}": {"component": "work", "arguments": {"n": "x" * 8_000}} for number in range(150)}
    document = {"name": "wide", "components": {"work": VALUE}, "tasks": tasks}
    (found,) = compile_bytes("pipeline.yaml", json.dumps(document).encode(), Path()).diagnostics
    assert (found.code, "no cluster can store" in found.hint) == ("too-large", True)


def test_a_call_of_no_template_is_reported_across_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    again = {"steps": [[{"name": "a", "template": "nowhere"}]]}
    tasks = {"one": {"component": VALUE, "arguments": {"n": "1"}}, "two": {"template": again}}
    monkeypatch.setattr(distribute, "MAX_TEMPLATES", 1)
    document = {"name": "parts", "tasks": {"group": {"tasks": tasks}, "other": {"template": again}}}
    found = compile_bytes("pipeline.yaml", json.dumps(document).encode(), Path()).diagnostics
    assert {each.code for each in found} == {"argo-reference"}
