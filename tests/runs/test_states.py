"""What a run says of each kind of task, in runs of Argo's own controller."""

from __future__ import annotations

import base64
import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from tests.judges import runs
from tests.judges.runs import Deed
from tests.runs.went import Asked, Went, pipeline, went
from transpiler.analysis import analyze
from transpiler.compiler import compile_analysis
from transpiler.plan.passes import distribute
from transpiler.runs.run_states import MOST_ITEMS, states_of
from transpiler.runs.states import RunStates, State

Json = Any
FAILS = Deed(exit=1)
E = {"component": "e", "arguments": {"t": "x"}}


def e(text: str = "x", **more: Json) -> Json:
    return {"component": "e", "arguments": {"t": text}, **more}


@pytest.fixture(autouse=True)
def controller() -> None:
    if runs.program() is None:
        pytest.skip("Argo's controller is not at hand: install Go, or run .ci/run")


def one(folder: Path, tasks: Json, pods: dict[str, Deed] | None = None, **more: Json) -> Went:
    """How one run went; `more` are keys of the manifest, and those of `Asked`."""
    asked = {key: more.pop(key) for key in ("beside", "cluster", "stop", "again", "then") if key in more}
    folder.mkdir(exist_ok=True)
    (found,) = went([Asked(pipeline(tasks, **more), pods=pods or {}, **asked)], folder)
    assert found.end.unknown == 0
    return found


def phases(states: RunStates) -> dict[str, str]:
    return {"/".join(path): state.phase for path, state in states.states.items()}


# ---------------------------------------------------------------------- tasks


def test_a_failure_and_what_waits_for_it(tmp_path: Path) -> None:
    tasks = {
        "load-data": e(),
        "train": e(after=["load-data"]),
        "report": e(after=["train"]),
        "mourn": e(depends="train.Failed"),
        "never": e(when="1 == 2"),
        "then": e(after=["never"]),
    }
    end = one(tmp_path, tasks, {"train": Deed(exit=7)}).end
    assert (end.name, end.phase, end.has_ended) == ("run", "Failed", True)
    assert phases(end) == {
        "load-data": "Succeeded", "train": "Failed", "report": "Omitted", "mourn": "Succeeded", "never": "Skipped",
        "then": "Succeeded",
    }  # fmt: skip
    train, never = end.states[("train",)], end.states[("never",)]
    assert (train.message, train.counts, train.items) == ("exit code 7", {"Failed": 1}, ())
    assert (never.because, never.seconds, end.states[("report",)].because) == ("when", None, "depends")
    assert end.started <= end.finished
    (failure,) = end.failures
    assert (failure.path, failure.message, failure.is_cause) == (("train",), "exit code 7", True)
    assert failure.span.source.text[failure.span.column - 1 :].startswith('"train"')


def test_what_waits_and_what_did_not_start(tmp_path: Path) -> None:
    tasks = {"a": e(), "g": {"after": ["a"], "tasks": {"b": e(), "c": e(after=["b"])}}, "d": e(after=["g"])}
    run = one(tmp_path, tasks)
    first, *_, last = run.all
    assert phases(first) == {"a": "Pending", "g": "Waiting", "d": "Waiting"}
    assert first.of(("g", "b")).phase == "Waiting"
    assert set(phases(last).values()) == {"Succeeded"}
    seen = {states.of(("g", "c")).phase for states in run.all}
    assert seen == {"Waiting", "Pending", "Succeeded"}


def test_a_task_without_a_node_in_a_run_that_has_ended_did_not_start(tmp_path: Path) -> None:
    tasks = {
        "g": {"tasks": {"a": e(), "b": e(after=["a"])}},
        "c": e(after=["g"]),
        "h": {"after": ["c"], "tasks": {"d": e()}},
    }
    run = one(tmp_path, tasks, stop="g.a")
    assert run.end.phase == "Failed"
    assert run.end.of(("g", "b")).phase in {"NotStarted", "Omitted", "Failed"}
    assert run.end.of(("h", "d")) == State("NotStarted")


