"""A graph as an SVG file, and the parts of it that the page of a graph takes too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, Literal

from msgspec import Struct
from msgspec.structs import replace

from transpiler.drawing.labels import tasks
from transpiler.drawing.svg.elements import element, number, text
from transpiler.drawing.svg.frames import drawn_frame, frame
from transpiler.drawing.svg.scene import Scene
from transpiler.drawing.svg.style import style_sheet
from transpiler.graph.fold import Folding, Limits, fitting
from transpiler.graph.line import Line
from transpiler.graph.lines import lines_of, mark_of
from transpiler.graph.model import Graph
from transpiler.graph.prune import pruned
from transpiler.layout.arrange import arranged
from transpiler.layout.place import placed
from transpiler.layout.routes import path
from transpiler.layout.shapes import Placement, Rect, Route

MADE: Final = "<!-- Made by transpile graph; edit the manifest, not this. -->"
LIMITS: Final = Limits(nodes=3_000, lines=8_000)
"""More is too much for a picture."""
MARGIN: Final = 16.0
_ARROWS: Final = {
    ("down", False): "M-4 -8L4 -8L0 0Z",
    ("down", True): "M-4 8L4 8L0 0Z",
    ("right", False): "M-8 -4L-8 4L0 0Z",
    ("right", True): "M8 -4L8 4L0 0Z",
}

Direction = Literal["down", "right", "auto"]


class Parts(Struct, frozen=True):
    """What a picture consists of, from back to front."""

    placement: Placement
    frames: list[str]
    routes: list[str]
    labels: list[str]
    boxes: list[str]


def svg(graph: Graph, direction: Direction = "auto") -> tuple[str, Folding]:
    """The text of the file, and what of the graph is folded in it."""
    view, folding = fitting(graph, lines_of(graph), LIMITS)
    scene = Scene(pruned(view, folding.closed) if folding.closed else view, replace(folding, closed=frozenset()))
    arrangement = arranged(scene.drawing, direction)
    bundles = arrangement.bundle_names()
    parts = parts_of(scene, placed(arrangement, bundled=frozenset(bundles)), bundles)
    width, height = (parts.placement.width + 2 * MARGIN, parts.placement.height + 2 * MARGIN)
    count = tasks(sum(not node.is_frame for node in graph.nodes))
    inner = [
        element("title", text(f"Pipeline {graph.name}")),
        element("desc", text(f"{count}, and what flows between them")),
        element("style", style_sheet()),
        element("rect", class_="page", x=-MARGIN, y=-MARGIN, width=width, height=height),
        *parts.frames,
        *parts.routes,
        *parts.labels,
        *parts.boxes,
    ]
    return (
        MADE
        + "\n"
        + element(
            "svg",
            "\n".join(inner),
            xmlns="http://www.w3.org/2000/svg",
            class_="pipeline",
            role="img",
            viewBox=f"{number(-MARGIN)} {number(-MARGIN)} {number(width)} {number(height)}",
            width=width,
            height=height,
        )
        + "\n"
    ), folding


def parts_of(scene: Scene, placement: Placement, bundles: Mapping[str, Sequence[str]]) -> Parts:
    """The parts of a picture. `bundles` has those that are closed, by the names of their first members."""
    return Parts(
        placement,
        list(_frames(scene, placement)),
        [_route(scene, route, placement.direction) for route in placement.lines.values()],
        list(_labels(scene, placement)),
        list(_boxes(scene, placement, bundles)),
    )


def _frames(scene: Scene, placement: Placement) -> Iterator[str]:
    for name, title_at in placement.titles.items():
        look, place = scene.titles[name], placement.boxes[name]
        if name in scene.graph.by_id:
            yield frame(scene.graph, scene.graph.node(name), place, title_at, look)
        else:
            yield drawn_frame("frame section", name, name, place, title_at, look)


def _boxes(scene: Scene, placement: Placement, bundles: Mapping[str, Sequence[str]]) -> Iterator[str]:
    for name, place in placement.boxes.items():
        if name not in placement.titles:
            look = scene.bundle_look(bundles[name]) if name in bundles else scene.looks[name]
            yield element("g", look.markup, transform=_moved(place))


def _route(scene: Scene, route: Route, direction: Literal["down", "right"]) -> str:
    lines = [scene.drawn[name] for name in route.names]
    x, y = route.points[-1]
    arrow = element(
        "path",
        class_="arrow",
        d=_ARROWS[direction, route.is_reversed],
        transform=f"translate({number(x)} {number(y)})",
    )
    parts = [element("path", d=path(route.points, direction)), arrow, element("title", text(told(lines)))]
    mark = mark_of(scene.graph, lines)
    return element("g", parts, class_=f"route {kind_of(lines)}{f' is-{mark}' if mark else ''}")


def _labels(scene: Scene, placement: Placement) -> Iterator[str]:
    """What flows along the routes; those that share their way share a label."""
    written = {route.label: scene.label(scene.drawn[name]) for name, route in placement.lines.items() if route.label}
    for place, label in written.items():
        back = element("rect", width=place.width, height=place.height, rx=place.height / 2)
        at = element("text", text(label), x=place.width / 2, y=11.5, text_anchor="middle")
        yield element("g", [back, at], class_="label", transform=_moved(place))


def kind_of(lines: Sequence[Line]) -> str:
    """The classes of the route of some lines."""
    kinds = {each.kind for each in lines}
    kind = next(each for each in ("artifact", "parameter", "order", "hook") if each in kinds)
    return kind if all(each.source and each.target for each in lines) else f"{kind} light"


def told(lines: Sequence[Line]) -> str:
    """What flows along a route, in full."""
    texts = [f"{each.source or 'inputs'} to {each.target or 'outputs'}: {each.label or each.kind}" for each in lines]
    more = len(texts) - 20
    return "\n".join([*texts[:20], *([f"and {more} more"] if more > 0 else [])])


def _moved(place: Rect) -> str:
    return f"translate({number(place.x)} {number(place.y)})"
