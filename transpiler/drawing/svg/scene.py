"""A graph and what of it is folded → what a layout needs: boxes with their sizes, and lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Final

from msgspec import Struct

from transpiler.drawing.labels import SECTION_TITLES
from transpiler.drawing.svg.boxes import Look, box, bundle, ends
from transpiler.drawing.svg.frames import frame_title, heading
from transpiler.drawing.svg.measure import fit, measure
from transpiler.graph.fold import Folding, Shown
from transpiler.graph.line import Line
from transpiler.graph.lines import drawn_lines, mark_of
from transpiler.graph.model import SECTIONS, Graph
from transpiler.layout.shapes import Box, Drawing, Size
from transpiler.layout.shapes import Line as LayoutLine

INPUTS: Final = "@inputs"
OUTPUTS: Final = "@outputs"
MAX_LIGHT: Final = 40
"""Lines from the inputs of the pipeline: more of them hide what the picture shows."""
MAX_LABELED: Final = 120
"""Lines: with more of them, none has a label."""
LABEL: Final = 10.5
LABEL_WIDTH: Final = 170.0
LABEL_HEIGHT: Final = 15.0


class Scene(Struct, frozen=True, dict=True):
    """What is drawn of a graph. Names are ids of nodes, `@inputs`, `@outputs`, and `@KEY` for a section."""

    graph: Graph
    folding: Folding = Folding()
    max_light: int = MAX_LIGHT

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """All lines, those that are not drawn too."""
        return drawn_lines(self.graph)

    @cached_property
    def drawn(self) -> Mapping[str, Line]:
        """The lines that are drawn, by names of their own."""
        shown = Shown(self.graph, self.folding)
        light = sum(not source for source, _ in shown.lines(self.lines))
        kept = [line for line in self.lines if line.source or light <= self.max_light]
        return {f"{line.source or INPUTS} > {line.target or OUTPUTS}": line for line in kept}

    @cached_property
    def has_labels(self) -> bool:
        """True if the lines say what flows."""
        return len(Shown(self.graph, self.folding).lines(self.drawn.values())) <= MAX_LABELED

    @cached_property
    def looks(self) -> Mapping[str, Look]:
        """The boxes of all nodes; of a frame when it is closed."""
        looks = {node.id: box(self.graph, node) for node in self.graph.nodes}
        if self.graph.inputs:
            looks[INPUTS] = ends(self.graph, "inputs")
        if self.graph.outputs:
            looks[OUTPUTS] = ends(self.graph, "outputs")
        return looks

    @cached_property
    def titles(self) -> Mapping[str, Look]:
        """The titles of open frames."""
        titles = {node.id: frame_title(self.graph, node) for node in self.graph.nodes if node.id in self.graph.below}
        sections = {node.section for node in self.graph.nodes} - {"tasks"}
        return titles | {f"@{key}": heading(*SECTION_TITLES[key].split(": ")) for key in sections}

    def bundle_look(self, members: Sequence[str]) -> Look:
        """The box of a closed bundle of these tasks."""
        what = next((each.what for each in self.folding.bundles if members[0] in each.members), "")
        sizes = [self.looks[each].size for each in members]
        room = Size(max(each.width for each in sizes), max(each.height for each in sizes))
        return bundle(members[0], len(members), what, room)

    @cached_property
    def drawing(self) -> Drawing:
        """Boxes and lines for the layout."""
        members = {name: each for each in self.folding.bundles for name in each.members}
        below: dict[str, list[Box]] = {}
        for node in reversed(self.graph.nodes):  # what a frame holds comes before it
            look = self.looks[node.id]
            held = tuple(reversed(below.pop(node.id, [])))
            title = self.titles[node.id].size if held else None
            of = members.get(node.id)
            made = Box(node.id, look.size, held, title, of.id if of is not None else "")
            below.setdefault(node.parent or f"@{node.section}", []).append(made)
        top = [self._end(INPUTS), *reversed(below.pop("@tasks", []))]
        for key in SECTIONS:
            if held := tuple(reversed(below.pop(f"@{key}", []))):
                title = self.titles[f"@{key}"].size
                top.append(Box(f"@{key}", title, held, title))
        top.append(self._end(OUTPUTS))
        return Drawing(tuple(each for each in top if each is not None), tuple(self._layout_lines()))

    def _end(self, name: str) -> Box | None:
        return Box(name, self.looks[name].size) if name in self.looks else None

    def _layout_lines(self) -> list[LayoutLine]:
        made = []
        for name, line in self.drawn.items():
            label = self.label(line)
            size = Size(measure(label, LABEL) + 10, LABEL_HEIGHT) if label else None
            made.append(
                LayoutLine(
                    name,
                    line.source or INPUTS,
                    line.target or OUTPUTS,
                    size,
                    f"{line.kind} {mark_of(self.graph, [line])} {label}",
                )
            )
        return made

    def label(self, line: Line) -> str:
        """What is written at a line."""
        return fit(line.label, LABEL, LABEL_WIDTH) if self.has_labels and line.source and line.label else ""
