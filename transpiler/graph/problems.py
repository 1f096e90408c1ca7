"""Diagnostics → the nodes that they belong to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from msgspec.structs import replace

from transpiler.diagnostics import Diagnostic, Source
from transpiler.graph.model import Node


def placed(nodes: tuple[Node, ...], found: Iterable[Diagnostic]) -> tuple[tuple[Node, ...], tuple[Diagnostic, ...]]:
    """The nodes with their diagnostics, and the diagnostics that belong to none.

    In the file of a task a diagnostic belongs to the innermost task at its line; in the file of a component, to each
    task that runs it.
    """
    homes, users = defaultdict[Source, list[Node]](list), defaultdict[Source, list[Node]](list)
    for node in nodes:
        homes[node.span.source].append(node)
        if node.defined is not None:
            users[node.defined.source].append(node)
    told: dict[str, list[Diagnostic]] = {}
    left = []
    for each in found:
        around = _innermost(homes[each.span.source], each.span.line)
        owners = around or [node for node in users[each.span.source] if node.defined and _is_elsewhere(node)]
        for node in owners:
            told.setdefault(node.id, []).append(each)
        if not owners:
            left.append(each)
    marked = (replace(node, problems=tuple(told[node.id])) if node.id in told else node for node in nodes)
    return tuple(marked), tuple(left)


def _is_elsewhere(node: Node) -> bool:
    """True if the component of a task stands in another file than the task."""
    return node.defined is not None and node.defined.source is not node.span.source


def _innermost(nodes: list[Node], line: int) -> list[Node]:
    """The nodes with the fewest lines around a line: several for a task of a component that is used twice."""
    around = [node for node in nodes if node.lines[0] <= line <= node.lines[1]]
    least = min((node.lines[1] - node.lines[0] for node in around), default=0)
    innermost = [node for node in around if node.lines[1] - node.lines[0] == least]
    return [node for node in innermost if node.span == innermost[-1].span]
