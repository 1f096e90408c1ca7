"""What a run would do, as far as that is known before it: its tasks level by level, with their commands.

Values that a task gets from another one stay as they are written, and so do conditions.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from transpiler.patterns import regex
from transpiler.plan.argo_objects import Node, workflow_spec
from transpiler.runs.origins import called, templates_of
from transpiler.runs.recorded import ADDED, SAME, Names

_TAG: Final = regex(r"\{\{\s*((?:inputs|workflow)\.parameters\.[-\w.]+)\s*\}\}")
_NAME: Final = regex(r"[A-Za-z][-\w]*")
_DEEPEST: Final = 20
_LONGEST: Final = 400
_MOST_TASKS: Final = 2_000


def lines_of(objects: Sequence[Node], arguments: Mapping[str, str]) -> Iterator[str]:
    """Lines for people; texts in them come from the objects."""
    templates = {
        str(each.get("name")): each
        for node in objects
        if isinstance(node.get("spec"), dict)
        for each in workflow_spec(node).get("templates") or ()
    }
    spec = workflow_spec(objects[-1])
    known = {f"workflow.parameters.{name}": value for name, value in _values(spec.get("arguments"), {}).items()}
    known |= {f"workflow.parameters.{name}": value for name, value in arguments.items()}
    outer = {name.removeprefix("workflow."): value for name, value in known.items()}
    start = {f"inputs.{name}": value for name, value in outer.items()}
    yield from _template(str(spec.get("entrypoint", "")), {**known, **start}, templates, 0)
    if spec.get("onExit"):
        yield "at the end:"
        yield from _template(str(spec["onExit"]), known, templates, 1)


def _values(ports: Any, known: Mapping[str, str]) -> dict[str, str]:
    found = {}
    for each in (ports or {}).get("parameters") or ():
        value = each.get("value", each.get("default"))
        if value is not None:
            found[str(each.get("name"))] = _filled(str(value), known)
    return found


def _filled(text: str, known: Mapping[str, str]) -> str:
    return _TAG.sub(lambda tag: known.get(tag[1], tag[0]), text)


def _template(name: str, known: Mapping[str, str], templates: Mapping[str, Node], depth: int) -> Iterator[str]:
    """The lines of a template; `known` are the values of its inputs, and those of the run."""
    template = templates.get(name)
    if template is None or depth > _DEEPEST:
        yield f"{'  ' * depth}…"
        return
    defaults = _values(template.get("inputs"), {})
    own = {**{f"inputs.parameters.{each}": value for each, value in defaults.items()}, **known}
    if "dag" in template or "steps" in template:
        for number, level in enumerate(levels(template), 1):
            yield f"{'  ' * depth}level {number}:"
            for task in level:
                yield from _task(task, own, templates, depth + 1)
        return
    for line in _program(template, own):
        yield f"{'  ' * depth}{line}"


def _task(task: Node, known: Mapping[str, str], templates: Mapping[str, Node], depth: int) -> Iterator[str]:
    loops = [f"{key}: {_short(task[key])}" for key in ("withItems", "withParam", "withSequence") if task.get(key)]
    asks = [f"when: {_filled(str(task['when']), known)}"] if task.get("when") else []
    about = f" ({'; '.join([*asks, *loops])})" if asks or loops else ""
    yield f"{'  ' * depth}{task.get('name')}{about}"
    passed = {f"inputs.parameters.{name}": value for name, value in _values(task.get("arguments"), known).items()}
    run = {name: value for name, value in known.items() if name.startswith("workflow.")}
    inline = task.get("inline")
    if inline:
        yield from _template("", {**run, **passed}, {**templates, "": inline}, depth + 1)
    else:
        reference = (task.get("templateRef") or {}).get("template")
        yield from _template(str(task.get("template") or reference), {**run, **passed}, templates, depth + 1)


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


def _program(template: Node, known: Mapping[str, str]) -> Iterator[str]:
    for kind in ("container", "script"):
        container = template.get(kind)
        if container:
            words = [_filled(str(each), known) for key in ("command", "args") for each in container.get(key) or ()]
            source = str(container.get("source") or "")
            yield f"{container.get('image', '')}: {' '.join(map(_word, words))}"
            if source:
                yield f"  {_word(_filled(source, known))}"
            return
    kinds = [each for each in ("suspend", "containerSet", "resource", "http", "data", "plugin") if each in template]
    yield kinds[0] if kinds else "…"


def _word(word: str) -> str:
    """A word of a command; of a program in it, the start."""
    first, *others = word.split("\n")
    return f"{shlex.quote(first)[:_LONGEST]}… ({len(others)} lines more)" if others else shlex.quote(word)[:_LONGEST]


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


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
