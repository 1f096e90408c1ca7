"""A frame that is open: its title, and the rectangle around what it holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from transpiler.drawing.colors import color_of
from transpiler.drawing.labels import chips, in_short, problems, subtitle, title
from transpiler.drawing.svg.boxes import SMALL, TITLE, Look, chip_rows
from transpiler.drawing.svg.elements import element, text
from transpiler.drawing.svg.measure import BOLD, fit, measure
from transpiler.graph.model import Graph, Node
from transpiler.layout.shapes import Rect, Size

MOST: Final = 270.0
HEIGHT: Final = 22.0


def frame_title(graph: Graph, node: Node) -> Look:
    """The title of a group, sub-pipeline or graph component, with what it says of how it runs below."""
    mark = graph.marks.get(node.id)
    facts = [in_short(mark) if mark is not None else "", *chips(node), problems(node)]
    return heading(title(node), subtitle(node), [each for each in facts if each])


def heading(name: str, said: str, facts: Sequence[str] = ()) -> Look:
    """A title, what stands beside it, and chips below."""
    head = fit(name, TITLE * BOLD, MOST * 0.75)
    start = measure(head, TITLE * BOLD) + 8
    rest = fit(said, SMALL, MOST - start)
    parts = [element("text", text(head), class_="title", x=0, y=15)]
    if rest:
        parts.append(element("text", text(rest), class_="small", x=start, y=15))
    drawn, size = chip_rows(facts, MOST)
    if facts:
        parts.append(element("g", drawn, transform=f"translate(0 {HEIGHT:g})"))
    width = max(start + measure(rest, SMALL), size.width)
    return Look(Size(width, HEIGHT + (size.height if facts else 0)), "".join(parts))


def frame(graph: Graph, node: Node, place: Rect, title_at: Rect, look: Look) -> str:
    """The frame of a node, with its place in the drawing."""
    color = color_of(graph, node)
    kind = " ".join(filter(None, ["frame", node.kind, f"is-{color}" if color else ""]))
    return drawn_frame(kind, node.id, node.name, place, title_at, look)


def drawn_frame(kind: str, name: str, label: str, place: Rect, title_at: Rect, look: Look) -> str:
    """A frame with a title."""
    shape = element("rect", class_="shape", width=place.width, height=place.height, rx=10)
    head = element(
        "g", look.markup, class_="head", transform=f"translate({title_at.x - place.x:g} {title_at.y - place.y:g})"
    )
    tip = element("title", text(label))
    return element("g", [tip, shape, head], class_=kind, data_id=name, transform=f"translate({place.x:g} {place.y:g})")
