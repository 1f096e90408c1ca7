"""Components and the pipelines that use them → the files of a web site, for a browser without a network.

Every text of a component or manifest is untrusted: `drawing/html.py` says what keeps it harmless.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from transpiler.drawing.html import environment, policy_hash
from transpiler.drawing.labels import tasks
from transpiler.drawing.svg.style import style_sheet
from transpiler.report.text import count
from transpiler.views import site_texts
from transpiler.views.entries import Entry
from transpiler.views.example import example
from transpiler.views.links import Links, Page, pages
from transpiler.views.pipeline_page import look_around, pipeline_page
from transpiler.views.usages import usages
from transpiler.views.uses import PipelineUse


def site(entries: Sequence[Entry], used: Sequence[PipelineUse], title: str) -> dict[str, bytes]:
    """File name → content. The same components and manifests give the same bytes."""
    components = pages("components", [(entry.reference, entry) for entry in entries])
    pipelines = pages("pipelines", [(use.place, use) for use in used])
    links = Links(components, pipelines)
    shown = {page.file: pipeline_page(page.subject, links) for page in pipelines}
    users = _users(pipelines)
    listed = {"groups": _groups(components), "pipelines": pipelines, "shown": shown}
    files = {"index.html": _render("index.html.j2", title, **listed, root="")}
    for page in components:
        found = usages(page.subject, users.get(page.subject.file.path.resolve(), ()), links)
        files[page.file] = _render("component.html.j2", title, entry=page.subject, usages=found, root="../")
    for other in pipelines:
        given = {"use": other.subject, "shown": shown[other.file], **_parts(other, users, links)}
        alone = look_around(other.subject)
        if alone:
            files[other.around] = alone
        files[other.file] = _render("pipeline.html.j2", title, **given, alone=other.around if alone else "", root="../")
    return {name: text.encode() for name, text in files.items()}


def _parts(page: Page[PipelineUse], users: Mapping[Path, Sequence[Page[PipelineUse]]], links: Links) -> dict[str, Any]:
    """The components of a pipeline, and the pipelines that it is in."""
    use = page.subject
    return {
        "components": [links.files[entry.file.path.resolve()] for entry in use.entries],
        "around": [links.files[each.subject.real] for each in users.get(use.real, ()) if each is not page],
    }


def _users(pipelines: Iterable[Page[PipelineUse]]) -> dict[Path, list[Page[PipelineUse]]]:
    """The file of a component or sub-pipeline → the pipelines that consist of it."""
    found: dict[Path, list[Page[PipelineUse]]] = {}
    for page in pipelines:
        for path in page.subject.analysis.files:
            found.setdefault(path, []).append(page)
    return found


def _groups(found: Iterable[Page[Entry]]) -> list[tuple[str, list[Page[Entry]]]]:
    """The pages by the first folder of their references; those without a folder come first, without a name."""

    def folder(page: Page[Entry]) -> str:
        return page.subject.reference.rpartition("/")[0].partition("/")[0]

    by_folder = sorted(found, key=lambda page: folder(page).lower())
    return [(name, list(of_one)) for name, of_one in groupby(by_folder, key=folder)]


def _render(template: str, title: str, **values: Any) -> str:
    return _environment().get_template(template).render(title=title, **values)


@cache
def _environment() -> Environment:
    made = environment("views/templates", "site.js")
    made.filters |= {
        "breakable": site_texts.breakable,
        "counted": count,
        "indented_lines": site_texts.indented_lines,
        "file_lines": site_texts.file_lines,
        "links": site_texts.links,
        "search_words": site_texts.search_words,
        "split_long": site_texts.split_long,
        "tasks": tasks,
        "types": site_texts.types,
        "yaml_lines": site_texts.yaml_lines,
    }
    made.globals |= {"example": example, "picture_style": Markup(style_sheet())}  # noqa: S704 - made of constants
    made.globals["site_css_hash"] = policy_hash(made.get_template("site.css").render())
    return made
