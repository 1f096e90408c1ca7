"""The templates that the tasks of a pipeline compile to, each once, as YAML."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

from transpiler.analysis import Analysis
from transpiler.compiler import compile_analysis, lowered_program
from transpiler.graph.model import SEPARATOR
from transpiler.model.task import EXIT
from transpiler.plan.argo_objects import Node, workflow_spec
from transpiler.render.render import render
from transpiler.runs.places import Target, run_of

Json = dict[str, Any]
NOTHING: Final[Json] = {"templates": {}, "used": {}}


def compiled(analysis: Analysis, ids: Collection[str]) -> Json:
    """What the tasks with these ids run. `used`: the id → names of templates; `templates`: their texts.

    A task runs several templates where the compiler puts one around another. Nothing, if the manifest does not compile.
    """
    objects = compile_analysis(analysis).objects
    if not objects or analysis.pipeline is None or analysis.program is None or analysis.dataflow is None:
        return NOTHING
    specs = list(map(workflow_spec, objects))
    by_name = {each["name"]: each for spec in specs for each in spec.get("templates", [])}
    lowered, _ = lowered_program(analysis.pipeline, analysis.program, analysis.dataflow)
    used: dict[str, dict[str, None]] = {}
    for started in _started(specs[-1], lowered.entries.calls if lowered.entries is not None else ()):
        target = run_of(analysis.program, lowered, started)
        for each, template in _reached(target, started, by_name, specs[-1], ids):
            if each.path is not None:
                used.setdefault(_id(each), {})[template] = None
    wanted = dict.fromkeys(name for names in used.values() for name in names)
    return {
        "templates": {name: render(by_name[name]) for name in wanted},
        "used": {task: list(names) for task, names in used.items()},
    }


def _started(spec: Node, entries: Any) -> list[str]:
    """The templates that a run can start with."""
    return list(dict.fromkeys([*([spec["entrypoint"]] if "entrypoint" in spec else []), *entries]))


def _reached(
    start: Target, template: str, by_name: Mapping[str, Node], spec: Node, ids: Collection[str]
) -> Iterator[tuple[Target, str]]:
    """The tasks that a run can reach, each with a template of its own that it runs; without end if `ids` were not."""
    waiting = [(start, template)]
    run = {name: hook.get("template", "") for name, hook in spec.get("hooks", {}).items()}
    for name, runs in {**run, EXIT: spec.get("onExit", "")}.items():
        beside = start.beside.get(name)
        waiting += [(beside, runs)] if beside is not None else []
    while waiting:  # nesting has no limit
        target, name = waiting.pop()
        if name not in by_name or (target.path and _id(target) not in ids):
            continue
        yield target, name
        if target.inner is not None:
            for task in _tasks(by_name[name]):
                found = target.inner.target(str(task.get("name", "")))
                waiting += _runs(found, task) if found is not None else []


def _id(target: Target) -> str:
    return SEPARATOR.join(target.path or ())


def _runs(target: Target, task: Node) -> Iterator[tuple[Target, str]]:
    """What a task of Argo's runs, and its hooks."""
    yield target, _template(task)
    for name, hook in task.get("hooks", {}).items():
        found = target.hook(name)
        if found is not None:
            yield found, _template(hook)


def _tasks(template: Node) -> Iterator[Node]:
    yield from template.get("dag", {}).get("tasks", [])
    for row in template.get("steps", []):
        yield from row


def _template(task: Node) -> str:
    return str(task.get("template") or task.get("templateRef", {}).get("template", ""))
