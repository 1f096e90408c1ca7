"""What is compiled, run by Argo's own workflow controller, is what expressions mean.

The other tests ask a program that repeats the steps of the controller around Argo's engine, and so can tell of a
hundred expressions at once which of them end a run. Here is the controller itself, on those that do not.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from tests.judges import go, runs
from tests.judges.runs import Deed, Run
from tests.language.expressions.generate import KINDS, cases, expressions
from tests.language.expressions.pipelines import compiled, manifest
from tests.language.expressions.printer import printed
from tests.language.expressions.semantics import ANY, JSON, Names, Unspecified, kind_of, text_of_json
from tests.language.expressions.test_meaning import condition, in_a_group, is_dead, meant, mistake
from transpiler.model.expressions.tree import Expression, FactReference, OutputReference, WorkflowReference, walk

INPUTS: Final = {"runs": {"type": "Boolean"}, "items": {"type": "JsonArray"}}
TASKS: Final = {
    "done": {"component": "make"},
    "maybe": {"component": "make", "when": "inputs.runs"},
    "each": {"component": "make", "forEach": "${{ inputs.items }}", "when": "item != 'skipped'"},
}


@pytest.mark.parametrize("version", go.VERSIONS)
@settings(
    phases=[Phase.explicit, Phase.generate],
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(case=cases(st.lists(st.one_of(expressions(), expressions("Boolean")), min_size=1, max_size=5)))
def test_the_controller_gives_what_is_meant(version: str, case: tuple[Sequence[Expression], Names]) -> None:
    if runs.program() is None:
        pytest.skip("Argo's controller is not at hand: install Go, or run .ci/run")
    names = case[1]
    nodes = [
        node
        for node in case[0]
        if mistake(node, names) is None and has_a_meaning(node, names) and not is_dead(node, names)
    ]
    document = manifest(nodes, names)
    document |= {"inputs": document["inputs"] | INPUTS, "tasks": document["tasks"] | TASKS}
    workflow, codes = compiled(document, version)
    assert workflow is not None, codes
    (went,) = runs.reports([Run(list(YAML(typ="safe").load_all(workflow)), arguments(names), deeds(names))], version)
    passed = {pod["node"]: pod["words"][1] for pod in went["pods"] if len(pod["words"]) == 2}
    assert went["phase"] == "Succeeded", f"{went['message']} {went['nodes']}\n{workflow}"
    for number, node in enumerate(nodes):
        text = meant(node, names)
        wanted = {f"whole-{number}": text, f"inside-{number}": f"[{text}]", f"group-{number}.inner": text}
        if kind_of(node, names) in {"Boolean", ANY, JSON}:
            wanted[f"when-{number}"] = "a" if condition(node, names) == "true" else None
        if any(isinstance(each, (OutputReference, FactReference)) for each in walk(node)):
            assert went["outputs"][f"out-{number}"] == text, printed(node)
        found = {place: passed.get(place) for place, text in wanted.items()}
        assert found == wanted, f"{found}, not {wanted}\n{printed(node)}\n{workflow}"


def has_a_meaning(node: Expression, names: Names) -> bool:
    """Whether it has one wherever it stands, and none that ends the run."""
    try:
        if any(isinstance(each, WorkflowReference) for each in walk(node)):
            return False  # the run is another one
        values = [meant(node, names), in_a_group(node, names)]
        return None not in (*values, condition(node, names) if kind_of(node, names) in {"Boolean", ANY, JSON} else "")
    except Unspecified:
        return False


def arguments(names: Names) -> dict[str, str]:
    """The inputs of the run: also, which of the tasks are skipped."""
    given = {key.removeprefix("inputs."): each.text or "" for key, each in names.items() if key.startswith("inputs.")}
    items = [*(f"{number}" for number in range(len(looped(names, "String")))), "skipped"]
    is_run = names["tasks.maybe.outputs.String"].text is not None
    return given | {"items": json.dumps(items), "runs": json.dumps(is_run)}


def deeds(names: Names) -> dict[str, Deed]:
    """What the tasks write that expressions refer to."""
    wrote = {
        task: {kind: names[f"tasks.{task}.outputs.{kind}"].text or "" for kind in KINDS} for task in ("done", "maybe")
    }
    looping = {
        rf"each\({number}:.*": wrote["done"] | {kind: text(names, kind, number) for kind in KINDS}
        for number in range(len(looped(names, "String")))
    }
    return {node: Deed(outputs=outputs) for node, outputs in (wrote | looping).items()}


def looped(names: Names, kind: str) -> list[Any]:
    found: list[Any] = json.loads(names[f"tasks.each.outputs.{kind}"].text or "")
    return found


def text(names: Names, kind: str, number: int) -> str:
    return str(text_of_json(looped(names, kind)[number]))
