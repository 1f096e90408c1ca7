"""What a task receives of tasks before it, when they were skipped, failed, or ran for many items or none.

The answers are those of Argo's controller (`judge run`). Where a rule of ours refuses a manifest, the same Workflow
without the `??` shows what it is refused for.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.judges.controller import SKIPPED, Became, Controller, Ended
from tests.language.expressions.pipelines import compiled, component, is_run, passed, show
from transpiler import compile_bytes

COMPONENTS = {
    "make": component(outputs={"o": "String"}),
    "show": component(["x"]),
    "lenient": {**component(["x"]), "inputs": [{"name": "x", "default": "the default"}]},
}
INPUTS = {"on": True, "name": "abc", "list": [1, 2], "maps": [{"a": 1, "b.c": 2, "d'e": 3}]}
MAKE = {"component": "make"}
MAYBE = {**MAKE, "when": "inputs.on"}


def pipeline(tasks: dict[str, Any], **keys: Any) -> dict[str, Any]:
    return {"name": "late", "inputs": INPUTS, "components": COMPONENTS, "tasks": tasks, **keys}


def workflow_of(tasks: dict[str, Any], **keys: Any) -> str:
    text, codes = compiled(pipeline(tasks, **keys))
    assert text is not None, codes
    return text


def codes_of(tasks: dict[str, Any], **keys: Any) -> list[str]:
    return sorted(code for codes in compiled(pipeline(tasks, **keys))[1].values() for code in codes)


def texts(became: Became) -> list[str | None]:
    assert not became.error, became.error
    return [None if each.skipped else each.inputs["x"] for each in became.runs]


def yielded(text: str) -> Ended:
    return Ended(outputs={"o": text})


ANY_WAY_IT_ENDS = {"skipped": (SKIPPED, "none"), "succeeded": (yielded("there"), "there")}


@pytest.mark.parametrize("state", ANY_WAY_IT_ENDS)
def test_an_output_that_may_be_absent(state: str, controller: Controller) -> None:
    how, text = ANY_WAY_IT_ENDS[state]
    choice = "tasks.a.output ?? 'none'"
    tasks = {
        "a": MAYBE,
        "whole": show(f"${{{{ {choice} }}}}"),
        "inside": show(f"<${{{{ {choice} }}}}>"),
        "computed": show(f"${{{{ upper({choice}) + inputs.name }}}}"),
        "condition": show("x", when=f"({choice}) == 'there'"),
        "chosen": show("${{ tasks.a.output ?? tasks.b.output }}"),
        "b": {**MAKE, "when": "!inputs.on"},
        "default": {**show("${{ tasks.a.output }}"), "component": "lenient"},
        "looped": show("${{ item }}${{ " + choice + " }}", forEach=["i", "j"]),
    }
    outputs = {"o": f"${{{{ {choice} }}}}", "text": f"<${{{{ {choice} }}}}> of ${{{{ workflow.name }}}}"}
    other = yielded("other") if how is SKIPPED else SKIPPED
    dag = controller.run(workflow_of(tasks, outputs=outputs), ended={"a": how, "b": other})
    assert passed(dag.tasks["whole"], "x") == text
    assert passed(dag.tasks["inside"], "x") == f"<{text}>"
    assert passed(dag.tasks["computed"], "x") == f"{text.upper()}abc"
    assert dag.tasks["condition"].runs[0].when == ("true" if text == "there" else "false")
    assert passed(dag.tasks["chosen"], "x") == ("other" if text == "none" else "there")
    assert passed(dag.tasks["default"], "x") == ("the default" if text == "none" else "there")
    assert texts(dag.tasks["looped"]) == [f"i{text}", f"j{text}"]
    assert dag.outputs == {"o": text, "text": f"<{text}> of nightly-x7b2k"}


def test_without_the_choice_the_run_ends(controller: Controller) -> None:
    tasks = {"a": MAYBE, "b": show("${{ tasks.a.output ?? 'none' }}"), "c": show("<${{ tasks.a.output ?? 'none' }}>")}
    text = workflow_of(tasks)
    assert text.count("{{=tasks['a'].outputs.parameters['o'] ?? 'none'}}") == 2
    computed = text.replace(" ?? 'none'", "")
    simple = text.replace("{{=tasks['a'].outputs.parameters['o'] ?? 'none'}}", "{{tasks.a.outputs.parameters.o}}")
    for without in (computed, simple):
        dag = controller.run(without, ended={"a": SKIPPED})
        assert not any(is_run(dag.tasks[task]) or dag.tasks[task].waits for task in "bc")
    for argument in ("${{ tasks.a.output }}", "<${{ tasks.a.output }}>", "${{ upper(tasks.a.output) ?? 'x' }}"):
        assert codes_of({"a": MAYBE, "b": show(argument)}) == ["skipped-producer"]


LOOPS = {
    "some items": (Ended(items=[yielded("1"), yielded("2")]), '["1","2"]', "2"),
    "no item": (Ended(items=[]), "[]", "0"),
    "every item skipped": (Ended(items=[SKIPPED, SKIPPED]), "[]", "0"),
    "one item skipped": (Ended(items=[SKIPPED, yielded("2")]), '["2"]', "1"),
    "lists": (Ended(items=[yielded("[1]"), yielded("[2]")]), "[[1],[2]]", "2"),
}


@pytest.mark.parametrize("state", LOOPS)
def test_what_a_loop_collects(state: str, controller: Controller) -> None:
    how, text, count = LOOPS[state]
    tasks = {
        "loop": {**MAKE, "forEach": "${{ inputs.list }}", "when": "item != 3"},
        "whole": show("${{ tasks.loop.output }}"),
        "inside": show("<${{ tasks.loop.output }}>"),
        "counted": show("${{ len(tasks.loop.output) }}"),
        "each": show("${{ item }}!", forEach="${{ tasks.loop.output }}"),
    }
    dag = controller.run(workflow_of(tasks, outputs={"o": "${{ tasks.loop.output }}"}), ended={"loop": how})
    assert passed(dag.tasks["whole"], "x") == text
    assert passed(dag.tasks["inside"], "x") == f"<{text}>"
    assert passed(dag.tasks["counted"], "x") == count
    assert len(dag.tasks["each"].runs) == int(count)
    assert dag.outputs["o"] == text


@pytest.mark.parametrize("source", ["${{ inputs.list }}", "${{ json('[]') }}"])
def test_a_loop_without_condition_over_a_list_that_may_be_empty(source: str, controller: Controller) -> None:
    tasks = {"loop": {**MAKE, "forEach": source}, "b": show("${{ tasks.loop.output }}")}
    assert passed(controller.run(workflow_of(tasks), ended={"loop": Ended(items=[])}).tasks["b"], "x") == "[]"


def test_items_and_outputs_in_one_expression(controller: Controller) -> None:
    tasks = {
        "a": MAYBE,
        "b": MAKE,
        "list": show("${{ item + 1 }} ${{ item + tasks.b.output + (tasks.a.output ?? '-') }}", forEach=[1, 2]),
        "given": show("${{ item }} of ${{ inputs.name + tasks.b.output }}", forEach="${{ inputs.list }}"),
        "maps": show("${{ item.a * 2 }} ${{ item['b.c'] + item[\"d'e\"] }}", forEach="${{ inputs.maps }}"),
        "keys": show("${{ item.z ?? item.a }}", forEach="${{ inputs.maps }}"),
        "whole": show("${{ item }}", forEach="${{ inputs.maps }}"),
        "picked": show("${{ item }}", forEach=["u", "v"], when="item != tasks.b.output"),
        "of": show("${{ item }}", forEach="${{ json(tasks.a.output ?? '[]') }}"),
    }
    dag = controller.run(workflow_of(tasks), ended={"a": SKIPPED, "b": yielded("v")})
    assert texts(dag.tasks["list"]) == ["2 1v-", "3 2v-"]
    assert texts(dag.tasks["given"]) == ["1 of abcv", "2 of abcv"]
    assert texts(dag.tasks["maps"]) == ["2 23"]
    assert texts(dag.tasks["keys"]) == ["1"]
    assert texts(dag.tasks["whole"]) == ['{"a":1,"b.c":2,"d\'e":3}']
    assert texts(dag.tasks["picked"]) == ["u", None]
    assert texts(dag.tasks["of"]) == []


FAILED = Ended("Failed")


def test_who_runs_after_a_failure(controller: Controller) -> None:
    after = {"depends": "a.Failed || a.Succeeded"}
    tasks = {
        "a": MAKE,
        "b": show("${{ tasks.a.output ?? 'none' }} ${{ tasks.a.status }} ${{ tasks.a.exitCode }}", **after),
        "loop": {**MAKE, "forEach": ["x", "y"]},
        "c": show("${{ tasks.loop.output }}", depends="loop.Failed || loop.Succeeded"),
    }
    text = workflow_of(tasks)
    for loop in (Ended("Failed", items=[FAILED, FAILED]), FAILED):
        dag = controller.run(text, ended={"a": Ended("Failed", facts={"exitCode": "2"}), "loop": loop})
        assert passed(dag.tasks["b"], "x") == "none Failed 2"
        assert passed(dag.tasks["c"], "x") == "[]"
    half = Ended("Failed", items=[FAILED, yielded("2")])
    dag = controller.run(text, ended={"a": Ended(outputs={"o": "1"}, facts={"exitCode": "0"}), "loop": half})
    assert passed(dag.tasks["b"], "x") == "1 Succeeded 0"
    assert passed(dag.tasks["c"], "x") == '["2"]'


def test_an_output_of_a_failed_task_is_waited_for_without_end(controller: Controller) -> None:
    text = workflow_of({"a": MAKE, "b": show("${{ tasks.a.output }}")})
    assert controller.run(text, ended={"a": FAILED}).tasks["b"].waits
    for depends in ("a.Failed", "a || a.Failed", "!a.Succeeded", "a.Succeeded || a.Omitted", "a.Errored && !a.Failed"):
        assert codes_of({"a": MAKE, "b": show("${{ tasks.a.output }}", depends=depends)}) == ["skipped-producer"]
    for depends in ("a", "a.Succeeded", "a && !a.Failed", "a.Succeeded || a.Daemoned"):
        assert codes_of({"a": MAKE, "b": show("${{ tasks.a.output }}", depends=depends)}) == []
    lenient = {**show("${{ tasks.a.output }}", depends="a.Failed"), "component": "lenient"}
    assert codes_of({"a": MAKE, "b": lenient}) == ["skipped-producer"]


def test_facts(controller: Controller) -> None:
    group = {"tasks": {"inner": MAKE}}
    assert codes_of({"a": MAYBE, "b": show("${{ tasks.a.exitCode }}")}) == ["skipped-producer"]
    assert codes_of({"a": group, "b": show("${{ tasks.a.exitCode }}")}) == ["unknown-output"]
    assert codes_of({"a": {**MAKE, "forEach": [1]}, "b": show("${{ tasks.a.hostNodeName }}")}) == ["unknown-output"]
    assert codes_of({"a": MAKE, "b": show("${{ tasks.a.ip }}")}) == ["unknown-output"]
    text = workflow_of({"a": MAYBE, "b": show("${{ tasks.a.exitCode ?? 7 }} ${{ tasks.a.status }}")})
    assert passed(controller.run(text, ended={"a": SKIPPED}).tasks["b"], "x") == "7 Skipped"
    assert controller.run(text.replace(" ?? '7'", ""), ended={"a": SKIPPED}).tasks["b"].waits


def test_hooks(controller: Controller) -> None:
    hook = show("${{ tasks.a.status }} ${{ tasks.a.output ?? 'none' }} ${{ inputs.name }}")
    text = workflow_of({"a": {**MAKE, "onExit": hook}})
    assert controller.run(text, ended={"a": FAILED}).tasks["a"].hooks["exit"].inputs["x"] == "Failed none abc"
    assert controller.run(text, ended={"a": yielded("1")}).tasks["a"].hooks["exit"].inputs["x"] == "Succeeded 1 abc"
    plain = text.replace("=tasks['a'].outputs?.parameters?.['o'] ?? 'none'", "tasks.a.outputs.parameters.o")
    received = controller.run(plain, ended={"a": FAILED}).tasks["a"].hooks["exit"].inputs["x"]
    assert received == "Failed {{tasks.a.outputs.parameters.o}} abc", "this is what the rule is for"
    for wrong in ("${{ tasks.a.output }}", "${{ tasks.a.startedAt }}", "${{ lower(tasks.a.output) }}"):
        assert codes_of({"a": {**MAKE, "onExit": show(wrong)}}) == ["hook-reference"]
    beside = {**show("${{ tasks.a.status }}"), "when": "tasks.a.status == 'Running'"}
    assert codes_of({"a": {**MAKE, "hooks": {"h": beside}}}) == ["hook-reference"]
    asks = {**show("x"), "when": "tasks.a.output == 'x'"}
    assert codes_of({"a": {**MAKE, "hooks": {"h": asks}}}) == ["hook-reference"]
    assert codes_of({"a": {**MAKE, "forEach": [1], "onExit": show("${{ tasks.a.status }}")}}) == []


def test_groups_are_passed_what_may_be_absent(controller: Controller) -> None:
    inner = {
        "here": MAYBE,
        "both": show("${{ tasks.here.output ?? tasks.a.output ?? 'none' }} ${{ tasks.a.output ?? inputs.name }}"),
        "deep": {"tasks": {"b": show("${{ tasks.a.output.x[0] ?? 'deep' }} ${{ workflow.name + inputs.name }}")}},
    }
    text = workflow_of({"a": MAYBE, "group": {"tasks": inner}})
    for how, both, deep in (
        (SKIPPED, "none abc", "deep"),
        (yielded('{"x": [1]}'), '{"x": [1]} {"x": [1]}', "1"),
    ):
        given = controller.run(text, ended={"a": how}).tasks["group"].runs[0].inputs
        group = controller.run(text, template="group", arguments=given, ended={"here": SKIPPED})
        assert passed(group.tasks["both"], "x") == both
        deepest = controller.run(text, template="group-deep", arguments=group.tasks["deep"].runs[0].inputs)
        assert passed(deepest.tasks["b"], "x") == f"{deep} nightly-x7b2kabc"


def test_an_optional_input_is_the_empty_text(controller: Controller, tmp_path: Path) -> None:
    """Of a run that leaves it out, and of a task that calls the pipeline without it."""
    inner = {
        "x": "<${{ inputs.left + 'a' }}${{ inputs.left }}>",
        "y": "${{ inputs.left == '' ? 'none' : inputs.left }}",
    }
    tasks = {name: show(text) for name, text in inner.items()} | {
        "z": {**show("${{ inputs.left }}"), "component": "lenient"}
    }
    optional = {"left": {"type": "String", "optional": True}}
    sub = {**pipeline(tasks), "inputs": optional}
    (tmp_path / "sub.yaml").write_text(json.dumps(sub))
    calls = {
        "without": {"pipeline": "./sub.yaml"},
        "empty": {"pipeline": "./sub.yaml", "arguments": {"left": ""}},
        "with": {"pipeline": "./sub.yaml", "arguments": {"left": "b"}},
    }
    outer = json.dumps({"name": "outer", "tasks": calls}).encode()
    text = compile_bytes("outer.yaml", outer, tmp_path).text
    assert text is not None
    dag = controller.run(text)
    wanted = {"without": ["<a>", "none", "the default"], "empty": ["<a>", "none", ""], "with": ["<bab>", "b", "b"]}
    for call, received in wanted.items():
        template = next(
            each for each in YAML(typ="safe").load(text)["spec"]["templates"][0]["dag"]["tasks"] if each["name"] == call
        )
        got = controller.run(text, template=template["template"], arguments=dag.tasks[call].runs[0].inputs)
        assert [passed(got.tasks[task], "x") for task in "xyz"] == received
    alone = compile_bytes("sub.yaml", json.dumps(sub).encode(), tmp_path).text
    assert alone is not None
    assert [passed(controller.run(alone).tasks[task], "x") for task in "xyz"] == ["<a>", "none", ""]


def test_an_optional_number_is_none_when_it_is_left_out() -> None:
    optional = {"n": {"type": "Integer", "optional": True}}
    for wrong in ("${{ inputs.n + 1 }}", "${{ inputs.n == 1 }}"):
        assert codes_of({"a": show(wrong)}, inputs=optional) == ["type-mismatch"]
    assert codes_of({"a": show("${{ string(inputs.n) + 'a' }}")}, inputs=optional) == []
    assert codes_of({"a": show("${{ (inputs.n ?? 1) + 1 }}")}, inputs=optional) == []


def test_what_a_run_failed_of(controller: Controller) -> None:
    on_exit = {"say": show("${{ workflow.failures[0].displayName }} ${{ len(workflow.failures) }}")}
    on_exit["all"] = show("${{ workflow.failures }} ${{ workflow.status }}")
    on_exit["last"] = {**show("end"), "after": ["say"]}  # which waits for one of the two: so they are a DAG, not steps
    text = workflow_of({"a": MAKE}, onExit=on_exit)
    quoted = '"[{\\"displayName\\":\\"load\\"}]"'
    variables = {"workflow.failures": quoted, "workflow.status": "Failed"}
    dag = controller.run(text, template="late-exit", arguments={}, variables=variables)
    assert passed(dag.tasks["say"], "x") == "load 1"
    assert passed(dag.tasks["all"], "x") == '[{"displayName":"load"}] Failed'
