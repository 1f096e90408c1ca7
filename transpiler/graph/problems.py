"""Diagnostics → the nodes that they belong to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from posixpath import dirname, join, normpath

from msgspec.structs import replace

from transpiler.catalog.files import COMPONENT_FILE
from transpiler.diagnostics import Diagnostic, Source
from transpiler.graph.model import Node


def placed(nodes: tuple[Node, ...], found: Iterable[Diagnostic]) -> tuple[tuple[Node, ...], tuple[Diagnostic, ...]]:
    """The nodes with their diagnostics, and the diagnostics that belong to none.

    In the file of a task a diagnostic belongs to the innermost task at its line; in the file of a component, to each
    task that runs it.
    """
    homes, users = defaultdict[Source, list[Node]](list), defaultdict[str, list[Node]](list)
    for node in nodes:
        homes[node.span.source].append(node)
        if node.defined is not None:
            users[node.defined.source.name].append(node)
        elif node.reference:  # nothing can be read from its component
            for name in _files(node):
                users[name].append(node)
    told: dict[str, list[Diagnostic]] = {}
    left = []
    for each in found:
        is_here = each.span.source in homes
        owners = _innermost(homes[each.span.source], each.span.line) if is_here else users[each.span.source.name]
        for node in owners:
            told.setdefault(node.id, []).append(each)
        if not owners:
            left.append(each)
    marked = (replace(node, problems=tuple(told[node.id])) if node.id in told else node for node in nodes)
    return tuple(marked), tuple(left)


def _files(node: Node) -> Iterator[str]:
    """The files that a reference may mean, as messages print them."""
    path = normpath(join(dirname(node.span.source.name), node.reference))
    yield from (path, f"{path}/{COMPONENT_FILE}")


def _innermost(nodes: list[Node], line: int) -> list[Node]:
    """The nodes with the fewest lines around a line: several for a task of a component that is used twice."""
    around = [node for node in nodes if node.lines[0] <= line <= node.lines[1]]
    least = min((node.lines[1] - node.lines[0] for node in around), default=0)
    innermost = [node for node in around if node.lines[1] - node.lines[0] == least]
    return [node for node in innermost if node.span == innermost[-1].span]
