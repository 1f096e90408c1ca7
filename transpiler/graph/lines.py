"""Edges → the lines of a picture: one between two nodes, through the borders of frames to the task that is meant."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Final

from transpiler.graph.line import HOOK, Flow, Line
from transpiler.graph.model import Edge, Graph

MAX_LINES: Final = 200_000
"""An input of a sub-pipeline that takes values of m tasks and passes them to n is m times n lines."""


def drawn_lines(graph: Graph) -> tuple[Line, ...]:
    """The lines of a picture: the inputs of the pipeline reach its tasks, not the sections beside them."""
    return tuple(line for line in lines_of(graph) if line.source or not line.target.startswith("@"))


def mark_of(graph: Graph, lines: Iterable[Line]) -> str:
    """The mark that lines which are drawn as one have together; empty without one."""
    marks = {graph.line_marks.get((line.source, line.target), "") for line in lines}
    return marks.pop() if len(marks) == 1 else ""


def lines_of(graph: Graph) -> tuple[Line, ...]:
    """The lines, by the order of the nodes that they lead to. Values that leave a frame come from the task in it."""
    if graph.lines is not None:
        return graph.lines
    found: dict[tuple[str, str], dict[Flow, None]] = {}
    for source, target, flow in _Ways(graph).all():
        found.setdefault((source, target), {})[flow] = None
    for node in graph.nodes:
        if node.hook_of:
            found.setdefault((node.hook_of, node.id), {})[Flow("", "", HOOK, "")] = None
    ordered = {each.id: place for place, each in enumerate(graph.nodes, 1)}
    last = len(ordered) + 1
    lines = [Line(source, target, tuple(sorted(flows))) for (source, target), flows in found.items()]
    return tuple(sorted(lines, key=lambda each: (ordered.get(each.target, last), ordered.get(each.source, 0))))


class _Ways:
    """Follows values through the inputs and outputs of frames."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.frames = {each.id for each in graph.nodes if each.is_frame and not each.unopened}
        self.to_port: dict[tuple[str, str], list[Edge]] = defaultdict(list)
        for edge in graph.edges:
            self.to_port[edge.target.node, edge.target.port].append(edge)
        self.left = MAX_LINES

    def all(self) -> Iterator[tuple[str, str, Flow]]:
        for edge in self.graph.edges:
            target, port = edge.target.node, edge.target.port
            passes_on = target in self.frames and (port.startswith("outputs.") or self._is_input(target, port))
            if passes_on or edge.source.port.startswith("item."):
                continue
            for source, name in self._origins(edge):
                if source != target and self.left > 0:
                    self.left -= 1
                    yield source, target, Flow(f"!{name}" if edge.is_negated else name, edge.type, edge.how, port)

    def _is_input(self, frame: str, port: str) -> bool:
        """True for an argument of a sub-pipeline that tasks in it use, so that the line goes on to them."""
        return port.startswith("arguments.") and (frame, port) in self._used

    @cached_property
    def _used(self) -> set[tuple[str, str]]:
        """The arguments of frames whose inputs tasks in them use."""
        inner = (edge.source for edge in self.graph.edges if edge.source.node in self.frames)
        return {(end.node, _argument(end.port)) for end in inner if end.port.startswith("inputs.")}

    def _origins(self, edge: Edge) -> Iterator[tuple[str, str]]:
        """The nodes that a value comes from, each with what of it."""
        waiting, seen = [edge], set[tuple[str, str]]()
        while waiting:
            each = waiting.pop()
            node, port = each.source.node, each.source.port
            if (node, port) in seen:
                continue
            seen.add((node, port))
            before = self._before(node, port)
            if before is None:
                yield node, port.partition(".")[2] or port
            else:
                waiting += before

    def _before(self, node: str, port: str) -> list[Edge] | None:
        """The edges that lead to a port of a frame; None for a task, which yields the value itself."""
        if node not in self.frames:
            return None
        if port.startswith("outputs."):
            return self.to_port.get((node, port)) or None
        if port.startswith("inputs."):
            return self.to_port.get((node, _argument(port)), [])
        return None


def _argument(port: str) -> str:
    """The key that passes an input: `arguments.x` for `inputs.x`."""
    return f"arguments.{port.removeprefix('inputs.')}"
