"""A frame with too many tasks → the same tasks in frames of their own: ranges of tasks that come one after the other.

Nobody wrote these frames. A task of a band waits for tasks of the same band and of earlier ones only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil
from typing import Final

from msgspec.structs import replace

from transpiler.graph.levels import levels_of
from transpiler.graph.line import Line
from transpiler.graph.model import BAND, Graph, Node
from transpiler.graph.tree import frames_first

MOST: Final = 30
"""Boxes of one frame: with lines between all of them, these are 435."""


def banded(graph: Graph, lines: Sequence[Line]) -> Graph:
    """The graph, where no frame holds more than 30 boxes of which some are in no frame of the manifest."""
    levels = levels_of(graph, lines)
    made: list[Node] = []
    parents: dict[str, str] = {}
    for around, nodes in graph.below.items():
        for section in dict.fromkeys(node.section for node in nodes):
            of_one = [node for node in nodes if node.section == section]
            if len(of_one) > MOST:
                made += _bands(around, of_one, levels, parents)
    if not made:
        return graph
    moved = [replace(node, parent=parents.get(node.id, node.parent)) for node in graph.nodes]
    return replace(graph, nodes=tuple(frames_first([*made, *moved])))


def _bands(around: str, nodes: Sequence[Node], levels: Mapping[str, int], parents: dict[str, str]) -> list[Node]:
    """The bands of a frame; puts each node into one."""
    owners = {node.id: node.hook_of or node.id for node in nodes}
    ordered = sorted(nodes, key=lambda node: (levels.get(owners[node.id], 0), owners[node.id] != node.id))
    made: list[Node] = []
    while len(ordered) > MOST:
        size = min(MOST, ceil(len(ordered) / ceil(len(ordered) / MOST)))
        parts = [ordered[start : start + size] for start in range(0, len(ordered), size)]
        bands = [_band(around, part, len(made) + number) for number, part in enumerate(parts, 1)]
        for band, part in zip(bands, parts, strict=True):
            parents.update((node.id, band.id) for node in part)
        made += bands
        ordered = bands
    return [replace(band, parent=parents.get(band.id, band.parent)) for band in made]


def _band(around: str, part: Sequence[Node], number: int) -> Node:
    first, last = part[0], part[-1]
    names = first.name.partition(" to ")[0], last.name.rpartition(" to ")[2]
    return Node(
        id=f"{around or f'@{first.section}'}/#{number}",
        name=f"{names[0]} to {names[1]}",
        section=first.section,
        parent=around,
        kind=BAND,
        work="",
        title="",
        reference="",
        image="",
        description="",
        span=first.span,
        lines=first.lines,
        defined=None,
    )
