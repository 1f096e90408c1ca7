"""What the engine cannot do is refused with its place, before anything starts; nothing else breaks it either."""

from __future__ import annotations

import random
from contextlib import suppress
from typing import Any

import pytest

from tests.engine.generate import asked
from tests.engine.simulated import Simulation
from transpiler.engine.engine import Engine
from transpiler.engine.protocol import RefusedError, RunInfo

Json = Any


def workflow(*templates: Json, **spec: Json) -> Json:
    found = {"entrypoint": "main", "templates": list(templates), **spec}
    return {"kind": "Workflow", "metadata": {"name": "w"}, "spec": found}


def refused(*objects: Json) -> list[tuple[str, str]]:
    """The places and reasons of what is refused."""
    with pytest.raises(RefusedError) as caught:
        Engine(list(objects), {}, RunInfo("r", 0.0))
    return [(".".join(map(str, each.path)), each.message) for each in caught.value.refusals]


CASES: dict[str, tuple[Json, str]] = {
    "a kind of template": ({"name": "main", "http": {"url": "x"}}, "spec.templates.0.http"),
    "a daemon": ({"name": "main", "daemon": True, "container": {"image": "a"}}, "spec.templates.0.daemon"),
    "an unknown field": ({"name": "main", "container": {"image": "a", "gpu": 1}}, "spec.templates.0.container.gpu"),
    "two things to run": ({"name": "main", "dag": {"tasks": [{"name": "a"}]}, "suspend": {}}, "spec.templates.0"),
    "nothing to run": ({"name": "main"}, "spec.templates.0"),
    "a text for a list": ({"name": "main", "steps": "a"}, "spec.templates.0.steps"),
    "a list for a mapping": ({"name": "main", "container": ["a"]}, "spec.templates.0.container"),
    "a task without a name": (
        {"name": "main", "dag": {"tasks": [{"template": "x"}]}},
        "spec.templates.0.dag.tasks.0.name",
    ),
    "no task": ({"name": "main", "dag": {"tasks": []}}, "spec.templates.0.dag.tasks"),
    "a lock in a database": (
        {"name": "main", "suspend": {}, "synchronization": {"mutexes": [{"name": "a", "database": True}]}},
        "spec.templates.0.synchronization.mutexes.0.database",
    ),
    "a format": (
        {"name": "main", "dag": {"tasks": [{"name": "a", "withSequence": {"count": 1, "format": "%s"}}]}},
        "spec.templates.0.dag.tasks.0.withSequence.format",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_cannot_be_done_is_refused(case: str) -> None:
    template, place = CASES[case]
    assert [path for path, _ in refused(workflow(template))] == [place]


def test_all_reasons_are_told_at_once() -> None:
    first, second = (CASES[each][0] for each in ("a kind of template", "a daemon"))
    assert [path for path, _ in refused(workflow(first, second))] == [
        "spec.templates.0.http",
        "spec.templates.1.daemon",
    ]


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ([], ""),
        ([{"kind": "Pod"}], "kind"),
        (["text"], ""),
        ([{"kind": "Workflow", "metadata": {}, "spec": []}], "spec"),
        ([{"kind": "Workflow", "metadata": [], "spec": {}}], "metadata"),
        ([{"kind": "Workflow", "metadata": {}, "spec": {"templates": []}}], "spec.entrypoint"),
        ([{"kind": ["Workflow"]}], "kind"),
    ],
)
def test_what_is_no_workflow_is_refused(given: list[Json], place: str) -> None:
    assert place in [path for path, _ in refused(*given)]


def test_a_workflow_of_a_template_in_the_cluster_runs() -> None:
    leaf = {"name": "main", "container": {"image": "a", "command": ["{{workflow.parameters.x}}"]}}
    spec = {"entrypoint": "main", "arguments": {"parameters": [{"name": "x", "value": 1}]}, "templates": [leaf]}
    run = Engine([{"kind": "WorkflowTemplate", "metadata": {"name": "t"}, "spec": spec}], {"x": "2"}, RunInfo("r", 0.0))
    (order,) = run.step([], 0.0).orders
    assert order.pod.spec["container"]["command"] == ["2"]  # type: ignore[union-attr]


@pytest.mark.parametrize("seed", range(150))
def test_whatever_a_workflow_says_it_is_refused_or_runs(seed: int) -> None:
    """A part of a Workflow is replaced by something else: nobody promised a Workflow that Argo would take."""
    chance = random.Random(seed)
    run = asked(seed)
    _break(run.objects[0]["spec"], chance)
    with suppress(RefusedError):
        workflow_of_run = Simulation(run).go()
        assert workflow_of_run["status"]["phase"] in ("Running", "Succeeded", "Failed", "Error")


def _break(spec: Json, chance: random.Random) -> None:
    place: Json = spec
    while True:
        key = chance.choice(list(place)) if isinstance(place, dict) else chance.randrange(len(place))
        if isinstance(place[key], (dict, list)) and place[key] and chance.random() < 0.85:
            place = place[key]
            continue
        place[key] = chance.choice([None, "", "x", "{{x", "{{=", "{{=x.y", 7, [], {}, ["a"], {"a": 1}, True, "-1", "%"])
        return
