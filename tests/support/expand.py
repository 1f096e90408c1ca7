"""An emitted Workflow → its single tasks: nested DAGs opened, and what each task is given followed back to its origin.

Says the same of a pipeline whether it was split or not, so that the two can be compared. A DAG that the compiler made
leaves no trace in a task's name: tests call no task of theirs `part-1`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

Json = Any
_MADE = re.compile(r"part-\d+")
_TAG = re.compile(r"\{\{(.*?)\}\}")
_NAME = r"(?:\.([-\w]+)|\['([^']+)'\])"
_PATH = re.compile(rf"\b(inputs|tasks){_NAME}{_NAME}(?:{_NAME})?(?:{_NAME})?")
_DEPENDS = re.compile(r"([a-z][-a-z0-9]*)(?:\.([A-Z][A-Za-z]+))?")


def canonical(path: Sequence[str]) -> str:
    """The name of a task without the DAGs that the compiler made."""
    return "/".join(each for each in path if not _MADE.fullmatch(each))


@dataclass
class Task:
    """A task of a DAG, with what stands in the DAG that it calls."""

    name: str
    path: tuple[str, ...]
    node: Json
    dag: Dag | None = None
    given: dict[str, str] = field(default_factory=dict)
    """`parameters.NAME` and `artifacts.NAME` → what is passed, followed back to its origin."""
    fields: dict[str, str] = field(default_factory=dict)
    """`when`, loops and hooks, likewise."""
    runs: str = ""
    """What it runs, as text; empty for a DAG."""

    @property
    def key(self) -> str:
        """Its name, the same whether it was split or not."""
        return canonical(self.path)

    @cached_property
    def asked(self) -> dict[str, set[str]]:
        """The tasks that its `depends` names → the results that it asks for; the empty text: none in particular."""
        found: dict[str, set[str]] = {}
        for name, result in _DEPENDS.findall(self.node.get("depends", "")):
            found.setdefault(name, set()).add(result)
        return found


@dataclass
class Dag:
    """A DAG template where it is called."""

    tasks: dict[str, Task]
    node: Json
    outputs: dict[str, str] = field(default_factory=dict)

    def leaves(self) -> Iterator[Task]:
        """Every task that runs no DAG."""
        for task in self.tasks.values():
            if task.dag is None:
                yield task
            else:
                yield from task.dag.leaves()

    def dags(self) -> Iterator[Dag]:
        """This DAG, and each below it."""
        yield self
        for task in self.tasks.values():
            if task.dag is not None:
                yield from task.dag.dags()


class Expansion:
    """The DAGs of a Workflow, as a run would open them."""

    def __init__(self, objects: Sequence[Json]) -> None:
        *parts, self.object = objects
        self.library = {part["metadata"]["name"]: _templates(part) for part in parts}
        spec = self.object["spec"].get("workflowSpec", self.object["spec"])
        self.library[""] = _templates(self.object)
        self.entry = self.opened("", self.library[""][spec["entrypoint"]], (), {})
        self.on_exit = None
        if "onExit" in spec:
            self.on_exit = self.opened("", self.library[""][spec["onExit"]], (), {})
        self.entries = [self.entry, *([self.on_exit] if self.on_exit else [])]

    def opened(self, home: str, template: Json, path: tuple[str, ...], given: Mapping[str, str]) -> Dag:
        """A DAG template, called with these inputs."""
        dag = Dag({}, template)
        scope = _Scope(dag, {**_defaults(template), **given}, path)
        for node in in_order(template["dag"]["tasks"]):
            dag.tasks[node["name"]] = self.task(home, node, scope)
        for kind, outputs in template.get("outputs", {}).items():
            dag.outputs |= {f"{kind}.{each['name']}": scope.source(each) for each in outputs}
        return dag

    def task(self, home: str, node: Json, scope: _Scope) -> Task:
        """A task, and the DAG that it runs."""
        task = Task(node["name"], (*scope.path, node["name"]), node)
        task.given = scope.arguments(node)
        for key in ("when", "withItems", "withParam", "withSequence"):
            if key in node:
                task.fields[key] = scope.resolved(json.dumps(node[key], sort_keys=True))
        for name, hook in node.get("hooks", {}).items():
            scope.dag.tasks[task.name] = task  # which a hook may name
            said = {"expression": scope.expression(hook.get("expression", "")), **scope.arguments(hook)}
            task.fields[f"hook {name}"] = json.dumps([said, self.called(home, hook)[1]], sort_keys=True)
        home, template = self.called(home, node)
        if "dag" in template:
            task.dag = self.opened(home, template, task.path, task.given)
        else:
            task.runs = json.dumps({key: value for key, value in template.items() if key != "name"}, sort_keys=True)
        return task

    def called(self, home: str, node: Json) -> tuple[str, Json]:
        """Where a template is, and the template."""
        reference = node.get("templateRef")
        if reference is None:
            return home, self.library[home][node["template"]]
        if reference["name"] not in self.library:  # in the cluster
            return home, {"container": reference}
        return reference["name"], self.library[reference["name"]][reference["template"]]


@dataclass
class _Scope:
    """What the tags of a DAG stand for."""

    dag: Dag
    given: Mapping[str, str]
    path: tuple[str, ...]

    def arguments(self, node: Json) -> dict[str, str]:
        """What a task or hook passes."""
        given = node.get("arguments", {})
        return {f"{kind}.{each['name']}": self.source(each) for kind in given for each in given[kind]}

    def source(self, node: Json) -> str:
        """Where a parameter or artifact comes from."""
        if "valueFrom" in node:
            value = node["valueFrom"]
            return self.resolved(value["parameter"]) if "parameter" in value else self.tag(f"={value['expression']}")
        if "fromExpression" in node:
            return self.tag(f"={node['fromExpression']}")
        if "value" in node or "from" in node:
            return self.resolved(node["value"] if "value" in node else node["from"])
        return self.resolved(json.dumps({key: value for key, value in node.items() if key != "name"}, sort_keys=True))

    def resolved(self, text: str) -> str:
        """A text with each tag followed back to its origin."""
        return _TAG.sub(lambda found: self.tag(found.group(1)), text)

    def tag(self, text: str) -> str:
        """What a tag stands for."""
        if text.startswith("="):
            return f"{{{{={self.expression(text[1:])}}}}}"
        if text == "node.name":
            return f"<{'/'.join(self.path)}>"
        kind, _, rest = text.partition(".")
        if kind == "inputs":
            return self.given.get(rest, f"{{{{{text}}}}}")
        if kind != "tasks":
            return f"{{{{{text}}}}}"
        name, _, what = rest.partition(".")
        task = self.dag.tasks[name]
        if task.dag is not None and what.startswith("outputs."):
            return task.dag.outputs[what.removeprefix("outputs.")]
        return f"{{{{tasks.{task.key}.{what}}}}}"

    def expression(self, text: str) -> str:
        """An expression, likewise; without brackets and spaces, which differ where a part of it is passed on."""

        def put(found: re.Match[str]) -> str:
            names = [each for each in found.groups()[1:] if each is not None]
            if found.group(1) == "inputs" and len(names) > 2:  # what follows is a method, not a name
                names = names[:2]
            value = self.tag(".".join([found.group(1), *names]))
            if value.startswith("{{="):
                return value[3:-2]
            whole = re.fullmatch(r"\{\{([^{}]*)\}\}", value)
            return whole.group(1) if whole else repr(value)

        return re.sub(r"[() ]", "", _PATH.sub(put, text))


def _templates(node: Json) -> dict[str, Json]:
    spec = node["spec"].get("workflowSpec", node["spec"])
    return {template["name"]: template for template in spec["templates"]}


def _defaults(template: Json) -> dict[str, str]:
    found = {}
    for kind, given in template.get("inputs", {}).items():
        for each in given:
            if "value" in each or "raw" in each:
                found[f"{kind}.{each['name']}"] = each.get("value", json.dumps(each.get("raw")))
    return found


def in_order(nodes: Sequence[Json]) -> list[Json]:
    """Tasks, each behind those that it depends on, as the compiler writes them."""
    seen: set[str] = set()
    for node in nodes:
        assert {name for name, _ in _DEPENDS.findall(node.get("depends", ""))} <= seen, node["name"]
        seen.add(node["name"])
    return list(nodes)


def order(expansion: Expansion, bits: dict[str, int]) -> dict[str, int]:
    """Single task → those that have always ended before it starts, as a number: the sum of the bits of each."""
    found: dict[str, int] = {}
    for entry in expansion.entries:
        _order(entry, 0, bits, found)
    return found


def _order(dag: Dag, outside: int, bits: dict[str, int], found: dict[str, int]) -> int:
    """Find what has ended before each task of a DAG; all of its tasks. `outside` has ended before the DAG starts."""
    before: dict[str, int] = {}
    tasks: dict[str, int] = {}
    for name, task in dag.tasks.items():
        before[name] = outside
        for other in task.asked:
            before[name] |= before[other] | tasks[other]
        if task.dag is None:
            tasks[name] = bits[task.key]
            found[task.key] = before[name]
        else:
            tasks[name] = _order(task.dag, before[name], bits, found)
    return sum(tasks.values())


def edges(expansion: Expansion) -> Iterator[tuple[set[str], set[str]]]:
    """The single tasks at either end of every edge that stands in a `depends`."""
    for entry in expansion.entries:
        for dag in entry.dags():
            for task in dag.tasks.values():
                for other in task.asked:
                    yield _below(dag.tasks[other]), _below(task)


def _below(task: Task) -> set[str]:
    return {each.key for each in task.dag.leaves()} if task.dag else {task.key}


def ends(dag: Dag, took: Callable[[str], int], start: int = 0) -> int:
    """When a DAG ends that starts then, if each single task takes so long and starts as soon as it may."""
    ended: dict[str, int] = {}
    for name, task in dag.tasks.items():
        begin = max([start, *(ended[other] for other in task.asked)])
        ended[name] = ends(task.dag, took, begin) if task.dag else begin + took(task.key)
    return max(ended.values())
