"""A graph as JSON. `schemas/graph.schema.json` describes it."""

from __future__ import annotations

import json
from typing import Any, Final

from transpiler.diagnostics import Span
from transpiler.graph.model import SEPARATOR, Edge, End, Graph, Node, Port
from transpiler.report.objects import diagnostic_object
from transpiler.runs.states import RunStates, State

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
        "run": _run(graph.run) if graph.run is not None else None,
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
        "state": _state(graph.states[node.id]) if node.id in graph.states else None,
    }


def _run(run: RunStates) -> Json:
    return {
        "name": run.name,
        "phase": run.phase,
        "message": run.message,
        "started": run.started,
        "finished": run.finished,
        "unknownNodes": run.unknown,
        "failures": [
            {
                "node": SEPARATOR.join(each.path),
                "message": each.message,
                "isCause": each.is_cause,
                "source": _place(each.span),
            }
            for each in run.failures
        ],
    }


def _state(state: State) -> Json:
    return {
        "phase": state.phase,
        "message": state.message,
        "seconds": state.seconds,
        "started": state.started,
        "finished": state.finished,
        "isCached": state.is_cached,
        "isSuspended": state.is_suspended,
        "because": state.because,
        "counts": dict(state.counts),
        "outputs": dict(state.outputs),
        "tries": [
            {
                "number": each.number,
                "phase": each.phase,
                "message": each.message,
                "seconds": each.seconds,
                "exitCode": each.exit_code,
            }
            for each in state.tries
        ],
        "items": [
            {
                "at": list(each.at),
                "text": each.text,
                "phase": each.phase,
                "message": each.message,
                "seconds": each.seconds,
                "isCached": each.is_cached,
                "tries": each.tries,
            }
            for each in state.items
        ],
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
    return {
        "source": _end(edge.source),
        "target": _end(edge.target),
        "type": edge.type,
        "transport": edge.how,
        "negated": edge.is_negated,
    }


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
