"""`--only`: whatever task of a pipeline runs alone, it ends as in a whole run, and nothing else comes up."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.conftest import REPOSITORY
from transpiler.analysis import analyze
from transpiler.cluster.progress import steps_of
from transpiler.compiler import compile_analysis
from transpiler.local.chosen import alone, ways_of, with_following
from transpiler.local.errors import RunError
from transpiler.plan.argo_objects import workflow_spec
from transpiler.rehearsal.acting import Cast
from transpiler.rehearsal.play import play
from transpiler.rehearsal.tasks import Tasks
from transpiler.runs.recorded import Names, Recorded, names_of
from transpiler.runs.runs import Runs
from transpiler.workspace.options import Options

SAMPLES = (
    "branches best-of-sweep caches exit-handlers exit-outputs graphs groups logic loop-files loop-steps may-fail"
    " nested-loops raw-dag retries sub-pipelines sweeps volumes whole-retry workflow-hooks"
).split()


def phases(workflow: dict[str, Any], names: Names) -> dict[str, set[str]]:
    """Each task, whatever its items, with its phases."""
    found: dict[str, set[str]] = {}
    for _, step in steps_of(workflow, Recorded(names)):
        found.setdefault(re.sub(r"\(\d+:.*?\)", "", step.name), set()).add(step.phase)
    return found


@pytest.mark.parametrize("sample", SAMPLES)
def test_a_task_alone_ends_as_in_a_whole_run(sample: str) -> None:
    analysis = analyze(REPOSITORY / "samples" / "features" / sample / "pipeline.yaml", Options(kind="Workflow"))
    objects, runs = compile_analysis(analysis).objects, Runs(analysis)
    run = runs.run({"templateName": workflow_spec(objects[-1])["entrypoint"]})
    assert analysis.program is not None
    assert run is not None
    names = names_of(objects, run)
    whole = phases(play(objects, {}, runs, Cast({}), None).workflow, names)
    tasks = [each.path for each in Tasks(analysis.program).all(40) if not re.search(r"@|\.", "".join(each.path))]
    assert tasks
    for path in tasks:
        ways = ways_of(["/".join(path)], "--only", objects, names)
        assert set(ways) <= set(with_following(ways, objects))
        cut, copies = alone(objects, ways)
        went = play(cut, {}, runs, Cast({}), None)
        known = names | {new: names[old] for new, old in copies.items() if old in names}
        found = phases(went.workflow, known)
        assert not went.stuck
        assert {task: whole.get(task) for task in found} == found
        title = " / ".join(path)
        assert any(each.startswith(title) for each in found) or not any(each.startswith(title) for each in whole)
        assert not [each for each in found if re.search(r"@|^\w+\.exit$", each) and each not in whole]


STEPS: dict[str, Any] = {
    "kind": "Workflow",
    "spec": {
        "entrypoint": "main",
        "templates": [
            {"name": "main", "steps": [
                [{"name": "a", "template": "x"}, {"name": "b", "template": "inner"}], [{"name": "c", "template": "x"}],
            ]},
            {"name": "inner", "dag": {"tasks": [
                {"name": "d", "template": "x"}, {"name": "e", "template": "x", "depends": "d"},
                {"name": "f", "template": "x", "depends": "e"},
            ]}},
            {"name": "x", "container": {"image": "i", "command": ["echo"]}},
            {"name": "unused", "container": {"image": "i", "command": ["echo"]}},
        ],
    },
}  # fmt: skip


def test_steps_and_dags_of_a_workflow() -> None:
    assert ways_of(["b/e"], "--only", [STEPS], {}) == (("b", "e"),)
    assert with_following([("b", "e")], [STEPS]) == (("b", "e"), ("c",), ("b", "f"))
    (made,), copies = alone([STEPS], [("b", "e")])
    templates = {each["name"]: each for each in made["spec"]["templates"]}
    assert sorted(copies.values()) == ["inner", "main"]
    start, inner = (
        templates[made["spec"]["entrypoint"]],
        templates[next(new for new in copies if copies[new] == "inner")],
    )
    assert start["steps"] == [[{"name": "b", "template": inner["name"]}]]
    assert inner["dag"]["target"] == "e"
    assert "unused" not in templates
    with pytest.raises(RunError, match="--from: there is no task `b/g`") as raised:
        ways_of(["b/g"], "--from", [STEPS], {})
    assert raised.value.hint == "did you mean `b/f`?"