def test_tries(tmp_path: Path) -> None:
    tasks = {"a": e(retry=2), "b": e(retry=1), "c": e(retry=1, cache="1h"), "d": e(after=["b"])}
    end = one(tmp_path, tasks, {"a\\(0\\)": Deed(exit=2), r"b\(.\)": FAILS, r"c\.tries\(0\)": FAILS}).end
    assert phases(end) == {"a": "Succeeded", "b": "Failed", "c": "Succeeded", "d": "Omitted"}
    tries = end.states[("a",)].tries
    assert [(each.number, each.phase, each.message, each.exit_code) for each in tries] == [
        (1, "Failed", "exit code 2", "2"),
        (2, "Succeeded", "", "0"),
    ]
    assert len(end.states[("b",)].tries) == 2
    assert end.states[("b",)].message == "exit code 1"
    assert [each.phase for each in end.states[("c",)].tries] == ["Failed", "Succeeded"]


def test_tasks_of_a_group_that_is_tried_again_are_as_in_its_last_try(tmp_path: Path) -> None:
    tasks = {"g": {"retry": 1, "tasks": {"a": e(), "b": e(after=["a"]), "c": e(after=["b"])}}}
    end = one(tmp_path, tasks, {r"g\(0\)\.b": FAILS}).end
    assert phases(end) == {"g": "Succeeded", "g/a": "Succeeded", "g/b": "Succeeded", "g/c": "Succeeded"}
    assert [each.phase for each in end.states[("g",)].tries] == ["Failed", "Succeeded"]
    assert end.failures == ()


def test_a_task_that_may_fail(tmp_path: Path) -> None:
    tasks = {"a": e(mayFail=True), "b": e(after=["a"]), "c": e(depends="a.Failed"), "d": e(depends="a.Succeeded")}
    end = one(tmp_path, tasks, {"a": FAILS}).end
    assert end.phase == "Succeeded"
    assert phases(end) == {"a": "Failed", "b": "Succeeded", "c": "Succeeded", "d": "Omitted"}
    assert [each.is_cause for each in end.failures] == [False]


def test_the_cause_comes_first(tmp_path: Path) -> None:
    tasks = {"may": e(mayFail=True), "g": {"after": ["may"], "tasks": {"h": {"tasks": {"a": e()}}}}}
    end = one(tmp_path, tasks, {"may": FAILS, "g.h.a": Deed(exit=4)}).end
    told = [(each.path, each.is_cause) for each in end.failures]
    assert told[0] == (("g", "h", "a"), True)
    assert set(told[1:]) == {(("may",), False), (("g",), False), (("g", "h"), False)}


# ---------------------------------------------------------------------- loops


def test_a_loop_has_its_items(tmp_path: Path) -> None:
    tasks = {
        "texts": e("${{ item }}", forEach=["eu", "us", "x).y"]),
        "mappings": e("${{ item.k }}", forEach=[{"k": "v", "l": 1}, {"k": "w", "l": 2}]),
        "none": e("${{ item }}", forEach="${{ inputs.none }}"),
        "few": e("${{ item }}", forEach=["a", "b", "c"], parallelism=1),
        "half": e("${{ item }}", forEach=["a", "b"], when="item == 'a'"),
    }
    run = one(tmp_path, tasks, {r"texts\(1:.*": FAILS}, inputs={"none": []})
    end = run.end
    assert phases(end) == {
        "texts": "Failed", "mappings": "Succeeded", "none": "Skipped", "few": "Succeeded", "half": "Succeeded",
    }  # fmt: skip
    texts = end.states[("texts",)]
    assert [(each.at, each.text, each.phase, each.message) for each in texts.items] == [
        ((1,), "us", "Failed", "exit code 1"),
        ((0,), "eu", "Succeeded", ""),
        ((2,), "x.y", "Succeeded", ""),
    ]
    assert (dict(texts.counts), texts.message) == ({"Failed": 1, "Succeeded": 2}, "exit code 1")
    assert [each.text for each in end.states[("mappings",)].items] == ["k:v,l:1", "k:w,l:2"]
    assert end.states[("none",)].because == "no items"
    assert dict(end.states[("half",)].counts) == {"Succeeded": 1, "Skipped": 1}
    assert {len(states.of(("few",)).items) for states in run.all} == {1, 2, 3}
    assert {states.of(("few",)).phase for states in run.all} == {"Running", "Succeeded"}


