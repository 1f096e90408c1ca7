"""Which pipelines use a component: the tasks that run it, each with a picture of its neighbours."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from markupsafe import Markup
from msgspec import Struct
from msgspec.structs import replace

from transpiler.drawing.labels import tasks
from transpiler.drawing.svg.inline import Pane, inline
from transpiler.graph.focus import focused
from transpiler.graph.fold import Limits
from transpiler.graph.model import Graph, Node
from transpiler.layout.shapes import Size
from transpiler.views.entries import Entry
from transpiler.views.links import Link, Links, Page
from transpiler.views.pipeline_page import Picture
from transpiler.views.uses import PipelineUse

MAX_PICTURES: Final = 6
MAX_TASKS: Final = 8
"""Tasks of a pipeline that are named."""
MAX_SHOWN: Final = 3
"""Tasks of a pipeline whose neighbours are drawn."""
PANE: Final = Pane(Size(740, 480), Limits(nodes=16, lines=40))


class Usage(Struct, frozen=True):
    """A pipeline that uses the component."""

    link: Link
    errors: int
    tasks: list[tuple[str, str]]
    """The id of each task, and the address of its line."""
    more: int
    picture: Picture | None


def usages(entry: Entry, users: Iterable[Page[PipelineUse]], links: Links) -> list[Usage]:
    """The pipelines that use a component, in their order; the first have a picture."""
    found = []
    left = MAX_PICTURES
    for page in users:
        use = page.subject
        nodes = use.running.get(entry.file.path.resolve(), ())
        is_drawn = bool(left and nodes)
        left -= is_drawn
        found.append(
            Usage(
                link=Link(f"../{page.file}", use.name, use.place),
                errors=use.errors,
                tasks=[(node.id, links.to_line(use, node.span)) for node in nodes[:MAX_TASKS]],
                more=max(0, len(nodes) - MAX_TASKS),
                picture=_picture(use, nodes, links) if is_drawn else None,
            )
        )
    return found


def _picture(use: PipelineUse, nodes: tuple[Node, ...], links: Links) -> Picture:
    shown = frozenset(node.id for node in nodes[:MAX_SHOWN])
    part = _without_ends(focused(use.graph, shown, 1))
    made = inline(part, PANE, lambda node: links.to_line(use, node.span), shown)
    return Picture(Markup(made.markup), made.least, ". ".join(_notes(part, nodes, made.folding.hidden)))  # noqa: S704


def _notes(part: Graph, nodes: tuple[Node, ...], hidden: int) -> Iterator[str]:
    if len(nodes) > MAX_SHOWN:
        yield f"Only the neighbours of the first {MAX_SHOWN} of {tasks(len(nodes))} are drawn"
    if hidden:
        yield f"{tasks(hidden)} of {sum(not node.is_frame for node in part.nodes)} are folded"


def _without_ends(graph: Graph) -> Graph:
    """The graph without the inputs and outputs of the pipeline, which are no neighbours."""
    kept = tuple(edge for edge in graph.edges if edge.source.node and edge.target.node)
    return replace(graph, inputs=(), outputs=(), edges=kept)
