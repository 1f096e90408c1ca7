"""What the tasks of a run that run alone ask of a machine: the others are not run, so they need nothing."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from typing import Any

from transpiler.local.chosen import Way, hooked_by, reached
from transpiler.plan.argo_objects import Node, with_workflow_spec, workflow_spec
from transpiler.runs.origins import called, tasks_in, templates_of


def that_run(objects: Sequence[Node], ways: Iterable[Way]) -> tuple[Node, ...]:
    """The objects of a run in which these tasks alone run (all if there are none): pods of others ask for nothing.

    Each template keeps its number; one that no chosen task runs has nothing but its name, and so has a volume.
    """
    starts = {each for way in ways for each in _ends(objects, way)}
    if not starts:
        return tuple(objects)
    used = reached(templates_of(objects), starts)
    return tuple(_asking(each, used) if isinstance(each.get("spec"), dict) else each for each in objects)


def _ends(objects: Sequence[Node], way: Way) -> Iterator[str]:
    """The templates that a task and its hooks run."""
    templates, name = templates_of(objects), str(workflow_spec(objects[-1]).get("entrypoint"))
    for step in way:
        task = next((each for each in tasks_in(templates[name][1]) if each.get("name") == step), {})
        name = called(task)
        yield from hooked_by(task)
    yield name


def _asking(node: Node, used: Container[str]) -> Node:
    spec = workflow_spec(node)
    made = [
        each if each.get("name") in used or each.keys() & {"dag", "steps"} else {"name": each.get("name")}
        for each in spec.get("templates") or ()
    ]
    mounted = {mount.get("name") for each in made for mount in _mounts(each)}
    volumes = [
        each if each.get("name") in mounted else {"name": each.get("name")} for each in spec.get("volumes") or ()
    ]
    return with_workflow_spec(node, {**spec, "templates": made, **({"volumes": volumes} if volumes else {})})


def _mounts(node: Any) -> Iterator[Node]:
    """All `volumeMounts` in a template."""
    for key, value in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        yield from value or () if key == "volumeMounts" else _mounts(value)