def test_loops_in_loops_and_tasks_in_looped_groups(tmp_path: Path) -> None:
    inner = {"a": e("${{ o }}"), "b": e("${{ o }}${{ i }}", forEach={"in": [1, 2], "as": "i"}, after=["a"])}
    tasks = {"g": {"forEach": {"in": ["x", "y"], "as": "o"}, "tasks": inner}}
    end = one(tmp_path, tasks, {r"g\(1:y\)\.a": FAILS}).end
    assert phases(end) == {"g": "Failed", "g/a": "Failed", "g/b": "Succeeded"}
    assert [(each.at, each.text) for each in end.states["g", "b"].items] == [
        ((0, 0), "x / 1"),
        ((0, 1), "x / 2"),
        ((1,), "y"),
    ]
    assert dict(end.states["g", "b"].counts) == {"Succeeded": 2, "Omitted": 1}
    assert [(each.at, each.text, each.phase) for each in end.states["g", "a"].items] == [
        ((1,), "y", "Failed"),
        ((0,), "x", "Succeeded"),
    ]
    assert dict(end.states[("g",)].counts) == {"Failed": 1, "Succeeded": 1}


def test_many_items_are_counted_and_not_all_kept(tmp_path: Path) -> None:
    tasks = {"many": e("${{ item }}", forEach={"range": MOST_ITEMS + 20})}
    end = one(tmp_path, tasks, {rf"many\({MOST_ITEMS + 9}:.*": FAILS}).end
    many = end.states[("many",)]
    assert dict(many.counts) == {"Failed": 1, "Succeeded": MOST_ITEMS + 19}
    assert len(many.items) == MOST_ITEMS
    assert many.items[0].at == (MOST_ITEMS + 9,)


def test_a_loop_whose_results_are_used(tmp_path: Path) -> None:
    tasks = {"l": e("${{ item }}", forEach=["a", "b"]), "u": e("${{ string(len(tasks.l.results)) }}")}
    end = one(tmp_path, tasks, {r"l\(0:.*": FAILS}).end
    assert phases(end) == {"l": "Failed", "u": "Omitted"}
    assert end.states[("l",)].message == "exit code 1"
    assert dict(end.states[("l",)].counts) == {"Failed": 1, "Succeeded": 1}


# ---------------------------------------------------------------------- hooks and ends


@pytest.mark.parametrize("more", [{}, {"beside": E}], ids=["steps", "a DAG"])
def test_what_runs_at_the_end(more: Json, tmp_path: Path) -> None:
    on_exit = {"tell": e(), "g": {"tasks": {"clean": e()}, "after": ["tell"]}, **more}
    run = one(tmp_path, {"a": e()}, {"a": FAILS}, onExit=on_exit)
    assert ("run.onExit[0]" in run.homes(run.workflows[-1])) == (not more)
    assert {path: phase for path, phase in phases(run.end).items() if path != "@onExit/beside"} == {
        "a": "Failed", "@onExit/tell": "Succeeded", "@onExit/g": "Succeeded", "@onExit/g/clean": "Succeeded",
    }  # fmt: skip


