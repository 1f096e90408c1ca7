"""A graph whose files are called otherwise than their paths: those of a Git revision."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from transpiler.diagnostics import Diagnostic, Span
from transpiler.graph.model import End, Graph, Node, Port

Call = Callable[[Span], Span]
_Placed = TypeVar("_Placed", Port, End)


def under_names(graph: Graph, call: Call, tell: Callable[[Diagnostic], Diagnostic]) -> Graph:
    """The graph with every place as `call` says, and every diagnostic as `tell` does."""
    return replace(
        graph,
        inputs=_all(graph.inputs, call),
        outputs=_all(graph.outputs, call),
        nodes=tuple(_node(node, call, tell) for node in graph.nodes),
        problems=tuple(map(tell, graph.problems)),
        edges=tuple(
            replace(edge, source=_placed(edge.source, call), target=_placed(edge.target, call)) for edge in graph.edges
        ),
    )


def _node(node: Node, call: Call, tell: Callable[[Diagnostic], Diagnostic]) -> Node:
    return replace(
        node,
        span=call(node.span),
        defined=call(node.defined) if node.defined is not None else None,
        inputs=_all(node.inputs, call),
        outputs=_all(node.outputs, call),
        problems=tuple(map(tell, node.problems)),
    )


def _all(ports: tuple[Port, ...], call: Call) -> tuple[Port, ...]:
    return tuple(_placed(each, call) for each in ports)


def _placed(thing: _Placed, call: Call) -> _Placed:
    assert isinstance(thing, Struct)
    return replace(thing, span=call(thing.span))
