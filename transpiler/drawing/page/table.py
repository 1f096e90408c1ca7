"""The table of all tasks: what the picture shows, as text."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from transpiler.drawing.colors import color_of
from transpiler.drawing.labels import chips, in_short, inside, tasks
from transpiler.graph.line import HOOK, Line
from transpiler.graph.model import BAND, Graph, Node

MOST = 12
"""Tasks that another waits for, which its row lists."""
_KINDS = {"group": "group", "pipeline": "sub-pipeline", "graph": "component", BAND: "range"}


class Row(Struct, frozen=True):
    """A task."""

    id: str
    around: str
    """The names of the frames around it, with their separators."""
    name: str
    runs: str
    component: str
    waits: tuple[str, ...]
    settings: tuple[str, ...]
    state: str
    color: str
    """The name of the color of that."""
    problems: int


def rows(graph: Graph, lines: Mapping[str, Line]) -> list[Row]:
    """The rows, in the order of the files."""
    waits: dict[str, dict[str, None]] = {}
    for line in lines.values():
        if line.source and line.target and line.kind != HOOK:
            waits.setdefault(line.target, {})[line.source] = None
    return [_row(graph, node, tuple(waits.get(node.id, ()))) for node in graph.nodes if node.kind != BAND]


def _row(graph: Graph, node: Node, waits: tuple[str, ...]) -> Row:
    mark = graph.marks.get(node.id)
    more = len(waits) - MOST
    return Row(
        id=node.id,
        around=node.id[: -len(node.name)] if node.name and node.id.endswith(node.name) else "",
        name=node.name,
        runs=_runs(graph, node),
        component=node.title or node.reference,
        waits=(*waits[:MOST], *([f"{more} more"] if more > 0 else [])),
        settings=tuple(chips(node)),
        state=in_short(mark) if mark is not None else "",
        color=color_of(graph, node),
        problems=len(node.problems),
    )


def _runs(graph: Graph, node: Node) -> str:
    if node.is_frame:
        return f"{_KINDS[node.kind]} of {tasks(inside(graph, node))}"
    return node.image or node.work
