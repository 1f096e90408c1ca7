"""A graph as DOT, the language of Graphviz: https://graphviz.org/doc/info/lang.html."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from transpiler.drawing.colors import LIGHT, color_of
from transpiler.drawing.labels import SECTION_TITLES, chips, in_short, ports, problems, subtitle, tasks, title
from transpiler.graph.line import Line
from transpiler.graph.lines import drawn_lines, mark_of
from transpiler.graph.model import SECTIONS, Graph, Node
from transpiler.report.safe import safe

MADE: Final = "// Made by transpile graph; edit the manifest, not this."
_STYLES: Final = {"artifact": "bold", "parameter": "solid", "order": "dashed", "hook": "dotted"}


def dot(graph: Graph, direction: str = "down") -> str:
    """The text: all of the graph, whatever its size. `direction`: `down` or `right`."""
    return "".join(f"{line}\n" for line in _lines(graph, direction))


def _lines(graph: Graph, direction: str) -> Iterator[str]:
    lines = drawn_lines(graph)
    yield MADE
    yield f"digraph {_quoted(graph.name)} {{"
    yield f"  graph [rankdir={'LR' if direction == 'right' else 'TB'}, compound=true, fontname=Helvetica, labeljust=l]"
    yield "  node [shape=box, style=rounded, fontname=Helvetica, fontsize=11]"
    yield "  edge [fontname=Helvetica, fontsize=9]"
    for name, given in (("inputs", graph.inputs), ("outputs", graph.outputs)):
        if given:
            yield f"  {_quoted(f'@{name}')} [shape=note, style=solid, label={_label([name, *ports(given)])}]"
    for section in SECTIONS:
        top = [node for node in graph.below.get("", ()) if node.section == section]
        if top and section != "tasks":
            yield f"  subgraph {_quoted(f'cluster_@{section}')} {{"
            yield f"    label={_label([SECTION_TITLES[section]])}"
            yield from _nodes(graph, top, "    ")
            yield "  }"
        else:
            yield from _nodes(graph, top, "  ")
    yield from (_edge(graph, line) for line in lines)
    yield "}"


def _nodes(graph: Graph, nodes: Sequence[Node], indent: str) -> Iterator[str]:
    waiting: list[Node | str] = list(reversed(nodes))
    depth = 0
    while waiting:  # nesting has no limit
        node = waiting.pop()
        margin = indent + "  " * depth
        if isinstance(node, str):
            depth -= 1
            yield f"{margin[:-2]}{node}"
        elif node.is_frame and node.id in graph.below:
            yield f"{margin}subgraph {_quoted(f'cluster_{node.id}')} {{"
            yield f"{margin}  label={_label(_texts(graph, node))}{_colored(graph, node, 'fillcolor')}"
            yield f"{margin}  {_quoted(node.id)} [shape=point, style=invis]"
            depth += 1
            waiting += ["}", *reversed(graph.below[node.id])]
        else:
            shape = ", shape=hexagon" if node.work == "approval" else ", style=dashed" if node.hook_of else ""
            look = f"label={_label(_texts(graph, node))}{shape}{_colored(graph, node, 'color')}"
            yield f"{margin}{_quoted(node.id)} [{look}]"


def _texts(graph: Graph, node: Node) -> list[str]:
    mark = graph.marks.get(node.id)
    said = [in_short(mark)] if mark is not None else []
    return [title(node), subtitle(node), *chips(node), problems(node), *said] + (
        [tasks(node.unopened)] if node.unopened else []
    )


def _colored(graph: Graph, node: Node, field: str) -> str:
    color = color_of(graph, node)
    return f", {field}={_quoted(LIGHT[color][1])}, penwidth=2" if color else ""


def _edge(graph: Graph, line: Line) -> str:
    ends = [line.source or "@inputs", line.target or "@outputs"]
    more = [f"style={_STYLES[line.kind]}"]
    if line.label:
        more.append(f"label={_label([line.label])}")
    if mark := mark_of(graph, [line]):
        more.append(f"color={_quoted(LIGHT[mark][1])}")
    for end, key in zip(ends, ("ltail", "lhead"), strict=True):
        if end in graph.below:
            more.append(f"{key}={_quoted(f'cluster_{end}')}")
    return f"  {_quoted(ends[0])} -> {_quoted(ends[1])} [{', '.join(more)}]"


def _label(parts: Sequence[str]) -> str:
    """A label of lines, aligned to the left."""
    return '"' + "".join(_escaped(safe(part)) + r"\l" for part in parts if part) + '"'


def _quoted(text: str) -> str:
    return f'"{_escaped(safe(text))}"'


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"")
