"""`--only` and `--from`: tasks by their names → where they are in the DAGs of Argo, and the Workflow that runs them.

A *way* is the names of tasks in Argo that lead from the entrypoint to a task: what the compiler has added is on it.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from transpiler.engine.dag_plan import planned
from transpiler.engine.nodes import NodeState
from transpiler.local.errors import RunError
from transpiler.patterns import regex
from transpiler.plan.argo_objects import Node, with_workflow_spec, workflow_spec
from transpiler.runs.origins import called, tasks_in, templates_of
from transpiler.runs.recorded import ADDED, SAME, Names
from transpiler.suggest import suggestion

Way = tuple[str, ...]
_TASK: Final = regex(r"(?:\[\d+\])?\.([^.()\[\]]+)")
_PART: Final = "-part"


def way_of(node: NodeState) -> Way:
    """The way to a node; what runs beside the tasks has one that no task has."""
    found: list[str] = []
    while node.boundary is not None:
        match = _TASK.match(node.name, len(node.boundary.name))
        found.append(match[1] if match is not None else "")
        node = node.boundary
    beside = node.name.partition(".")[2]
    return (*([f".{beside}"] if beside else []), *reversed(found))


def is_on(way: Way, chosen: Iterable[Way]) -> bool:
    """True for a chosen task, and for what is in one."""
    return any(way[: len(each)] == each for each in chosen)


def is_beside(way: Way) -> bool:
    """True for what runs at the end of a run, or in a state of it."""
    return bool(way) and way[0].startswith(".")


def ways_of(written: Sequence[str], option: str, objects: Sequence[Node], names: Names) -> tuple[Way, ...]:
    """The ways to tasks, named as in the manifest: `train`, `group/train`. Raises RunError for an unknown one."""
    search = _Search(objects, names)
    found: list[Way] = []
    for each in written:
        ways = search.ways(tuple(each.split("/")))
        if not ways:
            hint = suggestion(each, search.known(tuple(each.split("/")[:-1])), "tasks")
            raise RunError(f"{option}: there is no task `{each}`", hint)
        found += ways
    return tuple(found)


class _Search:
    def __init__(self, objects: Sequence[Node], names: Names) -> None:
        self._templates, self._names = templates_of(objects), names
        self._start = str(workflow_spec(objects[-1]).get("entrypoint"))

    def ways(self, wanted: Way) -> list[Way]:
        """The ways to a task; more than one if the compiler made several of it."""
        return [way for way, rest in self._walk(self._start, wanted, set()) if not rest]

    def known(self, around: Way) -> list[str]:
        """The names of the tasks in a group."""
        starts = [self._start] if not around else []
        starts += [self._end(way) for way in self.ways(around)] if around else []
        return ["/".join((*around, name)) for start in starts for name in self._tasks(start)]

    def _end(self, way: Way) -> str:
        template = self._start
        for name in way:
            template = next(called(task) for task in self._in(template) if task.get("name") == name)
        return template

    def _in(self, template: str) -> list[Node]:
        return tasks_in(self._templates[template][1]) if template in self._templates else []

    def _name(self, template: str, task: Node) -> str:
        name = str(task.get("name"))
        return self._names.get(template, {}).get(name, ADDED) if self._names else name

    def _tasks(self, template: str) -> Iterator[str]:
        for task in self._in(template):
            name = self._name(template, task)
            if name in {ADDED, SAME}:
                yield from self._tasks(called(task))
            else:
                yield name

    def _walk(self, template: str, wanted: Way, seen: set[tuple[str, Way]]) -> Iterator[tuple[Way, Way]]:
        """Ways from a template, each with what of the wanted names is left."""
        if (template, wanted) in seen:
            return
        seen.add((template, wanted))
        for task in self._in(template):
            name, step = self._name(template, task), (str(task.get("name")),)
            is_named = bool(wanted) and name == wanted[0]
            rest = wanted[1:] if is_named else wanted
            if is_named and not rest:
                yield step, ()
            elif is_named or name in {ADDED, SAME}:
                yield from ((step + way, left) for way, left in self._walk(called(task), rest, seen))


def with_following(ways: Iterable[Way], objects: Sequence[Node]) -> tuple[Way, ...]:
    """Tasks with all that come after them."""
    templates = templates_of(objects)
    found: dict[Way, None] = {}
    for way in ways:
        found[way] = None
        template = str(workflow_spec(objects[-1]).get("entrypoint"))
        for depth, name in enumerate(way):
            inside = templates[template][1]
            found |= {(*way[:depth], other): None for other in _after(inside, name)}
            template = next(called(task) for task in tasks_in(inside) if task.get("name") == name)
    return tuple(found)


def _after(template: Node, name: str) -> list[str]:
    """The tasks that run after another one of a DAG, or of steps."""
    if template.get("dag"):
        plan = planned({**template["dag"], "target": ""})
        return [task for task, above in plan.ancestors.items() if name in above]
    rows = [[str(task.get("name")) for task in row] for row in template.get("steps") or ()]
    at = next(number for number, row in enumerate(rows) if name in row)
    return [task for row in rows[at + 1 :] for task in row]


def alone(objects: Sequence[Node], ways: Iterable[Way]) -> tuple[tuple[Node, ...], dict[str, str]]:
    """The objects of a run that ends with these tasks, as Argo's `target` does, and nothing runs at its end.

    Templates of which a part runs have no outputs, and new names, each with its old one.
    """
    cut = _Cut(objects)
    start = cut.template(str(workflow_spec(objects[-1]).get("entrypoint")), list(ways))
    *others, last = objects
    spec = workflow_spec(last)
    ends = {key: value for key, value in spec.items() if key not in {"onExit", "hooks"}}
    made = [*others, with_workflow_spec(last, {**ends, "entrypoint": start})]
    for number, added in cut.added.items():
        spec = workflow_spec(made[number])
        made[number] = with_workflow_spec(made[number], {**spec, "templates": [*spec["templates"], *added]})
    return _without_unused(made, start), cut.names


def _without_unused(objects: Sequence[Node], start: str) -> tuple[Node, ...]:
    """Objects with the templates alone that can run: what others lack is of no matter."""
    templates = templates_of(objects)
    used = reached(templates, {start})
    return tuple(_with_templates(each, used) if isinstance(each.get("spec"), dict) else each for each in objects)


def reached(templates: Mapping[str, tuple[int, Node]], starts: Iterable[str]) -> set[str]:
    """The names of templates, and of all that these run."""
    used = set(starts)
    waiting = list(used & templates.keys())
    while waiting:
        inside = tasks_in(templates[waiting.pop()][1])
        more = {name for task in inside for name in (called(task), *hooked_by(task))}
        waiting += (more & templates.keys()) - used
        used |= more
    return used


def hooked_by(task: Node) -> Iterator[str]:
    """The templates of the hooks of a task."""
    yield from map(called, (task.get("hooks") or {}).values())
    yield str(task.get("onExit"))


def _with_templates(node: Node, names: Container[str]) -> Node:
    spec = workflow_spec(node)
    kept = [each for each in spec.get("templates") or () if each.get("name") in names]
    return with_workflow_spec(node, {**spec, "templates": kept})


class _Cut:
    def __init__(self, objects: Sequence[Node]) -> None:
        self._templates = templates_of(objects)
        self.added: dict[int, list[Node]] = {}
        """The number of an object → copies of its templates."""
        self.names: dict[str, str] = {}
        """The name of a copy → that of its template."""

    def template(self, name: str, ways: list[Way]) -> str:
        """A copy of a template that ends with the tasks at these ways; its name."""
        number, template = self._templates[name]
        heads: dict[str, list[Way]] = {}
        for way in ways:
            heads.setdefault(way[0], []).append(way[1:])
        made = {key: value for key, value in template.items() if key != "outputs"}
        made["name"] = f"{name}{_PART}{len(self.names)}"
        self.names[made["name"]] = name
        if template.get("dag"):
            made["dag"] = self._dag(template["dag"], heads)
        else:
            made["steps"] = self._steps(template["steps"], heads)
        self.added.setdefault(number, []).append(made)
        return str(made["name"])

    def _dag(self, dag: Node, heads: Mapping[str, list[Way]]) -> Node:
        plan = planned({**dag, "target": ""})
        needed = {each for head in heads for each in plan.ancestors[head]}
        tasks = [
            self._task(task, () if task["name"] in needed else heads.get(task["name"], ())) for task in dag["tasks"]
        ]
        return {**dag, "target": " ".join(heads), "tasks": tasks}

    def _steps(self, rows: Sequence[Sequence[Node]], heads: Mapping[str, list[Way]]) -> list[list[Node]]:
        last = max(number for number, row in enumerate(rows) for task in row if task.get("name") in heads)
        ends = [self._task(task, heads[task["name"]]) for task in rows[last] if task.get("name") in heads]
        return [*(list(row) for row in rows[:last]), ends]

    def _task(self, task: Node, ways: Sequence[Way]) -> Node:
        """A task of which a part runs; all of it if one of the ways ends there, or there is none."""
        if not ways or not all(ways):
            return task
        made: dict[str, Any] = {key: value for key, value in task.items() if key not in {"hooks", "onExit"}}
        name = self.template(called(task), list(ways))
        if task.get("templateRef"):
            made["templateRef"] = {**task["templateRef"], "template": name}
        else:
            made["template"] = name
        return made
