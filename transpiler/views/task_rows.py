"""The table of the tasks of a pipeline, with links into the site."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from transpiler.drawing.labels import problems
from transpiler.drawing.page.table import Row, rows
from transpiler.graph.line import Line
from transpiler.graph.model import Node
from transpiler.views.links import Links
from transpiler.views.uses import PipelineUse


class LinkedRow(Struct, frozen=True):
    """A task. Addresses are empty where the site has no page."""

    row: Row
    address: str
    """Of its line."""
    runs_address: str
    waits: tuple[str, ...]
    """The tasks that it waits for; those in the same frame without the names of the frames around."""
    problems: str


def linked_rows(use: PipelineUse, links: Links, lines: Sequence[Line], most: int) -> list[LinkedRow]:
    """The rows, at most so many, in the order of the files."""
    found = rows(use.graph, {f"{line.source} > {line.target}": line for line in lines})
    return [_linked(use, links, *each) for each in zip(use.graph.nodes[:most], found, strict=False)]


def _linked(use: PipelineUse, links: Links, node: Node, row: Row) -> LinkedRow:
    runs = links.to_file(use, node.defined)
    is_elsewhere = runs is not None and runs is not links.to_file(use, node.span)
    return LinkedRow(
        row,
        address=links.to_line(use, node.span, use),
        runs_address=runs.address if runs is not None and is_elsewhere else "",
        waits=tuple(each.removeprefix(row.around) for each in row.waits),
        problems=problems(node),
    )
