"""A graph as an SVG inside a page: without a style of its own, and with links where the page has a place for a task.

The page has `style_sheet()` in its own style, once. A reader with a screen hears the text of the page instead.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from transpiler.drawing.svg.elements import element, number
from transpiler.drawing.svg.picture import MARGIN, parts_of
from transpiler.drawing.svg.scene import Scene
from transpiler.graph.fold import Folding, Limits, fitting
from transpiler.graph.lines import lines_of
from transpiler.graph.model import Graph, Node
from transpiler.graph.prune import pruned
from transpiler.layout.arrange import arranged
from transpiler.layout.place import placed
from transpiler.layout.shapes import Direction, Size

LEGIBLE: Final = 0.8
"""The least scale at which the texts of a picture can be read."""


_WAYS: Final[tuple[Direction, ...]] = ("down", "right")


class Inline(Struct, frozen=True):
    """The element, the width below which it cannot be read, in pixels, and what of the graph is folded in it."""

    markup: str
    least: int
    folding: Folding


class Pane(Struct, frozen=True):
    """The room that a page has for a picture, in pixels, and how much it may have in it."""

    room: Size
    limits: Limits


def inline(graph: Graph, within: Pane, link: Callable[[Node], str], chosen: AbstractSet[str] = frozenset()) -> Inline:
    """The picture of a graph. `link`: the address for a task, or nothing; `chosen`: the ids of those to point out."""
    view, folding = fitting(graph, lines_of(graph), within.limits)
    if folding.closed:
        view = pruned(view, folding.closed)
    scene = Scene(view, replace(folding, closed=frozenset()))
    arrangement = arranged(scene.drawing, "down")
    bundles = arrangement.bundle_names()
    placement = min(
        (placed(arrangement, bundled=frozenset(bundles), direction=way) for way in _WAYS),
        key=lambda each: max(each.width / within.room.width, each.height / within.room.height, 1),
    )
    parts = parts_of(scene, placement, bundles)
    boxes = [name for name in placement.boxes if name not in placement.titles]

    def linked(name: str, markup: str) -> str:
        node = view.by_id.get(name)
        kind = "chosen" if chosen and not chosen.isdisjoint(bundles.get(name, [name])) else None
        address = link(node) if node is not None else ""
        if address:
            return element("a", markup, href=address, class_=kind, tabindex="-1")
        return element("g", markup, class_=kind) if kind else markup

    width, height = placement.width + 2 * MARGIN, placement.height + 2 * MARGIN
    inner = [
        *(linked(*each) for each in zip(placement.titles, parts.frames, strict=True)),
        *parts.routes,
        *parts.labels,
        *(linked(*each) for each in zip(boxes, parts.boxes, strict=True)),
    ]
    markup = element(
        "svg",
        inner,
        class_="pipeline",
        aria_hidden="true",
        viewBox=f"{number(-MARGIN)} {number(-MARGIN)} {number(width)} {number(height)}",
        width=width,
        height=height,
    )
    return Inline(markup, round(width * LEGIBLE), folding)
