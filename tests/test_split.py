"""A DAG of any size: what comes out is what was said, in DAGs that a cluster takes."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.shapes import SHAPES, manifest
from tests.conftest import EmittedWorkflows
from tests.expand import Expansion, Task, canonical, edges, order
from transpiler import compile_bytes
from transpiler.resolve import split

Json = Any
MANY = 100_000


def documents(text: str) -> list[Json]:
    return list(yaml.load_all(text, Loader=yaml.CSafeLoader))


def compiled(text: str | bytes) -> str:
    data = text if isinstance(text, bytes) else text.encode()
    compilation = compile_bytes("pipeline.yaml", data, Path(__file__).parent)
    assert compilation.text is not None, [each.message for each in compilation.diagnostics]
    return compilation.text


def both(text: str | bytes, limit: int = 0) -> tuple[Expansion, Expansion]:
    """The Workflow of a manifest as it would be without a limit, and as it is, with a limit of that many tasks."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(split, "MAX_TASKS", MANY)
        whole = Expansion(documents(compiled(text)))
        if limit:
            patch.setattr(split, "FEW_APART", max(1, limit // 4))
            patch.setattr(split, "MOST_APART", limit // 2)
        patch.setattr(split, "MAX_TASKS", limit or 200)
        return whole, Expansion(documents(compiled(text)))


def leaves(expansion: Expansion) -> dict[str, Task]:
    found = [leaf for entry in expansion.entries for leaf in entry.leaves()]
    assert len({leaf.key for leaf in found}) == len(found)
    return {leaf.key: leaf for leaf in found}


def without_parts(text: str) -> str:
    """`<path of the DAG>`, which is where the files of a loop are kept, without the DAGs that the compiler made."""
    return re.sub(r"<([^<>]*)>", lambda found: f"<{canonical(found.group(1).split('/'))}>", text)


def said(task: Task) -> Json:
    """All that a task runs, and is given."""
    texts = {**task.given, **task.fields}
    return task.runs, {key: without_parts(text) for key, text in texts.items()}


def assert_same(whole: Expansion, parted: Expansion) -> None:
    """The same tasks, each with the same values, in an order that keeps every edge and has no other."""
    one, other = leaves(whole), leaves(parted)
    assert one.keys() == other.keys()
    for name, task in one.items():
        assert said(task) == said(other[name]), name
    bits = {name: 1 << number for number, name in enumerate(one)}
    before, after = order(whole, bits), order(parted, bits)
    assert [name for name in one if before[name] & ~after[name]] == []
    meant: dict[str, set[str]] = {}
    for above, below in edges(whole):
        for name in below:
            meant.setdefault(name, set()).update(above)
    for above, below in edges(parted):
        assert any(above & meant.get(name, set()) for name in below), (above, below)


def assert_fits(text: str, limit: int = 200) -> None:
    for document in documents(text):
        spec = document["spec"].get("workflowSpec", document["spec"])
        assert len(spec["templates"]) <= 200
        assert len(json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()) < 1024 * 1024
        for template in spec["templates"]:
            assert len(template.get("dag", {}).get("tasks", ())) <= limit
            assert len(template.get("inputs", {}).get("parameters", ())) <= 500


# ---------------------------------------------------------------------- shapes


@pytest.mark.parametrize("by_value", [True, False], ids=["values", "after"])
@pytest.mark.parametrize("shape", SHAPES)
def test_shapes_of_a_thousand_tasks(shape: str, by_value: bool, emitted: EmittedWorkflows) -> None:
    text = manifest(shape, SHAPES[shape](1_000), by_value=by_value)
    emitted.add(compiled(text))
    assert_fits(compiled(text))
    assert_same(*both(text))


# ---------------------------------------------------------------------- anything at all

CHOICES = st.sampled_from(["value", "text", "path", "after", "status", "logic"])
LOGIC = ["{0}.Succeeded || {0}.Failed", "{0}.Failed", "!{0}.Succeeded", "({0}.Failed || {0}.Omitted)", "{0}"]
COMPONENTS = {
    "work": {
        "inputs": [{"name": "a", "default": "1"}, {"name": "b", "default": "2"}],
        "outputs": [{"name": "o"}],
        "implementation": {
            "container": {
                "image": "alpine",
                "command": ["work", {"inputValue": "a"}, {"inputValue": "b"}, {"outputPath": "o"}],
            }
        },
    },
    "read": {
        "inputs": [{"name": "f", "optional": True}],
        "outputs": [{"name": "o"}],
        "implementation": {
            "container": {
                "image": "alpine",
                "command": [
                    "read",
                    {"if": {"cond": {"isPresent": "f"}, "then": [{"inputPath": "f"}]}},
                    {"outputPath": "o"},
                ],
            }
        },
    },
}


@st.composite
def pipelines(draw: st.DrawFn, *, with_failures: bool = False) -> Json:
    """A pipeline of some tasks with edges of every kind."""
    count = draw(st.integers(2, 30))
    tasks: dict[str, Json] = {}
    for number in range(count):
        tasks[f"t{number}"] = _task(draw, f"t{number}", tasks, with_failures=with_failures)
    used = f"tasks.t{draw(st.integers(0, count - 1))}"
    outputs = {} if "when" in tasks[used[6:]] else {"result": f"${{{{ {used}.outputs.o }}}}"}
    return {"name": "any", "inputs": {"x": "prod"}, "components": COMPONENTS, "tasks": tasks, "outputs": outputs}


def _task(draw: st.DrawFn, name: str, tasks: Json, *, with_failures: bool) -> Json:
    others = draw(st.lists(st.sampled_from(sorted(tasks)), max_size=3, unique=True)) if tasks else []
    task: Json = {"component": draw(st.sampled_from(["work", "work", "work", "read"])), "arguments": {}}
    arguments, logic = task["arguments"], []
    for other in others:
        kind = draw(CHOICES)
        reference = f"tasks.{other}.output"
        guarded = f"{reference} ?? 'none'" if "when" in tasks[other] else reference
        if kind in {"value", "text"} and task["component"] == "work":
            said = f"${{{{ {guarded} }}}}"
            arguments["a" if "a" not in arguments else "b"] = said if kind == "value" else f"{said} and {said}"
        elif kind == "path" and task["component"] == "read" and "when" not in tasks[other]:
            arguments["f"] = f"${{{{ {reference} }}}}"
        elif kind == "status" and "when" not in task:
            task["when"] = f"tasks.{other}.status != 'Failed'"
        elif kind == "logic" and with_failures:
            logic.append(draw(st.sampled_from(LOGIC)).format(other))
        else:
            task.setdefault("after", []).append(other)
    if logic:
        task["depends"] = draw(st.sampled_from([" && ", " || "])).join(f"({each})" for each in logic)
    if draw(st.integers(0, 5)) == 0 and "when" not in task:
        task["when"] = "inputs.x == 'prod'"
    if draw(st.integers(0, 9)) == 0 and not logic:
        task["forEach"] = ["u", "v"]
    if draw(st.integers(0, 9)) == 0:
        task["onExit"] = {
            "component": "work",
            "arguments": {"a": f"${{{{ tasks.{name}.status }}}}", "b": "${{ inputs.x }}"},
        }
    return task


thorough = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@thorough
@given(pipelines(), st.integers(4, 9))
def test_any_graph_keeps_its_meaning(pipeline: Json, limit: int) -> None:
    whole, parted = both(json.dumps(pipeline).encode(), limit)
    assert_same(whole, parted)
