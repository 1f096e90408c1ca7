"""The tasks of a run, as far as they are known before it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from transpiler.patterns import regex
from transpiler.plan.argo_objects import Node, workflow_spec
from transpiler.runs.origins import called, templates_of
from transpiler.runs.recorded import ADDED, SAME, Names

_NAME: Final = regex(r"[A-Za-z][-\w]*")
_MOST_TASKS: Final = 2_000


def levels(template: Node) -> list[list[Node]]:
    """The tasks of a DAG or of steps: each level can start once those before it have ended."""
    if "steps" in template:
        return [list(group) for group in template["steps"] or ()]
    tasks = {str(each.get("name")): each for each in template["dag"].get("tasks") or ()}
    after = {name: (set(_depends(task)) & tasks.keys()) - {name} for name, task in tasks.items()}
    found: list[list[Node]] = []
    done: set[str] = set()
    while len(done) < len(tasks):
        ready = [name for name in tasks if name not in done and after[name] <= done]
        ready = ready or [name for name in tasks if name not in done]  # a circle, which Argo refuses
        found.append([tasks[name] for name in ready])
        done |= set(ready)
    return found


def _depends(task: Node) -> Iterator[str]:
    yield from task.get("dependencies") or ()
    yield from _NAME.findall(str(task.get("depends") or "").replace(".", " "))


def tasks_of(objects: Sequence[Node], names: Names) -> list[tuple[str, ...]]:
    """The tasks that run something, as far as a run has to come to them: each with those around it, level by level."""
    templates = {name: template for name, (_, template) in templates_of(objects).items()}
    found: dict[tuple[str, ...], None] = {}
    specs = [workflow_spec(each) for each in objects if isinstance(each.get("spec"), dict)]
    start = str(specs[-1].get("entrypoint")) if specs else ""
    for path in _tasks(start, (), (), templates, names):
        found[path] = None
        if len(found) == _MOST_TASKS:
            break
    return list(found)


def _tasks(
    name: str, path: tuple[str, ...], above: tuple[str, ...], templates: Mapping[str, Node], names: Names
) -> Iterator[tuple[str, ...]]:
    """The tasks in a template, which is that of a path; `above` are the templates around it."""
    for task in (each for level in _levels(templates.get(name)) for each in level):
        written = str(task.get("name"))
        title = names.get(name, {}).get(written, ADDED) if names else written
        inner = path if title in {ADDED, SAME} else (*path, title)
        template = called(task)
        if _levels(templates.get(template)) and template not in above:
            yield from _tasks(template, inner, (*above, name), templates, names)
        elif title != ADDED:
            yield inner


def _levels(template: Node | None) -> list[list[Node]]:
    return levels(template) if template is not None and ("dag" in template or "steps" in template) else []
