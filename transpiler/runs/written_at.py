"""A field of an object that a manifest compiles to → where the manifest says it, or the task that it comes from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from msgspec import Struct

from transpiler.analysis import Analysis
from transpiler.diagnostics import Related, Span
from transpiler.model.pipeline import Pipeline
from transpiler.model.settings import Named, Settings
from transpiler.model.task import PassThrough, Task
from transpiler.model.values import StoredFile
from transpiler.plan.argo_objects import Node, workflow_spec
from transpiler.read.yaml.nearest import nearest
from transpiler.read.yaml.nodes import Map
from transpiler.resolve.scope import Call
from transpiler.runs.origins import Key, Origin, origins_of, tasks_in
from transpiler.runs.runs import Runs

Steps = tuple[str | int, ...]
_MOST_USERS: Final = 3
_PROGRAMS: Final = (("container",), ("script",))


class Place(Struct, frozen=True):
    """Where it is said, and the tasks to which it applies if that is not one of them."""

    span: Span
    related: tuple[Related, ...] = ()


class WrittenAt:
    """Finds the places of one manifest that has no mistakes."""

    def __init__(self, objects: Sequence[Node], analysis: Analysis, runs: Runs) -> None:
        assert analysis.pipeline is not None
        self._objects, self._pipeline = objects, analysis.pipeline
        entry = workflow_spec(objects[-1]).get("entrypoint")
        run = runs.run({"templateName": entry})
        self._origins: dict[Key, Origin] = origins_of(objects, run) if run is not None else {}

    def place(self, number: int, path: Steps) -> Place:
        """The place of a field of an object; `path` are the keys and indices that lead to it."""
        at = path.index("templates") if "templates" in path else -1
        if at < 0 or at + 1 >= len(path):
            return Place(self._of_the_run(path))
        template = workflow_spec(self._objects[number])["templates"][path[at + 1]]
        origin = self._origins.get((number, str(template.get("name"))))
        calls = _calls(template, path[at + 2 :], origin) if origin is not None else []
        if not calls:
            return Place(self._of_the_run(path))
        return self._of_calls(calls, template, path[at + 2 :])

    def _of_calls(self, calls: list[Call], template: Node, path: Steps) -> Place:
        first, *others = calls
        task = first.task
        found = _in_task(first, template, path) or _in_shared(self._pipeline, task, path)
        users = [*([task.span] if found is not None else ()), *(each.task.span for each in others)]
        place = found or task.span
        told = [Related("the task", each) for each in users if not _is_near(each, place)][:_MOST_USERS]
        component = first.component
        if path in _PROGRAMS and found is None and component is not None and not _is_near(component.span, place):
            told.append(Related("the component", component.span))
        return Place(place, tuple(told))

    def _of_the_run(self, path: Steps) -> Span:
        """An input, or the field in what the manifest says of the run in Argo's own words; else its name."""
        name = _entry(workflow_spec(self._objects[-1]), path[1:]).get("name") if "arguments" in path else None
        given = next((each.span for each in self._pipeline.inputs if each.name == name), None)
        if given is not None:
            return given
        said = [(name, fields, path[path.index(name) + 1 :]) for name, fields in self._pipeline.argo if name in path]
        for _, fields, rest in said:
            found = nearest(fields, rest)
            if found.depth:
                return found.span
        template = self._pipeline.workflow_template
        return template.span if template is not None else self._pipeline.span


def _is_near(one: Span, other: Span) -> bool:
    return one.source is other.source and one.line == other.line


def _calls(template: Node, path: Steps, origin: Origin) -> list[Call]:
    """The tasks that a field of a template is about: for one of a task in a DAG, that task."""
    tasks = tasks_in(template)
    if path[:2] == ("dag", "tasks") and origin.place is not None and len(path) > 2:
        target = origin.place.target(str(tasks[int(path[2])].get("name")))
        if target is not None and target.call is not None:
            return [target.call]
    return origin.calls


def _in_task(call: Call, template: Node, path: Steps) -> Span | None:
    """The place in what the task says, or in its template in Argo's own fields."""
    own = call.implementation.argo_node
    found = [_in_map(own, path)] if own is not None else []
    found += [_in_pass_through(call.task.argo, path), _setting(call.task.settings, template, path), _file(call, path)]
    return next((each for each in found if each is not None), None)


def _in_shared(pipeline: Pipeline, task: Task, path: Steps) -> Span | None:
    """The place in a preset of the task, or in `argo` of all tasks."""
    names = [name for name, _ in task.uses]
    presets = [each for each in pipeline.presets if each.name in names]
    shared = [pipeline.argo_defaults, *(each.argo for each in presets)]
    return next((found for each in shared if (found := _in_pass_through(each, path)) is not None), None)


def _in_pass_through(argo: PassThrough, path: Steps) -> Span | None:
    inside = path[1:] if path[:1] in _PROGRAMS else ()
    pairs = ((argo.template, path), (argo.container, inside), (argo.task, path[3:]))
    return next((found for fields, rest in pairs if (found := _in_map(fields, rest)) is not None), None)


def _in_map(fields: Map | None, path: Steps) -> Span | None:
    """The nearest place in fields; None if they do not have the first of the keys."""
    found = nearest(fields, path) if fields is not None and path else None
    return found.span if found is not None and found.depth else None


def _setting(settings: Settings, template: Node, path: Steps) -> Span | None:
    """The place of a variable or volume, whose names stand in the template."""
    entry = _entry(template, path)
    if "env" in path:
        return next((span for name, span in _variables(settings) if name == entry.get("name")), None)
    if "envFrom" in path:
        same = (each.span for each in settings.env_from if each.source.data == entry)
        return next(same, settings.env_from[0].span if settings.env_from else None)
    if path[:1] == ("volumes",):
        kinds = entry.keys() - {"name"}
        same = (each.span for each in settings.volumes if each.source is not None and kinds & each.source.data.keys())
        return next(same, None)
    if path[:1] == ("timeout",):
        return dict(settings.spans).get("timeout")
    return None


def _variables(settings: Settings) -> Iterator[tuple[str, Span]]:
    yield from ((each.name, each.span) for each in settings.secrets)
    yield from ((each.name, each.span) for each in settings.env if isinstance(each, Named))


def _entry(template: Node, path: Steps) -> Node:
    """The last mapping with a name on the way to a field."""
    found: Node = {}
    node: Any = template
    for step in path:
        try:
            node = node[step]
        except (KeyError, IndexError, TypeError):
            break
        if isinstance(node, dict) and isinstance(step, int):
            found = node
    return found


def _file(call: Call, path: Steps) -> Span | None:
    """The place of a file that comes from a store, or goes to one."""
    if path[:2] == ("outputs", "artifacts") and call.task.settings.storage:
        return call.task.settings.storage[0].span
    if path[:2] != ("inputs", "artifacts"):
        return None
    return next((each.span for each in call.task.arguments if isinstance(each.value, StoredFile)), None)
