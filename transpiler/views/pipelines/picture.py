"""Two versions of a pipeline and their changes → one graph, with marks of what was added, removed and changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from msgspec.structs import replace

from transpiler.graph.line import Line
from transpiler.graph.lines import lines_of
from transpiler.graph.model import SEPARATOR, Edge, End, Graph, Mark, Node
from transpiler.graph.tree import frames_first
from transpiler.views.changes import Change

Ends = tuple[str, str]
_OF_THE_PIPELINE = {"input": "@inputs", "inputs": "@inputs", "default": "@inputs", "output": "@outputs"}
"""How the kind of a change starts → the box that has its mark; the page tells the others of the whole pipeline."""


def both(old: Graph, new: Graph, changes: Sequence[Change]) -> Graph:
    """The new version, with the tasks and lines of the old one that are gone."""
    before = _renamed(old, _new_names(changes, new))
    were, are = _lines(before), _lines(new)
    gone = [line for ends, line in were.items() if ends not in are]
    return replace(
        new,
        nodes=tuple(frames_first([*new.nodes, *(node for node in before.nodes if node.id not in new.by_id)])),
        edges=tuple({_ports(edge): edge for edge in (*before.edges, *new.edges)}.values()),
        marks=_marks(before, new, changes),
        line_marks={
            **{(line.source, line.target): "removed" for line in gone},
            **{ends: "changed" if ends in were else "added" for ends, line in are.items() if line != were.get(ends)},
        },
        lines=(*are.values(), *gone),
    )


def _ports(edge: Edge) -> tuple[str, ...]:
    return edge.source.node, edge.source.port, edge.target.node, edge.target.port


def of_one(graph: Graph, kind: str) -> Graph:
    """A pipeline that only one version has: every task is `added`, or `removed`."""
    return replace(graph, marks={node.id: Mark(kind, kind) for node in graph.nodes})


# ---------------------------------------------------------------------- names


def _new_names(changes: Iterable[Change], new: Graph) -> Mapping[Ends, str]:
    """The id of the frame around a task in the new version, and its old name → its new name.

    A change in a sub-pipeline that several tasks run is told for one of them.
    """
    found = {}
    for change in changes:
        if change.kind == "task-renamed":
            around, _, name = _id(change.task).rpartition(SEPARATOR)
            for frame in _alike(around, new):
                found[frame, change.subject] = name
    return found


def _alike(name: str, graph: Graph) -> list[str]:
    """The ids of all nodes that are the same task of the same file, or the id itself for a section."""
    node = graph.by_id.get(name)
    if node is None:
        return [name]
    runs_the_same = [each.id for each in graph.nodes if node.defined is not None and each.defined == node.defined]
    return runs_the_same or [each.id for each in graph.nodes if each.span == node.span]


def _id(task: str) -> str:
    """The id of the node for the task of a change: `onExit: report` is `@onExit/report`."""
    section, colon, path = task.partition(": ")
    return f"@{section.partition('.')[0]}{SEPARATOR}{path}" if colon else task


def _renamed(graph: Graph, names: Mapping[Ends, str]) -> Graph:
    """A graph under new names of its tasks."""
    if not names:
        return graph
    ids = {"": ""}
    nodes = []
    for node in graph.nodes:  # frames come before what they hold
        around = ids[node.parent] or ("" if node.section == "tasks" else f"@{node.section}")
        name = names.get((around, node.name), node.name)
        ids[node.id] = f"{around}{SEPARATOR}{name}" if around else name
        nodes.append(replace(node, id=ids[node.id], name=name, parent=ids[node.parent]))
    hooked = tuple(replace(node, hook_of=ids.get(node.hook_of, node.hook_of)) for node in nodes)
    return replace(graph, nodes=hooked, edges=tuple(_moved(edge, ids) for edge in graph.edges))


def _moved(edge: Edge, ids: Mapping[str, str]) -> Edge:
    source, target = (End(ids.get(end.node, end.node), end.port, end.span) for end in (edge.source, edge.target))
    return Edge(source, target, edge.type, edge.how)


# ---------------------------------------------------------------------- marks


def _marks(before: Graph, new: Graph, changes: Iterable[Change]) -> dict[str, Mark]:
    marks = {node.id: Mark("removed", "removed") for node in before.nodes if node.id not in new.by_id}
    marks |= {node.id: Mark("added", "added") for node in new.nodes if node.id not in before.by_id}
    said = defaultdict[str, list[str]](list)
    for change in changes:
        for node in _changed(change, new):
            said[node].append(change.message)
    changed = {node: Mark("changed", "\n".join(messages)) for node, messages in said.items() if node not in marks}
    return {**marks, **changed}


def _changed(change: Change, graph: Graph) -> list[str]:
    """The nodes that a change is about; those of a component are all that run it."""
    if not change.task and not change.component:
        return [_OF_THE_PIPELINE.get(change.kind.partition("-")[0], "@pipeline")]
    if change.component:
        return [node.id for node in graph.nodes if _runs(node, change.component)]
    node = graph.by_id.get(_id(change.task))
    return [each.id for each in graph.nodes if each.span == node.span] if node is not None else []


def _runs(node: Node, component: str) -> bool:
    return component in {node.reference, node.title}


def _lines(graph: Graph) -> dict[Ends, Line]:
    return {(line.source, line.target): line for line in lines_of(graph)}
