"""What the page of a graph holds as JSON: the documented graph, and beside it what the page draws and looks up."""

from __future__ import annotations

import json
from typing import Any

from transpiler.analysis import Analysis
from transpiler.drawing.data import graph_data
from transpiler.drawing.labels import chips
from transpiler.drawing.page.compiled import NOTHING, compiled
from transpiler.drawing.page.sight import Sight
from transpiler.graph.line import Line
from transpiler.graph.lines import mark_of
from transpiler.graph.model import Graph
from transpiler.graph.secrets import masked
from transpiler.model.component import Component

Json = dict[str, Any]


def page_data(analysis: Analysis | None, sight: Sight, *, is_auto: bool) -> Json:
    """The data of the page: the graph without its edges, whose sum are the lines.

    `chips` has what a task says, by its id, `components` the documentation by `FILE:LINE`, `looks` the names of what is
    drawn, in the order of the page.
    """
    graph, bundles = sight.scene.graph, sight.arrangement.bundle_names()
    return {
        "graph": {key: value for key, value in graph_data(graph).items() if key != "edges"},
        "chips": {node.id: said for node in graph.nodes if (said := chips(node))},
        "lines": {name: _line(line, sight.scene.label(line), graph) for name, line in sight.scene.drawn.items()},
        **_files(graph),
        "components": _components(graph, analysis) if analysis is not None else {},
        "compiled": compiled(analysis, graph.by_id) if analysis is not None and not graph.secrets else NOTHING,
        "arrangement": sight.arrangement.plain(),
        "closed": sorted(sight.folding.closed),
        "bundled": list(sight.bundles),
        "looks": {"boxes": list(sight.scene.looks), "bundles": list(bundles), "frames": list(sight.scene.titles)},
        "bundles": bundles,
        "hasInputs": not sight.hidden,
        "isAuto": is_auto,
    }


def as_script(data: Json) -> str:
    """JSON that no browser takes for the end of a script."""
    return json.dumps(data, separators=(",", ":")).replace("<", "\\u003c")


def _line(line: Line, label: str, graph: Graph) -> Json:
    flows = [list(flow) for flow in line.flows]
    data = {"source": line.source, "target": line.target, "kind": line.kind, "label": label, "flows": flows}
    mark = mark_of(graph, [line])
    return {**data, "mark": mark} if mark else data


def _files(graph: Graph) -> Json:
    """`files`: the texts of files by their names; `elsewhere`: tasks of another file with such a name → its key.

    Two versions of a pipeline have files with equal names.
    """
    files: dict[str, str] = {}
    elsewhere = {}
    for node in graph.nodes:
        source = node.span.source
        key = source.name
        while files.setdefault(key, source.text) != source.text:
            key += " (other version)"
        if key != source.name:
            elsewhere[node.id] = key
    for node in graph.nodes:
        if node.defined is not None:
            files.setdefault(node.defined.source.name, node.defined.source.text)
    hidden = {name: [span for span in graph.secrets if span.source.name == name] for name in files}
    return {"files": {name: masked(text, hidden[name]) for name, text in files.items()}, "elsewhere": elsewhere}


def _components(graph: Graph, analysis: Analysis) -> Json:
    """What the components of tasks say of themselves."""
    wanted = {node.defined for node in graph.nodes}
    found = {}
    for written in analysis.written.all:
        component = written.call.component if written.call is not None else None
        if component is not None and component.span in wanted:
            found[f"{component.span.source.name}:{component.span.line}"] = _component(component)
    return found


def _component(component: Component) -> Json:
    return {
        "name": component.name,
        "description": component.description.strip(),
        "annotations": [list(each) for each in component.annotations],
    }
