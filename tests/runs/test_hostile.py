"""Statuses that no controller writes: nothing in one raises, and nothing takes long."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.runs.went import pipeline
from transpiler.analysis import Analysis, analyze
from transpiler.runs.nodes import StatusError
from transpiler.runs.run_states import states_of
from transpiler.runs.states import WORST_FIRST

Json = Any
E = {"component": "e", "arguments": {"t": "x"}}
MANIFEST = pipeline(
    {
        "a": {**E, "retry": 1, "onExit": E},
        "g": {"forEach": ["x", "y"], "tasks": {"b": E, "c": {**E, "after": ["b"]}}},
        "s": {**E, "forEach": [1, 2], "parallelism": 1, "after": ["g"], "mayFail": True},
    },
    onExit={"d": E},
    hooks={"h": {"when": "workflow.status == 'Failed'", **E}},
)
ODD: list[Json] = [
    None,
    True,
    0,
    -1,
    1e400,
    "",
    "x",
    [],
    {},
    [{}],
    {"a": 1},
    "run",
    "\x1b[31m",
    "<b>",
    "\ud800",
    [[[]]],
]
NAMES = [
    "run", "run.a", "run.a(0)", "run.a(1)", "run.a.onExit", "run.a(0:x)", "run.g", "run.g(0:x)", "run.g(0:x).b",
    "run.g(1:y).c", "run.s", "run.s.s", "run.s.s(0:1)", "run.s-ended", "run.onExit", "run.onExit[0]", "run.onExit[0].d",
    "run.hooks.h", "run.hooks.h.h", "run.g(99999999999999999999:x)", "run..", "run.(", "run.a)", "run.a.hooks.", "",
]  # fmt: skip


@pytest.fixture(scope="module")
def analysis(tmp_path_factory: pytest.TempPathFactory) -> Analysis:
    path = tmp_path_factory.mktemp("hostile") / "pipeline.yaml"
    path.write_text(json.dumps(MANIFEST), encoding="utf-8")
    found = analyze(path)
    assert not found.failed, found.diagnostics
    return found


def run(nodes: Json, **status: Json) -> Json:
    return {"kind": "Workflow", "metadata": {"name": "run"}, "status": {"phase": "Failed", "nodes": nodes, **status}}


@pytest.mark.parametrize("seed", range(300))
def test_any_status_has_states(seed: int, analysis: Analysis) -> None:
    chance = random.Random(seed)
    names = chance.sample(NAMES, chance.randint(1, len(NAMES)))
    nodes = {f"id-{name}": node(name, chance) for name in names}
    if chance.random() < 0.2:
        nodes[chance.choice(names)] = chance.choice(ODD)
    status: Json = {key: chance.choice(ODD) for key in ("startedAt", "finishedAt", "message") if chance.random() < 0.5}
    if chance.random() < 0.2:
        status["phase"] = chance.choice(ODD)
    found = states_of(analysis, run(nodes, **status))
    assert all(state.phase in WORST_FIRST for state in found.states.values())
    assert found.unknown >= sum(name in {"run..", "run.(", ""} for name in names)
    assert found.of(("g", "c")).phase in WORST_FIRST
    msgspec.json.encode([found.name, *found.unknown_names, *found.failures, *found.states.values()])


def node(name: str, chance: random.Random) -> Json:
    """A node of that name, with some fields of any type, and any boundary."""
    around = chance.choice([name.rpartition(".")[0], name.rpartition("(")[0], *NAMES, name])
    made: Json = {
        "id": f"id-{name}",
        "name": name,
        "displayName": name,
        "boundaryID": "" if name == "run" else f"id-{around}",
        "type": chance.choice(["Pod", "DAG", "Retry", "TaskGroup", "Skipped", "Steps", "StepGroup"]),
        "phase": chance.choice(["Succeeded", "Failed", "Running", "Omitted", "Skipped", "Error", "Pending"]),
        "startedAt": "2026-01-31T02:00:00Z",
        "finishedAt": "2026-01-31T02:00:07Z",
        "outputs": {"parameters": [{"name": "o", "value": "1"}], "exitCode": "1", "result": "x"},
        "message": "exit code 1",
        "memoizationStatus": {"hit": True},
    }
    for key in made:
        if chance.random() < 0.15:
            made[key] = chance.choice(ODD)
    return made


@pytest.mark.parametrize("data", [None, [], "x", 7, {}, {"kind": "Pod"}, {"kind": []}, {"items": []}])
def test_what_is_no_run_is_told(data: Json, analysis: Analysis) -> None:
    with pytest.raises(StatusError, match="no Workflow"):
        states_of(analysis, data)


@pytest.mark.parametrize("items", [[], [run({}), run({})], None, {}])
def test_a_list_has_one_run(items: Json, analysis: Analysis) -> None:
    with pytest.raises(StatusError, match=r"there are (0|2) runs in it"):
        states_of(analysis, {"kind": "List", "items": items})
    assert states_of(analysis, {"kind": "List", "items": [run({})]}).phase == "Failed"


def test_nodes_that_are_elsewhere_are_asked_for(analysis: Analysis) -> None:
    with pytest.raises(StatusError, match="argo get"):
        states_of(analysis, run(None, offloadNodeStatusVersion="fnv:1"))


def test_a_circle_of_boundaries_is_unknown(analysis: Analysis) -> None:
    nodes = {each: {"id": each, "name": f"run.{each}", "boundaryID": other} for each, other in ("ab", "ba", "cc")}
    found = states_of(analysis, run(nodes))
    assert (found.unknown, found.unknown_names) == (3, ("run.a", "run.b", "run.c"))


def test_many_nodes_are_gone_over_once(analysis: Analysis) -> None:
    nodes: Json = {"run": {"id": "run", "name": "run", "type": "DAG", "phase": "Failed"}}
    nodes["g"] = {"id": "g", "name": "run.g", "type": "TaskGroup", "boundaryID": "run", "phase": "Failed"}
    for number in range(30_000):
        name = f"run.g({number}:x)"
        nodes[name] = {"id": name, "name": name, "type": "DAG", "boundaryID": "run", "phase": "Failed"}
        for task, phase in (("b", "Failed"), ("c", "Omitted")):
            inner = f"{name}.{task}"
            nodes[inner] = {"id": inner, "name": inner, "type": "Pod", "boundaryID": name, "phase": phase}
    found = states_of(analysis, run(nodes))
    assert found.unknown == 0
    assert found.states["g", "b"].counts == {"Failed": 30_000}
    assert len(found.states["g", "b"].items) == 200
    assert found.states["g", "c"].because == "depends"


def test_of_many_tries_the_last_are_kept(analysis: Analysis) -> None:
    nodes: Json = {"run": {"id": "run", "name": "run", "type": "DAG", "phase": "Failed"}}
    nodes["a"] = {"id": "a", "name": "run.a", "type": "Retry", "phase": "Failed", "boundaryID": "run"}
    for number in range(300):
        name = f"run.a({number})"
        nodes[name] = {"id": name, "name": name, "type": "Pod", "phase": "Failed", "boundaryID": "run"}
    tries = states_of(analysis, run(nodes)).states[("a",)].tries
    assert [each.number for each in tries] == list(range(201, 301))


def test_a_manifest_with_mistakes_has_states_too(tmp_path: Path) -> None:
    path = tmp_path / "pipeline.yaml"
    path.write_text(json.dumps(pipeline({"a": E, "b": {**E, "after": ["nobody"]}})), encoding="utf-8")
    found = states_of(
        analyze(path),
        run(
            {
                "run": {"id": "run", "name": "run", "type": "DAG", "phase": "Failed"},
                "a": {"id": "a", "name": "run.a", "type": "Pod", "phase": "Failed", "boundaryID": "run"},
            }
        ),
    )
    assert {path: state.phase for path, state in found.states.items()} == {("a",): "Failed", ("b",): "NotStarted"}
