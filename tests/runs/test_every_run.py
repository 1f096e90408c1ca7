"""The manifests that other tests run in Argo's controller: each node of each run stands where its task stands."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from tests.argo.test_runs import CASES, GOLDEN, asked_of, golden, written
from tests.conftest import Result
from tests.judges import runs
from tests.judges.runs import Run
from tests.runs.went import Went
from transpiler.analysis import Analysis, analyze
from transpiler.argo.naming import task_name
from transpiler.compiler import compile_analysis
from transpiler.runs.states import WORST_FIRST
from transpiler.workspace.options import Options

Json = Any
FILES: Json = {
    name: [each.values[0] for each in cases]
    for name, cases in groupby(CASES, lambda case: str(case.id).partition(":")[0])
}


@pytest.fixture(autouse=True)
def controller() -> None:
    if runs.program() is None:
        pytest.skip("Argo's controller is not at hand: install Go, or run .ci/run")


@pytest.mark.parametrize("name", FILES)
def test_each_node_of_a_run_stands_where_its_task_stands(name: str, tmp_path: Path) -> None:
    made = [request(case, tmp_path / str(number)) for number, case in enumerate(FILES[name])]
    reports = runs.reports([run for _, run in made])
    for (analysis, _), report, case in zip(made, reports, FILES[name], strict=True):
        for workflow in report["states"]:
            check(Went(analysis, report), workflow, case["says"])


def request(case: Json, folder: Path) -> tuple[Analysis, Run]:
    """A case, analyzed, and what the controller is asked to run."""
    libraries = {f"library-{number}.yaml": each for number, each in enumerate(case.get("libraries", []))}
    folder.mkdir()
    for name, manifest in {"pipeline.yaml": case["manifest"], **case.get("beside", {}), **libraries}.items():
        (folder / name).write_text(written(manifest), encoding="utf-8")
    cluster = list(case.get("cluster", []))
    for name in libraries:
        cluster += compile_analysis(analyze(folder / name, Options(kind="WorkflowTemplate"))).objects
    analysis = analyze(folder / "pipeline.yaml")
    text = compile_analysis(analysis).text
    assert text is not None, analysis.diagnostics
    asked = asked_of(case, Result(0, text, ""), cluster)
    return analysis, Run(**{**vars(asked), "whole": True})


def check(one: Went, workflow: Json, says: str) -> None:
    """Each node belongs to a task of the task that the DAG around it belongs to, and has its name."""
    homes, nodes = one.homes(workflow), workflow["status"].get("nodes", {})
    for node in nodes.values():
        name = node["name"]
        assert name in homes, (says, name)
        home, around = homes[name], nodes.get(node.get("boundaryID", ""))
        if home is None:
            assert around is None or node["type"] not in {"Pod", "HTTP", "Plugin"}, (says, name)
            continue
        is_its_own = around is not None and homes[around["name"]] == home
        if not is_its_own and around is not None:
            assert stands(name[len(around["name"]) :], home), (says, name, home)
            expected = home[:-1] if not home[0].startswith("@") or len(home) > 2 else ()
            found = outer(around, homes, nodes)
            assert found == expected or is_hook_of(home, found), (says, name, home)


def is_hook_of(home: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether a task is a hook of another, which is a hook itself, in a DAG that the compiler has put around both."""
    return home[:-1] == other[:-1] and home[-1].startswith(f"{other[-1]}.")


def stands(said: str, home: tuple[str, ...]) -> bool:
    """Whether a node is called as a task is, or as its hook."""
    said = said.partition("]")[2] if said.startswith("[") else said
    if said.startswith(f".{task_name(home[-1])}") and not said.endswith(".onExit") and ".hooks." not in said:
        return True
    hook = home[-1].rpartition(".")[2]
    return (".onExit" if hook == "exit" else f".hooks.{hook}") in said


def outer(node: Json | None, homes: Mapping[str, Any], nodes: Mapping[str, Json]) -> tuple[str, ...]:
    """The task that a DAG belongs to, or the next one around it."""
    while node is not None:
        home: tuple[str, ...] | None = homes[node["name"]]
        if home is not None:
            return home
        node = nodes.get(node.get("boundaryID", ""))
    return ()


@pytest.mark.parametrize("name", GOLDEN)
def test_each_node_of_a_golden_run_too(name: str) -> None:
    analysis = analyze(GOLDEN[name] / "pipeline.yaml")
    asked = golden(name, list(compile_analysis(analysis).objects))
    if asked is None:
        pytest.skip("a library is called, and does not run by itself")
    (report,) = runs.reports([Run(**{**vars(asked), "whole": True})])
    one = Went(analysis, report)
    for workflow in report["states"]:
        check(one, workflow, name)
    assert all(state.phase in WORST_FIRST for state in one.end.states.values())
    assert one.end.unknown == 0
