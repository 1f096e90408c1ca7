"""A graph as JSON. `schemas/graph.schema.json` describes it."""

from __future__ import annotations

import json
from typing import Any, Final

from transpiler.diagnostics import Span
from transpiler.graph.model import Edge, End, Graph, Node, Port
from transpiler.report.objects import diagnostic_object

VERSION: Final = 1
MADE: Final = '{"made by": "transpile graph", '
Json = dict[str, Any]


def as_json(graph: Graph) -> str:
    """The text: on the first line who made it, then a line for each node and edge."""
    data = graph_data(graph)
    parts = [f"{MADE}{json.dumps({key: value for key, value in data.items() if key not in _LONG})[1:-1]}"]
    for key in _LONG:
        rows = ",\n".join(f"  {json.dumps(each)}" for each in data[key])
        parts.append(f'"{key}": [\n{rows}\n]' if rows else f'"{key}": []')
    return ",\n".join(parts) + "}\n"


_LONG: Final = ("inputs", "outputs", "nodes", "edges", "problems")


def graph_data(graph: Graph) -> Json:
    """The graph as plain data."""
    return {
        "version": VERSION,
        "name": graph.name,
        "manifest": graph.manifest,
        "kind": graph.kind,
        "description": graph.description,
        "schedule": list(graph.schedule),
        "inputs": [_port(each) for each in graph.inputs],
        "outputs": [_port(each) for each in graph.outputs],
        "nodes": [_node(graph, each) for each in graph.nodes],
        "edges": [_edge(each) for each in graph.edges],
        "problems": [diagnostic_object(each) for each in graph.problems],
    }


def _node(graph: Graph, node: Node) -> Json:
    mark = graph.marks.get(node.id)
    return {
        "id": node.id,
        "name": node.name,
        "section": node.section,
        "parent": node.parent,
        "kind": node.kind,
        "work": node.work,
        "component": node.title,
        "reference": node.reference,
        "image": node.image,
        "description": node.description,
        "source": {**_place(node.span), "firstLine": node.lines[0], "lastLine": node.lines[1]},
        "defined": _place(node.defined) if node.defined is not None else None,
        "facts": [{"key": each.key, "text": each.text} for each in node.facts],
        "inputs": [_port(each) for each in node.inputs],
        "outputs": [_port(each) for each in node.outputs],
        "hookOf": node.hook_of,
        "unopened": node.unopened,
        "problems": [diagnostic_object(each) for each in node.problems],
        "mark": {"kind": mark.kind, "text": mark.text} if mark is not None else None,
    }


def _port(port: Port) -> Json:
    return {
        "name": port.name,
        "type": port.type,
        "description": port.description,
        "default": port.default,
        "required": port.required,
        "value": port.value,
        "source": _place(port.span),
    }


def _edge(edge: Edge) -> Json:
    return {"source": _end(edge.source), "target": _end(edge.target), "type": edge.type, "transport": edge.how}


def _end(end: End) -> Json:
    return {"node": end.node, "port": end.port, "source": _place(end.span)}


def _place(span: Span) -> Json:
    return {
        "file": span.source.name,
        "line": span.line,
        "column": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }
