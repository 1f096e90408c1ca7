"""What the page of a pipeline shows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from markupsafe import Markup
from msgspec import Struct

from transpiler.diagnostics import MAX_EXPLAINED, Diagnostic
from transpiler.drawing.labels import tasks
from transpiler.drawing.page.page import page
from transpiler.drawing.svg.inline import Pane, inline
from transpiler.graph.fold import Limits
from transpiler.graph.lines import lines_of
from transpiler.layout.shapes import Size
from transpiler.views.cron import in_words
from transpiler.views.links import Link, Links
from transpiler.views.site_texts import Line, file_lines
from transpiler.views.task_rows import LinkedRow, linked_rows
from transpiler.views.uses import PipelineUse

PANE: Final = Pane(Size(1100, 700), Limits(nodes=150, lines=400))
"""What can be read at a glance. A pipeline with more is folded."""
MAX_ROWS: Final = 1_000
"""Tasks that the table lists."""
_POLICIES: Final = {
    "Forbid": "does not start while the last run goes on",
    "Replace": "ends the last run if it goes on",
}


class Picture(Struct, frozen=True):
    """A picture for a page, the width below which it cannot be read, and what it says of itself."""

    markup: Markup
    least: int
    note: str


class Told(Struct, frozen=True):
    """A diagnostic: its place is an address of the site where that has the file."""

    severity: str
    message: str
    code: str
    hint: str
    place: str
    address: str


class PipelinePage(Struct, frozen=True):
    """The parts of the page."""

    picture: Picture | None
    rows: list[LinkedRow]
    more: int
    """Tasks that the table does not list."""
    count: str
    problems: list[Told]
    more_problems: int
    schedule: list[tuple[str, str]]
    """Each cron line in words, which may be none, and as written."""
    limits: list[str]
    """What else is said of the schedule."""
    pipelines: list[Link]
    """The pipelines that tasks run. A link without an address is not in the site."""
    lines: list[Line]


def pipeline_page(use: PipelineUse, links: Links) -> PipelinePage:
    """The parts of the page of a pipeline."""
    graph = use.graph
    found = use.analysis.diagnostics
    schedule = use.pipeline.schedule if use.pipeline is not None else None
    return PipelinePage(
        picture=_picture(use, links) if graph.nodes else None,
        rows=linked_rows(use, links, lines_of(graph), MAX_ROWS),
        more=max(0, len(graph.nodes) - MAX_ROWS),
        count=tasks(sum(not node.is_frame for node in graph.nodes)),
        problems=[_told(each, use, links) for each in found[:MAX_EXPLAINED]],
        more_problems=max(0, len(found) - MAX_EXPLAINED),
        schedule=[(in_words(cron), cron) for cron in graph.schedule],
        limits=list(_said(dict(schedule.fields))) if schedule is not None else [],
        pipelines=list(_sub_pipelines(use, links)),
        lines=file_lines(use.manifest.data, _here(use, found)),
    )


def look_around(use: PipelineUse) -> str:
    """The page of the graph alone; empty without tasks, and where the texts that it has may hold a secret."""
    has_secret = any(each.code == "secret-in-manifest" for each in use.analysis.diagnostics)
    return page(use.graph, use.analysis)[0] if use.graph.nodes and not has_secret else ""


def _picture(use: PipelineUse, links: Links) -> Picture:
    made = inline(use.graph, PANE, lambda node: links.to_line(use, node.span, use))
    hidden = made.folding.hidden
    note = f"{tasks(hidden)} {'is' if hidden == 1 else 'are'} folded." if hidden else ""
    return Picture(Markup(made.markup), made.least, note)  # noqa: S704 - `element` has escaped it


def _here(use: PipelineUse, found: tuple[Diagnostic, ...]) -> list[Diagnostic]:
    """The diagnostics in the manifest itself."""
    return [each for each in found if use.file(each.span.source.name) == use.real]


def _told(found: Diagnostic, use: PipelineUse, links: Links) -> Told:
    address = links.to_line(use, found.span, use)
    place = f"line {found.span.line}"
    if not address.startswith("#"):
        place = f"{found.span.source.name}, {place}"
    return Told(found.severity, found.message, found.code, str(found.hint), place, address)


def _said(fields: dict[str, object]) -> Iterator[str]:
    if isinstance(fields.get("timezone"), str):
        yield f"time of {fields['timezone']}"
    if fields.get("suspend") is True:
        yield "starts no runs for now"
    if (policy := _POLICIES.get(str(fields.get("concurrencyPolicy")))) is not None:
        yield policy


def _sub_pipelines(use: PipelineUse, links: Links) -> Iterator[Link]:
    found: dict[str, Link] = {}
    for node in use.graph.nodes:
        if node.kind == "pipeline" and node.defined is not None:
            name = node.defined.source.name
            found.setdefault(name, links.to_file(use, node.defined) or Link("", node.title, name))
    yield from found.values()
