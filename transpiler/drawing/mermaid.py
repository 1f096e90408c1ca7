"""A graph as Mermaid text, which GitHub, GitLab and many editors draw: https://mermaid.js.org/syntax/flowchart.html."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from transpiler.diagnostics import excerpt
from transpiler.drawing.colors import LIGHT, color_of
from transpiler.drawing.labels import (
    SECTION_TITLES,
    bundle,
    chips,
    in_short,
    inside,
    ports,
    problems,
    problems_of,
    subtitle,
    tasks,
    title,
)
from transpiler.graph.fold import Folding, Limits, Shown, fitting
from transpiler.graph.line import Line
from transpiler.graph.lines import drawn_lines, mark_of
from transpiler.graph.model import SECTIONS, Graph, Node, Port
from transpiler.report.safe import safe

MADE: Final = "%% Made by transpile graph; edit the manifest, not this."
FENCE: Final = "<!-- Made by transpile graph; edit the manifest, not this. -->\n\n```mermaid\n{}```\n"
"""For a file of Markdown."""
MAX_TEXT: Final = 50_000
"""Characters that Mermaid reads (`maxTextSize`)."""
LIMITS: Final = Limits(nodes=150, lines=500)
"""Mermaid draws at most 500 edges (`maxEdges`), and GitHub lets nobody raise that."""
_ARROWS: Final = {"artifact": "==>", "parameter": "-->", "order": "-.->", "hook": "-.-o"}
_MAX_LABEL: Final = 60


def mermaid(graph: Graph, direction: str = "down") -> tuple[str, Folding]:
    """The text, and what of the graph is folded in it so that Mermaid draws it. `direction`: `down` or `right`."""
    lines = drawn_lines(graph)
    limits = LIMITS
    while True:
        view, folding = fitting(graph, lines, limits)
        text = "".join(f"{line}\n" for line in _Writer(view, lines, folding).lines(direction))
        if len(text) <= MAX_TEXT or limits.nodes < 2:
            return text, folding
        limits = Limits(limits.nodes // 2, limits.lines // 2)


class _Writer:
    def __init__(self, graph: Graph, lines: Sequence[Line], folding: Folding) -> None:
        self.graph = graph
        self.folding = folding
        self.shown = Shown(graph, folding)
        self.drawn = self.shown.lines(lines)
        self.bundles = {each.id: each for each in folding.bundles}
        self.names = {each.id: f"n{number}" for number, each in enumerate(graph.nodes, 1)}
        self.names |= {name: f"b{number}" for number, name in enumerate(self.bundles, 1)}

    def lines(self, direction: str) -> Iterator[str]:
        """The lines of the text."""
        yield MADE
        if not self.folding.is_whole:
            yield f"%% {tasks(self.folding.hidden)} are folded: Mermaid draws 500 edges at most."
        yield f"flowchart {'LR' if direction == 'right' else 'TD'}"
        if self.graph.inputs:
            yield f"  inputs({self._ends('inputs', self.graph.inputs)})"
        for section in SECTIONS:
            yield from self._section(section)
        if self.graph.outputs:
            yield f"  outputs({self._ends('outputs', self.graph.outputs)})"
        yield from self._edges()
        yield from self._classes()

    def _ends(self, name: str, given: tuple[Port, ...]) -> str:
        """The text of the box of the inputs or outputs of the pipeline."""
        mark = self.graph.marks.get(f"@{name}")
        said = in_short(mark) if mark is not None else ""
        return _text([name, *ports(given), problems_of(self.graph, given), said])

    def _section(self, section: str) -> Iterator[str]:
        top = [node for node in self.graph.below.get("", ()) if node.section == section]
        if not top or section == "tasks":
            yield from self._nodes(top, "  ")
            return
        yield f"  subgraph {section}[{_text([SECTION_TITLES[section]])}]"
        yield from self._nodes(top, "    ")
        yield "  end"

    def _nodes(self, nodes: Sequence[Node], indent: str) -> Iterator[str]:
        told = set[str]()
        for node in nodes:
            drawn = self.shown.of[node.id]
            if drawn in self.bundles and drawn not in told:
                told.add(drawn)
                several = self.bundles[drawn]
                yield f"{indent}{self.names[drawn]}[[{_text([bundle(len(several.members), several.what)])}]]"
            elif drawn == node.id:
                yield from self._node(node, indent)

    def _node(self, node: Node, indent: str) -> Iterator[str]:
        texts = [title(node), subtitle(node), *chips(node), problems(node)]
        mark = self.graph.marks.get(node.id)
        texts += [in_short(mark)] if mark is not None else []
        name = self.names[node.id]
        if node.is_frame and node.id not in self.folding.closed and not node.unopened:
            yield f"{indent}subgraph {name}[{_text([' · '.join(filter(None, texts))])}]"
            yield from self._nodes(self.graph.below.get(node.id, ()), f"{indent}  ")
            yield f"{indent}end"
        elif node.is_frame:
            yield f"{indent}{name}[[{_text([*texts, tasks(inside(self.graph, node))])}]]"
        elif node.work == "approval":
            yield f"{indent}{name}{{{{{_text(texts)}}}}}"
        else:
            yield f"{indent}{name}{'(' if node.hook_of else '['}{_text(texts)}{')' if node.hook_of else ']'}"

    def _edges(self) -> Iterator[str]:
        for number, ((source, target), lines) in enumerate(self.drawn.items()):
            kinds = {each.kind for each in lines}
            kind = next(each for each in _ARROWS if each in kinds)
            label = excerpt(
                ", ".join(dict.fromkeys(each.label for each in lines if each.source and each.label)), _MAX_LABEL
            )
            written = f"|{_text([label])}|" if label else ""
            yield f"  {self.names.get(source, 'inputs')} {_ARROWS[kind]}{written} {self.names.get(target, 'outputs')}"
            if mark := mark_of(self.graph, lines):
                dashed = ",stroke-dasharray:6" if mark == "removed" else ""
                yield f"  linkStyle {number} stroke:{LIGHT[mark][1]}{dashed}"

    def _classes(self) -> Iterator[str]:
        members: dict[str, list[str]] = {}
        for node in self.shown.nodes(self.graph):
            if color := color_of(self.graph, node):
                members.setdefault(color, []).append(self.names[node.id])
        for color, names in members.items():
            fill, edge, text = LIGHT[color]
            yield f"  classDef {color} fill:{fill},stroke:{edge},color:{text}"
            yield f"  class {','.join(names)} {color}"


def _text(parts: Sequence[str]) -> str:
    """A label: its lines in quotes, with every character as an entity that Mermaid or HTML could read as more."""
    return '"' + "<br>".join("".join(map(_escaped, safe(part))) for part in parts if part) + '"'


def _escaped(character: str) -> str:
    return character if character.isalnum() or character in " -_.,:/=+()@|!?" else f"#{ord(character)};"