def test_hooks_of_tasks_and_of_the_run(tmp_path: Path) -> None:
    a = e(onExit=e(), hooks={"running": {"when": "tasks.a.status == 'Running'", **E}})
    b = e(retry=1, onExit={"tasks": {"x": e(), "y": e(after=["x"])}})
    hooks = {
        "broken": {"when": "workflow.status == 'Failed'", **E},
        "begun": {"when": "workflow.status == 'Running'", "tasks": {"z": e()}},
    }
    end = one(tmp_path, {"a": a, "b": b}, {r"b\(.\)": FAILS, "a.onExit": FAILS}, hooks=hooks).end
    assert phases(end) == {
        "a": "Succeeded", "a.exit": "Failed", "b": "Failed", "b.exit": "Succeeded", "b.exit/x": "Succeeded",
        "b.exit/y": "Succeeded", "@hooks/begun": "Succeeded", "@hooks/begun/z": "Succeeded",
        "@hooks/broken": "Succeeded",
    }  # fmt: skip
    assert end.of(("a.running",)).phase == "NotStarted"
    assert len(end.states[("b",)].tries) == 2


# ---------------------------------------------------------------------- what tasks call

ECHO = {
    "name": "echo",
    "inputs": [{"name": "t", "type": "String"}],
    "implementation": {"container": {"image": "alpine", "command": ["echo", {"inputValue": "t"}]}},
}
GRAPH = {
    "name": "twice",
    "inputs": [{"name": "t", "type": "String"}],
    "implementation": {
        "graph": {
            "tasks": {
                each: {
                    "componentRef": {"spec": ECHO},
                    "arguments": {"t": {"graphInput": {"inputName": "t"}}},
                }
                for each in ("first", "second")
            }
        }
    },
}


def test_what_two_tasks_call_has_a_state_for_each(tmp_path: Path) -> None:
    sub = pipeline({"a": e(), "b": {"after": ["a"], "tasks": {"c": e()}}}, name="sub")
    tasks = {
        "one": {"pipeline": "./sub.yaml"},
        "two": {"pipeline": "./sub.yaml", "forEach": ["x", "y"]},
        "three": {"component": "./graph/component.yaml", "arguments": {"t": "three"}},
        "four": {"component": "./graph/component.yaml", "arguments": {"t": "four"}},
    }
    beside = {"sub.yaml": sub, "graph/component.yaml": GRAPH}
    end = one(tmp_path, tasks, {"one.b.c": FAILS, r"two\(1:.*\.a": FAILS, "four.second": FAILS}, beside=beside).end
    assert {path: phase for path, phase in phases(end).items() if phase != "Succeeded"} == {
        "one": "Failed", "one/b": "Failed", "one/b/c": "Failed", "two": "Failed", "two/a": "Failed",
        "four": "Failed", "four/second": "Failed",
    }  # fmt: skip
    assert dict(end.states["two", "b", "c"].counts) == {"Succeeded": 1}
    assert {("three", "first"), ("three", "second"), ("four", "first")} <= end.states.keys()


def test_a_pipeline_that_calls_itself(tmp_path: Path) -> None:
    again = pipeline(
        {
            "a": {"component": "n", "arguments": {"t": "${{ inputs.n - 1 }}"}},
            "b": {
                "pipeline": "./again.yaml",
                "arguments": {"n": "${{ tasks.a.output }}"},
                "when": "tasks.a.output > 0",
            },
        },
        name="again",
        inputs={"n": {"type": "Integer"}},
    )
    end = one(tmp_path, {"t": {"pipeline": "./again.yaml", "arguments": {"n": 3}}}, beside={"again.yaml": again}).end
    assert phases(end) == {
        "t": "Succeeded", "t/a": "Succeeded", "t/b": "Succeeded", "t/b/a": "Succeeded", "t/b/b": "Succeeded",
        "t/b/b/a": "Succeeded", "t/b/b/b": "Skipped",
    }  # fmt: skip


