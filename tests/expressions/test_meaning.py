"""What is compiled, evaluated by Argo, is what expressions mean; and what means nothing is refused."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.expressions.generate import KINDS, cases, expressions
from tests.expressions.printer import printed
from tests.expressions.semantics import (
    ANY,
    JSON,
    Meaning,
    Names,
    Refused,
    RunEnds,
    Unspecified,
    kind_of,
    references_in,
    text_of_json,
    unguarded,
)
from tests.judges.controller import SKIPPED, Controller, Dag, Ended
from transpiler import compile_bytes
from transpiler.read.expressions import Expression, FactReference, OutputReference

PORTS = [{"name": kind, "type": kind} for kind in KINDS]
MAKE = {
    "outputs": PORTS,
    "implementation": {"container": {"image": "a", "command": ["a", *({"outputPath": kind} for kind in KINDS)]}},
}
SHOW = {"inputs": [{"name": "x"}], "implementation": {"container": {"image": "a", "command": ["a", {"inputValue": "x"}]}}}
DEFAULTS = {"JsonArray": "[]", "JsonObject": "{}", "Boolean": "true", "Integer": "1", "Float": "1", "String": "", ANY: ""}
TASKS = {
    "done": {"component": "make"},
    "maybe": {"component": "make", "when": "inputs.given-boolean"},
    "each": {"component": "make", "forEach": ["a", "b"], "when": "inputs.given-boolean"},
}
INPUTS = {
    f"{each}-{kind.lower()}": {"type": kind, **({"default": DEFAULTS[kind]} if each == "given" else {})}
    for kind in (*KINDS, ANY)
    for each in ("given", "asked")
}


def manifest(node: Expression) -> str:
    """The expression as a whole argument, inside text, as a condition, and as what the pipeline yields."""
    text = printed(node)
    is_of_tasks = any(isinstance(each, (OutputReference, FactReference)) for each in references_in(node))
    return json.dumps(
        {
            "name": "expression",
            "inputs": INPUTS,
            "components": {"make": MAKE, "show": SHOW},
            "tasks": {
                **TASKS,
                "whole": {"component": "show", "arguments": {"x": f"${{{{ {text} }}}}"}},
                "inside": {"component": "show", "arguments": {"x": f"[${{{{\n{text}\n}}}}]"}},
            },
            "outputs": {"o": f"${{{{ {text} }}}}"} if is_of_tasks else {},
        },
        ensure_ascii=False,
    )


def with_condition(node: Expression) -> str:
    whole = json.loads(manifest(node))
    whole["tasks"]["whole"] = {"component": "show", "arguments": {"x": "a"}, "when": printed(node)}
    return json.dumps(whole, ensure_ascii=False)


def compiled(text: str) -> tuple[str | None, set[str]]:
    """The Workflow, and the codes of all errors."""
    compilation = compile_bytes("pipeline.yaml", text.encode(), Path(__file__).parent)
    return compilation.text, {each.code for each in compilation.diagnostics if each.severity == "error"}


def ended(names: Names) -> dict[str, Ended]:
    """How the tasks ended that the expression refers to."""
    outputs = {
        task: {kind: names[f"tasks.{task}.outputs.{kind}"].text or "" for kind in KINDS} for task in ("done", "maybe")
    }
    is_skipped = names["tasks.maybe.outputs.String"].text is None
    lists = {kind: json.loads(names[f"tasks.each.outputs.{kind}"].text or "") for kind in ("String", "Integer")}
    items = [
        Ended(outputs=outputs["done"] | {kind: str(text_of_json(lists[kind][number])) for kind in lists})
        for number in range(len(lists["String"]))
    ]
    return {
        "done": Ended(outputs=outputs["done"]),
        "maybe": SKIPPED if is_skipped else Ended(outputs=outputs["maybe"]),
        "each": Ended(items=[*items, SKIPPED]),
    }


def run(controller: Controller, workflow: str, names: Names) -> Dag:
    arguments = {key.removeprefix("inputs."): each.text or "" for key, each in names.items() if key.startswith("inputs.")}
    return controller.run(workflow, arguments=arguments, ended=ended(names))


@dataclass(frozen=True)
class Answers:
    whole: str | None
    inside: str | None
    output: str | None


def expected(node: Expression, names: Names) -> str | None:
    try:
        return Meaning(names).printed(node)
    except RunEnds:
        return None


checked = settings(
    max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)


@checked
@given(case=cases(expressions()))
def test_values(controller: Controller, case: tuple[Expression, Names]) -> None:
    node, names = case
    workflow, codes = compiled(manifest(node))
    try:
        kind_of(node, names)
    except Refused as reason:
        assert "operand-type" in codes, reason
        return
    if unguarded(node, names):
        assert "skipped-producer" in codes
        return
    assert workflow is not None, codes
    try:
        text = expected(node, names)
    except Unspecified:
        return
    became = run(controller, workflow, names)
    assert received(became, "whole") == text, workflow
    assert received(became, "inside") == (None if text is None else f"[{text}]"), workflow
    if became.outputs or became.errors:
        assert became.outputs["o"] == text, workflow


def received(dag: Dag, task: str) -> str | None:
    """What a task receives as `x`; None when the run ends there."""
    became = dag.tasks[task]
    assert not became.waits, became.error
    if became.error or became.runs[0].error:
        return None
    return became.runs[0].inputs["x"]


@checked
@given(case=cases(st.one_of(*map(expressions, ["Boolean", "Boolean", ANY, JSON]))))
def test_conditions(controller: Controller, case: tuple[Expression, Names]) -> None:
    node, names = case
    workflow, codes = compiled(with_condition(node))
    try:
        kind = kind_of(node, names)
        if kind not in {"Boolean", ANY, JSON}:
            raise Refused(kind)
    except Refused as reason:
        assert "operand-type" in codes, reason
        return
    if unguarded(node, names):
        assert "skipped-producer" in codes
        return
    assert workflow is not None, codes
    try:
        condition = Meaning(names).condition(node)
    except Unspecified:
        return
    except RunEnds:
        condition = ""
    became = run(controller, workflow, names).tasks["whole"]
    assert not became.waits, became.error
    assert (became.runs[0].when if became.runs else "") == condition, f"{became.error}\n{workflow}"
