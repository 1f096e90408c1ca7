"""Templates of the objects that a manifest compiles to → the tasks that they come from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct, field

from transpiler.model.task import EXIT
from transpiler.plan.argo_objects import Node, workflow_spec
from transpiler.plan.argo_templates import calls
from transpiler.resolve.scope import Call
from transpiler.runs.places import Place, Target

Key = tuple[int, str]
"""The number of an object, and the name of a template in it."""


class Origin(Struct, eq=False):
    """What a template stands for: the tasks as written that run it, each once, and the DAG of the first of them."""

    calls: list[Call] = field(default_factory=list)
    place: Place | None = None


class _Use(Struct, frozen=True, eq=False):
    """A template where it is used: by a task of the manifest, or in one."""

    name: str
    call: Call | None
    place: Place | None


def origins_of(objects: Sequence[Node], run: Target) -> dict[Key, Origin]:
    """The origin of each template that a run of these objects reaches. `run` is what it starts."""
    templates = templates_of(objects)
    found: dict[Key, Origin] = {}
    waiting = list(_starts(workflow_spec(objects[-1]), run))
    while waiting:
        use = waiting.pop(0)
        number, template = templates.get(use.name, (0, None))
        if template is None:
            continue
        is_new = (number, use.name) not in found
        origin = found.setdefault((number, use.name), Origin(place=use.place))
        if use.call is not None and use.call not in origin.calls:
            origin.calls.append(use.call)
        if is_new:
            waiting += _inside(template, use)
    return found


def templates_of(objects: Sequence[Node]) -> dict[str, tuple[int, Node]]:
    """The templates by name, each with the number of its object."""
    return {str(each.get("name")): (number, each) for number, node in enumerate(objects) for each in _in(node)}


def _in(node: Node) -> Sequence[Node]:
    return workflow_spec(node).get("templates") or () if isinstance(node.get("spec"), dict) else ()


def _starts(spec: Node, run: Target) -> Iterator[_Use]:
    yield _Use(str(spec.get("entrypoint", "")), run.call, run.inner)
    beside = {EXIT: spec.get("onExit"), **{name: hook.get("template") for name, hook in _hooks(spec)}}
    for name, template in beside.items():
        target = run.beside.get(name)
        if template and target is not None:
            yield _Use(str(template), None, target.inner)


def _inside(template: Node, use: _Use) -> Iterator[_Use]:
    for task in tasks_in(template):
        target = use.place.target(str(task.get("name"))) if use.place is not None else None
        call = (target.call if target is not None else None) or use.call
        yield _Use(called(task), call, target.inner if target is not None else None)
        for name, hook in _hooks(task):
            hooked = target.hook(name) if target is not None else None
            inner = hooked.inner if hooked is not None else None
            yield _Use(called(hook), (hooked.call if hooked is not None else None) or call, inner)


def tasks_in(template: Node) -> list[Node]:
    """The tasks of a DAG, or of all steps."""
    return [task for task, _ in calls(template, ())]


def called(task: Node) -> str:
    """The template that a task, or a hook, runs."""
    reference = task.get("templateRef") or {}
    return str(task.get("template") or reference.get("template") or "")


def _hooks(owner: Node) -> list[tuple[str, Node]]:
    return [(name, hook) for name, hook in (owner.get("hooks") or {}).items() if isinstance(hook, dict)]
