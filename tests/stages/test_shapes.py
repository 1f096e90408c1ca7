"""A mistake in the shape of one task leaves all else of the pipeline as it is: names, tasks, values and places."""

from __future__ import annotations

from typing import Any, Final

import pytest
from msgspec import Struct

from transpiler.build.pipeline import build_pipeline
from transpiler.diagnostics import Report, Span
from transpiler.model.pipeline import Pipeline
from transpiler.read.documents import MANIFEST as MANIFEST_KIND
from transpiler.read.load import load
from transpiler.read.yaml.nodes import List, Map

MANIFEST: Final = """\
name: x
inputs:
  day: {type: String, default: today}
components:
  own: {inputs: [{name: n}], implementation: {container: {image: alpine, command: [echo, {inputValue: n}]}}}
tasks:
  first: {component: own, arguments: {n: "${{ inputs.day }}"}, retry: 2}
  broken: {component: own, arguments: {n: 1}, after: [first]}
  last:
    component: own
    arguments: {n: "${{ tasks.broken.outputs.o }}"}
    when: inputs.day != ''
outputs:
  o: ${{ tasks.last.outputs.o }}
"""
WHOLE: Final = "{component: own, arguments: {n: 1}, after: [first]}"
NOT_A_TASK: Final = ("null", "1", "x", "[a]", "!tag {component: own}", "&a {b: *a}", "{? [a] : b}")
KEPT: Final = (
    *("component: [own]", "component: 1", "component: {name: 1}", "component: {nme: own}", "component: ~"),
    *("component: own, pipeline: p", "component: own, tasks: {}", "component: own, tasks: []", "tasks: x"),
    *("pipeline: []", "template: []", "template: {container: 1}", "template: {containr: {}}"),
    *("templateRef: {name: 1}", "component: own, unknown: 1", "component: own, argumnets: {}"),
    *("component: own, arguments: []", "component: own, arguments: {n: {a: !x b}}"),
    *("component: own, arguments: 1", "component: own, when: []", "component: own, when: 1 +"),
    *("component: own, forEach: {}", "component: own, forEach: 1", "component: own, forEach: {in: [1], as: 1}"),
    *("component: own, retry: x", "component: own, retry: {limt: 1}", "component: own, timeout: []"),
    *("component: own, cache: []", "component: own, env: []", "component: own, env: {1: []}"),
    *("component: own, volumes: {d: 1}", "component: own, secrets: []", "component: own, resources: {cpu: []}"),
    *("component: own, outputs: []", "component: own, hooks: []", "component: own, hooks: {h: 1}"),
    *("component: own, onExit: 1", "component: own, argo: []", "component: own, argo: {template: {x: 1}}"),
    *("component: own, parallelism: x", "component: own, labels: {a: []}", "component: own, depends: []"),
    *("component: own, depends: first &&", "component: own, component: other", "component: own, ? {} : 1"),
    *("component: own, ~: 1", "<<: x, component: own"),
)  # fmt: skip
"""Mistakes of a task that is still one: what is right in it is there, too."""


def built(text: str) -> tuple[Pipeline, Report]:
    report = Report()
    document = load("x", text.encode(), MANIFEST_KIND, report)
    assert document is not None
    return build_pipeline(document, report), report


def as_data(value: Any) -> Any:
    """A part of a pipeline with its places, to be compared with that of another file."""
    if isinstance(value, Span):
        return value[1:]
    if isinstance(value, (Map, List)):
        return (type(value).__name__, value.mark, list(value.items()) if isinstance(value, Map) else list(value))
    if isinstance(value, Struct):
        return {name: as_data(getattr(value, name)) for name in value.__struct_fields__}
    return [as_data(each) for each in value] if isinstance(value, tuple) else value


@pytest.mark.parametrize("broken", [*NOT_A_TASK, *(f"{{{each}, after: [first]}}" for each in KEPT)])
def test_one_task_breaks_and_all_others_stay(broken: str) -> None:
    whole, before = built(MANIFEST)
    pipeline, report = built(MANIFEST.replace(WHOLE, broken))
    assert not before.failed
    assert report.failed
    assert {each.span.line for each in report.diagnostics} == {8}
    assert [each.name for each in pipeline.dag.tasks] == [each.name for each in whole.dag.tasks]
    for task, other in zip(pipeline.dag.tasks, whole.dag.tasks, strict=True):
        assert task.name == "broken" or as_data(task) == as_data(other)
    for part in ("name", "inputs", "components", "incomplete_names"):
        assert as_data(getattr(pipeline, part)) == as_data(getattr(whole, part))
    assert as_data(pipeline.dag.outputs) == as_data(whole.dag.outputs)
    task = next(each for each in pipeline.dag.tasks if each.name == "broken")
    assert [name for name, _ in task.after] == (["first"] if "after" in broken else [])


@pytest.mark.parametrize(
    ("old", "new", "tasks"),
    [
        ("  last:\n", "  broken:\n", ["broken", "first"]),
        ("  last:\n", "  Not a name:\n", ["Not a name", "broken", "first"]),
        ("  last:\n", '  "":\n', ["", "broken", "first"]),
        ("  last:\n", "  ~:\n", ["broken", "first"]),
        ("  last:\n", "  ? [last]\n  :\n", ["broken", "first"]),
        ("tasks:\n", "unknown: 1\ntasks:\n", ["broken", "first", "last"]),
        ("inputs:\n", "inputs: &a\n  b: *a\n", ["broken", "first", "last"]),
        ("name: x\n", "name: [x]\n", ["broken", "first", "last"]),
        ("tasks:\n", "onExit: 1\nschedule: []\ndefaults: x\nartifacts: 1\ntasks:\n", ["broken", "first", "last"]),
    ],
)  # fmt: skip
def test_names_that_are_wrong_hide_no_others(old: str, new: str, tasks: list[str]) -> None:
    report = Report()
    document = load("x", MANIFEST.replace(old, new).encode(), MANIFEST_KIND, report)
    assert report.failed
    assert document is not None
    assert [each.name for each in build_pipeline(document, report).dag.tasks] == tasks
