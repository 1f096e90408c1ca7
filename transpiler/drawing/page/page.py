"""A graph → a page for a browser: the picture, details of what is selected, and a table of all tasks.

The page has no other file and asks no network: a Content Security Policy allows its own style and script alone. What
comes from the manifest is escaped in the static parts, and JSON elsewhere, which the script writes as text.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from jinja2 import Environment
from markupsafe import Markup

from transpiler.analysis import Analysis
from transpiler.drawing.colors import color_of
from transpiler.drawing.html import environment, policy_hash
from transpiler.drawing.labels import tasks
from transpiler.drawing.page.contents import as_script, page_data
from transpiler.drawing.page.overview import MOST, changes, counted, failures, problems
from transpiler.drawing.page.sight import Direction, Sight, sight
from transpiler.drawing.page.table import rows
from transpiler.drawing.svg.elements import element
from transpiler.drawing.svg.frames import drawn_frame, frame
from transpiler.drawing.svg.picture import MARGIN, Parts, parts_of
from transpiler.drawing.svg.style import style_sheet
from transpiler.graph.fold import Folding
from transpiler.graph.model import Graph
from transpiler.layout.shapes import Rect


def page(graph: Graph, analysis: Analysis | None, direction: Direction = "auto") -> tuple[str, Folding]:
    """The text of the page, and what of the graph is folded when it opens. An analysis adds what it compiles to."""
    seen = sight(graph, direction)
    graph = seen.scene.graph
    parts = parts_of(seen.scene, seen.placement, seen.bundles)
    style = Markup(style_sheet())  # noqa: S704 - made here, of constants
    mistakes, changed = problems(graph), changes(graph)
    return (
        _environment()
        .get_template("page.html.j2")
        .render(
            graph=graph,
            count=tasks(sum(not node.is_frame for node in graph.nodes)),
            problems=mistakes,
            counts=counted(mistakes),
            failures=failures(graph),
            changes=changed,
            changed=counted(changed),
            is_of_two=graph.lines is not None,
            most=MOST,
            rows=rows(graph, seen.scene.drawn),
            states=list(dict.fromkeys(filter(None, (color_of(graph, node) for node in graph.nodes)))),
            kinds=list(dict.fromkeys(line.kind for line in seen.scene.drawn.values())),
            style=style,
            style_hash=policy_hash(style),
            picture=_svg(seen, parts),
            looks=_looks(seen),
            data=Markup(as_script(page_data(analysis, seen, is_auto=direction == "auto"))),  # noqa: S704 - JSON without `<`
        ),
        seen.folding,
    )


@cache
def _environment() -> Environment:
    return environment("drawing/page", "page.css", "page.js", "early.js")


def _svg(seen: Sight, parts: Parts) -> Markup:
    """The picture as it opens."""
    placed = seen.placement
    bounds = [-MARGIN, -MARGIN, placed.width + 2 * MARGIN, placed.height + 2 * MARGIN]
    inner = element("g", [*parts.frames, *parts.routes, *parts.labels, *parts.boxes], id="view")
    return Markup(  # noqa: S704 - `element` has escaped it
        element(
            "svg",
            inner,
            class_="pipeline",
            id="picture",
            role="img",
            aria_label=f"The tasks of {seen.scene.graph.name}; a table below says the same",
            viewBox=" ".join(f"{each:g}" for each in bounds),
            width=bounds[2],
            height=bounds[3],
        )
    )


def _looks(seen: Sight) -> Markup:
    """Everything that can be drawn, once: the script takes copies."""
    scene = seen.scene
    boxes = [look.markup for look in scene.looks.values()]
    bundles = [scene.bundle_look(members).markup for members in seen.arrangement.bundle_names().values()]
    groups = [_group("boxes", boxes), _group("bundles", bundles), _group("frames", _frames(seen))]
    return Markup(element("svg", groups))  # noqa: S704 - `element` has escaped it


def _group(name: str, parts: list[str] | Iterator[str]) -> str:
    return element("g", parts, class_=name)


def _frames(seen: Sight) -> Iterator[str]:
    scene, nowhere = seen.scene, Rect(0, 0, 0, 0)
    for name, look in scene.titles.items():
        if name in scene.graph.by_id:
            yield frame(scene.graph, scene.graph.node(name), nowhere, nowhere, look)
        else:
            yield drawn_frame("frame section", name, name, nowhere, nowhere, look)