def test_a_choice_of_files_is_no_task(tmp_path: Path) -> None:
    tasks = {
        "a": {"component": "f", "arguments": {"t": "a"}, "when": "1 == 2"},
        "b": {"component": "f", "arguments": {"t": "b"}},
        "c": {"component": "r", "arguments": {"d": "${{ tasks.a.output ?? tasks.b.output }}"}},
    }
    assert phases(one(tmp_path, tasks).end) == {"a": "Skipped", "b": "Succeeded", "c": "Succeeded"}


def test_kept_results(tmp_path: Path) -> None:
    tasks = {
        "a": e(cache="1h"), "b": e(cache="1h", retry=1), "c": e("${{ item }}", cache="1h", forEach=[1, 2]), "d": e(),
    }  # fmt: skip
    end = one(tmp_path, tasks, again=True).end
    assert {path[0]: state.is_cached for path, state in end.states.items()} == {
        "a": True,
        "b": True,
        "c": True,
        "d": False,
    }
    assert set(phases(end).values()) == {"Succeeded"}


def test_values_that_a_task_yields(tmp_path: Path) -> None:
    made = {
        "inputs": [{"name": "t", "type": "String"}],
        "outputs": [{"name": "the best", "type": "String"}],
        "implementation": {
            "container": {"image": "alpine", "command": ["echo", {"inputValue": "t"}, {"outputPath": "the best"}]}
        },
    }
    tasks = {
        "a": {"component": made, "arguments": {"t": "7"}},
        "b": e("${{ tasks.a.output }}"),
        "c": e("${{ tasks.b.output }}", retry=1),
    }
    end = one(tmp_path, tasks, outputs={"o": "${{ tasks.c.output }}"}).end
    assert dict(end.states[("a",)].outputs) == {"the best": "7"}
    assert dict(end.states[("c",)].outputs) == {"o": "7"}


def test_somebody_has_to_let_a_run_go_on(tmp_path: Path) -> None:
    run = one(tmp_path, {"ask": {"template": {"suspend": {}}}, "then": e(after=["ask"])})
    assert [states.of(("ask",)).is_suspended for states in run.all][:1] == [True]
    assert run.all[0].of(("ask",)).phase == "Running"
    assert (run.end.of(("ask",)).phase, run.end.of(("ask",)).is_suspended) == ("Succeeded", False)


# ---------------------------------------------------------------------- runs


@pytest.mark.parametrize("then", ["retry", "resubmit"])
def test_a_run_that_is_tried_again(then: str, tmp_path: Path) -> None:
    tasks = {"a": e(), "b": e(after=["a"]), "g": {"after": ["b"], "tasks": {"c": e()}}}
    end = one(tmp_path, tasks, {"b": Deed(exit=1, once=True)}, then=then).end
    assert phases(end) == {"a": "Succeeded", "b": "Succeeded", "g": "Succeeded", "g/c": "Succeeded"}
    assert end.states[("a",)].is_cached == (then == "resubmit")


def test_a_run_that_is_split(tmp_path: Path) -> None:
    """In parts of 200 tasks; those in a part that never starts are omitted."""
    tasks: Json = {"first": e()}
    for number in range(250):
        tasks[f"t{number}"] = e(after=[f"t{number - 1}" if number % 10 else "first"])
    run = one(tmp_path, tasks, {r"(.*\.)?t105": FAILS})
    assert any(".part-" in name for name in run.homes(run.workflows[-1]))
    found = phases(run.end)
    assert len(found) == 251
    assert {name for name, phase in found.items() if phase == "Failed"} == {"t105"}
    assert {found[f"t{number}"] for number in range(106, 110)} == {"Omitted"}
    assert found["t99"] == "Succeeded"
    none = one(tmp_path / "none", tasks, {"first": FAILS})
    assert set(phases(none.end).values()) == {"Failed", "Omitted"}
    assert none.all[0].of(("t249",)).phase == "Waiting"


