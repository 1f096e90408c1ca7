"""The table of the tasks of a pipeline: what its picture shows, as text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from transpiler.drawing.labels import chips, inside, problems, tasks
from transpiler.graph.lines import HOOK, Line
from transpiler.graph.model import Graph, Node
from transpiler.views.links import Links
from transpiler.views.uses import PipelineUse

MAX_WAITS: Final = 12
"""Tasks that another waits for, which its row lists."""
_KINDS: Final = {"group": "group", "pipeline": "sub-pipeline", "graph": "graph"}


class Row(Struct, frozen=True):
    """A task. Addresses are empty where the site has no page."""

    around: str
    """The names of the frames around it, with their separators."""
    name: str
    address: str
    runs: str
    """The component or sub-pipeline; empty for a group."""
    runs_address: str
    what: str
    """The image of a container, the kind of another template, the tasks of a frame."""
    waits: tuple[str, ...]
    settings: tuple[str, ...]
    problems: str


def rows(use: PipelineUse, links: Links, lines: Sequence[Line], most: int) -> list[Row]:
    """The rows, at most so many, in the order of the files."""
    waits: dict[str, dict[str, None]] = {}
    for line in lines:
        if line.source and line.target and line.kind != HOOK:
            waits.setdefault(line.target, {})[line.source] = None
    return [_row(use, links, node, list(waits.get(node.id, ()))) for node in use.graph.nodes[:most]]


def _row(use: PipelineUse, links: Links, node: Node, waits: list[str]) -> Row:
    around = node.id[: -len(node.name)]
    more = len(waits) - MAX_WAITS
    runs = links.to_file(use, node.defined)
    return Row(
        around=around,
        name=node.name,
        address=links.to_line(use, node.span, use),
        runs=node.title or node.reference,
        runs_address=runs.address if runs is not None and runs is not links.to_file(use, node.span) else "",
        what=_what(use.graph, node),
        waits=(
            *(each.removeprefix(around) for each in waits[:MAX_WAITS]),
            *([f"{more} more"] if more > 0 else []),
        ),
        settings=tuple(chips(node)),
        problems=problems(node),
    )


def _what(graph: Graph, node: Node) -> str:
    if node.is_frame:
        return f"{_KINDS.get(node.kind, '')} of {tasks(inside(graph, node))}".strip()
    return node.image or ("" if node.work == "approval" else node.work)
