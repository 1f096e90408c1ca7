"""The names of a manifest's tasks as data, which a run keeps: its nodes are told by them without the manifest.

For each DAG of Argo's, and each task in it: the name of the task in the manifest, `SAME` for what a DAG around a task
runs, which is that task, or `ADDED`. What a template that is not here runs is no task of the manifest.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from typing import Final

from transpiler.plan.argo_objects import Node
from transpiler.runs.found import Found
from transpiler.runs.names import said_by
from transpiler.runs.nodes import mapping, nodes_of, text
from transpiler.runs.origins import origins_of, tasks_in, templates_of
from transpiler.runs.places import HOOKS, ON_EXIT, Path, Place, Target
from transpiler.runs.runs import Runs

SAME, ADDED = "=", ""
Names = Mapping[str, Mapping[str, str]]
"""Template → task in Argo → its name."""
_BESIDE: Final = {".onExit": ON_EXIT}


def names_of(objects: Sequence[Node], run: Target) -> dict[str, dict[str, str]]:
    """The names of the tasks of a run, which `run` is."""
    templates = templates_of(objects)
    found = {}
    for (_, name), origin in origins_of(objects, run).items():
        tasks = tasks_in(templates[name][1])
        if origin.place is not None and tasks:
            found[name] = {str(each.get("name")): _name(origin.place, str(each.get("name"))) for each in tasks}
    return found


def _name(place: Place, task: str) -> str:
    target = place.target(task)
    if target is None or target.path is None:
        return ADDED
    return SAME if target.path == place.single else target.path[-1]


class Recorded(Runs):
    """Reads runs of a manifest by the names that were kept of it; without any, each node has Argo's own."""

    def __init__(self, names: Names) -> None:
        self._names = names

    def found(self, workflow: Node) -> Found:
        """What each node of a run is, or of some of its nodes with all that they are in: no executions."""
        return _Reading(self._names, nodes_of(workflow)).found() if self._names else Found()


class _Reading:
    def __init__(self, names: Names, nodes: Mapping[str, Node]) -> None:
        self._names, self._nodes = names, nodes
        self._tried = {text(node.get("name")) for node in nodes.values() if node.get("type") == "Retry"}
        self._bases: dict[str, Path] = {}
        self._found = Found()

    def found(self) -> Found:
        for key in self._nodes:
            self._enter(key)
        return self._found

    def _enter(self, key: str) -> None:
        """Find the home of a node, after those of the nodes around it."""
        way = []
        while key in self._nodes and key not in self._bases and key not in way:
            way.append(key)
            key = text(self._nodes[key].get("boundaryID"))
        for each in reversed(way):
            self._bases[each] = self._base(each, self._nodes[each])

    def _base(self, key: str, node: Node) -> Path:
        """Note the home of a node. Returns the path of what is in it."""
        around = text(node.get("boundaryID"))
        if around not in self._bases:
            self._found.homes[key] = None
            return self._beside(text(node.get("name")), key)
        base, home = self._bases[around], self._found.homes.get(around)
        tasks = self._names.get(_template(self._nodes[around])) if around not in self._found.below else None
        if tasks is None:
            self._found.homes[key] = home
            self._found.below.add(key)
            return base
        name = text(self._nodes[around].get("name"))
        said = said_by(text(node.get("name"))[len(name) :], _After(name, self._tried))
        if said is None or said.is_row or tasks.get(said.task, ADDED) == ADDED:
            self._found.homes[key] = None
            return base
        path = home or base if tasks[said.task] == SAME else (*base, tasks[said.task])
        self._found.homes[key] = path
        if said.hook:
            self._found.homes[key] = path = (*path[:-1], f"{path[-1]}.{said.hook}")
        return path

    @staticmethod
    def _beside(name: str, run: str) -> Path:
        """The path of what runs beside the tasks."""
        rest = name.removeprefix(run) if name.startswith(run) else ""
        return (ON_EXIT,) if rest.startswith(".onExit") else (HOOKS,) if rest.startswith(".hooks.") else ()


class _After(Container[str]):
    """The names of nodes in a DAG, without that of the DAG."""

    def __init__(self, dag: str, names: Container[str]) -> None:
        self._dag, self._names = dag, names

    def __contains__(self, name: object) -> bool:
        return f"{self._dag}{name}" in self._names


def _template(node: Node) -> str:
    return text(mapping(node.get("templateRef")).get("template")) or text(node.get("templateName"))