@pytest.mark.parametrize("more", [{"schedule": "0 3 * * *"}, {"entries": {"extra": {"component": "e"}}}])
def test_objects_of_other_kinds(more: Json, tmp_path: Path) -> None:
    run = one(tmp_path, {"a": e()}, **more)
    assert run.analysis.kind != "Workflow"
    assert phases(run.end) == {"a": "Succeeded"}


def test_an_entry_of_a_library_is_what_a_run_starts_with(tmp_path: Path) -> None:
    run = one(
        tmp_path,
        {"a": e()},
        entries={"extra": {"pipeline": "./sub.yaml"}},
        beside={"sub.yaml": pipeline({"b": e()}, name="sub")},
    )
    text = json.dumps(run.workflows[-1])
    nodes = json.loads(text.replace("run.a", "run.b"))
    nodes["status"]["nodes"]["run"]["templateName"] = "extra"
    assert phases(states_of(run.analysis, nodes)) == {"@entries/extra": "Succeeded", "@entries/extra/b": "Succeeded"}


def test_packed_nodes(tmp_path: Path) -> None:
    run = one(tmp_path, {"a": e()}, {"a": FAILS})
    workflow = run.workflows[-1]
    packed = base64.b64encode(gzip.compress(json.dumps(workflow["status"]["nodes"]).encode())).decode()
    status = {**workflow["status"], "nodes": None, "compressedNodes": packed}
    assert states_of(run.analysis, {**workflow, "status": status}) == run.end


def test_a_run_of_another_manifest_is_told(tmp_path: Path) -> None:
    run = one(tmp_path, {"a": e(), "b": e()})
    other = one(tmp_path / "other", {"a": e(), "c": {"tasks": {"d": e()}}})
    found = states_of(run.analysis, other.workflows[-1])
    assert (found.unknown, found.unknown_names) == (2, ("run.c", "run.c.d"))
    assert phases(found) == {"a": "Succeeded", "b": "NotStarted"}


def test_paths_are_those_of_written_tasks(tmp_path: Path) -> None:
    """But for the tasks of other files, and sections of their own."""
    tasks = {"g": {"tasks": {"a": e(onExit=e()), "b": {"tasks": {"c": e("${{ item }}", forEach=[1], parallelism=1)}}}}}
    run = one(tmp_path, tasks)
    written = {(*each.path[: -1 if each.hook else None], each.name) for each in run.analysis.written.all}
    assert written == set(run.end.states)


def test_a_pipeline_in_several_objects(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(distribute, "MAX_TEMPLATES", 2)
    tasks = {f"g{number}": {"tasks": {"a": e(f"{number}"), "b": e(after=["a"])}} for number in range(4)}
    run = one(tmp_path, tasks, {"g2.a": FAILS})
    assert any("templateRef" in node for node in run.workflows[-1]["status"]["nodes"].values())
    bad = {path: phase for path, phase in phases(run.end).items() if phase != "Succeeded"}
    assert bad == {"g2": "Failed", "g2/a": "Failed", "g2/b": "Omitted"}


def test_what_a_template_of_the_cluster_runs_belongs_to_the_task(tmp_path: Path) -> None:
    library = {
        "name": "library",
        "entries": {"both": {"pipeline": "./both.yaml"}},
    }
    (tmp_path / "both.yaml").write_text(json.dumps(pipeline({"x": e(), "y": e(after=["x"])}, name="both")))
    (tmp_path / "library.yaml").write_text(json.dumps(library))
    objects = compile_analysis(analyze(tmp_path / "library.yaml")).objects
    tasks = {"a": {"templateRef": {"name": "library", "template": "both"}}, "b": e(after=["a"])}
    end = one(tmp_path / "run", tasks, {"a.y": Deed(exit=9)}, cluster=objects).end
    assert phases(end) == {"a": "Failed", "b": "Omitted"}
    assert end.states[("a",)].message == "exit code 9"
