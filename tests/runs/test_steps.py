"""The steps that `submit --watch` tells of a run: tasks of the manifest, and nothing that the compiler has added."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.judges import runs
from tests.judges.runs import Deed
from tests.runs.test_matrix import few_in_a_dag
from tests.runs.went import Asked, Went, pipeline, went
from transpiler.analysis import analyze_bytes
from transpiler.cluster.progress import Progress, steps_of
from transpiler.compiler import compile_analysis
from transpiler.plan.argo_objects import workflow_spec
from transpiler.runs.recorded import Recorded, names_of
from transpiler.runs.runs import Runs

Json = Any
FAILS = Deed(exit=1)


@pytest.fixture(autouse=True)
def controller() -> None:
    if runs.program() is None:
        pytest.skip("Argo's controller is not at hand: install Go, or run .ci/run")


def e(text: str = "x", **more: Json) -> Json:
    return {"component": "e", "arguments": {"t": text}, **more}


def steps(one: Went) -> set[str]:
    """The steps; a run that kept the names of the tasks tells the same."""
    runs = Runs(one.analysis)
    objects = compile_analysis(one.analysis).objects
    run = runs.run({"templateName": workflow_spec(objects[-1])["entrypoint"]})
    assert run is not None
    found = steps_of(one.workflows[-1], runs)
    assert steps_of(one.workflows[-1], Recorded(names_of(objects, run))) == found
    return {f"{step.phase} {step.name}" for _, step in found}


def run(folder: Path, tasks: Json, pods: dict[str, Deed], **more: Json) -> Went:
    (found,) = went([Asked(pipeline(tasks, **more), pods=pods)], folder)
    return found


def test_dags_around_a_task_have_its_place(tmp_path: Path) -> None:
    tasks = {
        "few": e("${{ item }}", forEach=["a"], parallelism=1),
        "all": e("${{ item }}", forEach=["b"], retry=1),
        "count": e("${{ string(len(tasks.all.results)) }}"),
        "kept": e(cache="1h", retry=1, onExit=e()),
        "then": e(after=["kept"]),
    }
    one = run(tmp_path, tasks, {r"all\(0:b\)\.all\(0\)": FAILS, r"kept.*tries\(0\)": FAILS})
    assert steps(one) == {
        "Succeeded few(0:a)", "Failed all(0:b), try 1", "Succeeded all(0:b)", "Succeeded count",
        "Failed kept, try 1", "Succeeded kept", "Succeeded kept.exit", "Succeeded then",
    }  # fmt: skip


def test_ends_and_parts_are_no_steps(tmp_path: Path) -> None:
    tasks = {"a": e(mayFail=True), **{f"t{number}": e(after=["a"]) for number in range(9)}}
    with pytest.MonkeyPatch.context() as patch:
        few_in_a_dag(patch)
        one = run(tmp_path, tasks, {r"(.*\.)?a": FAILS})
        assert steps(one) == {"Failed a", *(f"Succeeded t{number}" for number in range(9))}
        names = one.homes(one.workflows[-1])
        assert any("part-" in name for name in names)
        assert any(name.endswith("a-ended") for name in names)


def test_each_change_is_told_once(tmp_path: Path) -> None:
    one = run(tmp_path, {"g": {"forEach": ["x"], "tasks": {"a": e(), "b": e(after=["a"])}}}, {})
    progress = Progress(Runs(one.analysis))
    told = [f"{step.phase} {step.name}" for each in one.workflows for step in progress.changes(each)]
    assert told == [f"{phase} g(0:x) / {task}" for task in "ab" for phase in ("Pending", "Succeeded")]


def test_a_node_that_no_task_explains_has_its_own_name(tmp_path: Path) -> None:
    one = run(tmp_path, {"a": e(), "b": {"tasks": {"c": e()}}}, {})
    other = analyze_bytes("pipeline.yaml", b"{name: p, tasks: {}}", tmp_path)
    assert {step.name for _, step in steps_of(one.workflows[-1], Runs(other))} == {"a", "b / c"}
