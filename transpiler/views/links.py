"""The pages of the site, and the links between them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Generic, TypeVar

from msgspec import Struct

from transpiler.argo.naming import Names, kebab
from transpiler.diagnostics import Span
from transpiler.views.entries import Entry
from transpiler.views.uses import PipelineUse

_Subject = TypeVar("_Subject", Entry, PipelineUse)


class Page(Struct, Generic[_Subject], frozen=True):
    """A page of the site: its path, and its subject."""

    file: str
    subject: _Subject

    @property
    def around(self) -> str:
        """The path of the page of the graph alone, to look around in it."""
        return f"{self.file.removesuffix('.html')}.graph.html"


class Link(Struct, frozen=True):
    """A page that another one names: its address from there, its title, and the path or reference of its subject."""

    address: str
    title: str
    place: str


def pages(folder: str, subjects: Iterable[tuple[str, _Subject]]) -> list[Page[_Subject]]:
    """A page in a folder for each subject, called like its key."""
    names = Names()
    return [Page(f"{folder}/{names.unique(kebab(key, 'page'))}.html", subject) for key, subject in subjects]


class Links:
    """Knows the pages of files. Addresses are those from a page in a folder of the site."""

    def __init__(self, components: Iterable[Page[Entry]], pipelines: Iterable[Page[PipelineUse]]) -> None:
        self.files: Mapping[Path, Link] = {
            page.subject.file.path.resolve(): Link(
                f"../{page.file}", page.subject.component.name, page.subject.reference
            )
            for page in components
        } | {page.subject.real: Link(f"../{page.file}", page.subject.name, page.subject.place) for page in pipelines}

    def to_file(self, use: PipelineUse, span: Span | None) -> Link | None:
        """The page of the file that a place of a pipeline is in; None if the site has none."""
        return self.files.get(use.file(span.source.name)) if span is not None else None

    def to_line(self, use: PipelineUse, span: Span, here: PipelineUse | None = None) -> str:
        """The address of a line; empty if the site does not have its file. `here`: the pipeline of the page."""
        link = self.to_file(use, span)
        if link is None:
            return ""
        is_here = here is not None and use.file(span.source.name) == here.real
        return f"{'' if is_here else link.address}#L{span.line}"
