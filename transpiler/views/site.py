"""Components and the pipelines that use them → the files of a web site, for a browser without a network.

Every text of a component is untrusted: `drawing/html.py` says what keeps it harmless.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import groupby
from typing import Any, Final

from jinja2 import Environment
from msgspec import Struct

from transpiler.argo.naming import Names, kebab
from transpiler.drawing.html import environment
from transpiler.model.ports import Input, Output
from transpiler.patterns import regex
from transpiler.views.entries import Entry
from transpiler.views.example import example
from transpiler.views.uses import PipelineUse

MAX_TYPES: Final = 3
"""Types of a component's inputs, or outputs, that the list of all shows."""
MAX_LINES: Final = 6
"""Lines of a description, after its first paragraph, that are shown at once."""
MAX_DEPTH: Final = 3
_URL: Final = regex(r"https?://[^\s<>\"'`(){}\[\]|\\^]*[^\s<>\"'`(){}\[\]|\\^.,;:!?]")
_BREAK: Final = regex(r"(?<=[-_/.])(?=[^-_/.])|(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_KEY: Final = regex(r"( *)('(?:[^']|'')*':|[^'].*?:)(?= |$)(.*)")


class Page(Struct, frozen=True):
    """A page of the site: its path, its subject, and its links."""

    file: str
    subject: Entry | PipelineUse


def site(entries: Sequence[Entry], used: Sequence[PipelineUse], title: str) -> dict[str, bytes]:
    """File name → content. The same components and manifests give the same bytes."""
    components = _pages("components", [(entry.reference, entry) for entry in entries])
    pipelines = _pages("pipelines", [(use.place, use) for use in used])
    files = {"index.html": _render("index.html.j2", title, groups=_groups(components), pipelines=pipelines, root="")}
    for entry, page in zip(entries, components, strict=True):
        users = [other for use, other in zip(used, pipelines, strict=True) if entry in use.entries]
        files[page.file] = _render("component.html.j2", title, entry=entry, users=users, root="../")
    for use, page in zip(used, pipelines, strict=True):
        parts = [other for entry, other in zip(entries, components, strict=True) if entry in use.entries]
        files[page.file] = _render("pipeline.html.j2", title, use=use, components=parts, root="../")
    return {name: text.encode() for name, text in files.items()}


def _pages(folder: str, subjects: Iterable[tuple[str, Entry | PipelineUse]]) -> list[Page]:
    names = Names()
    return [Page(f"{folder}/{names.unique(kebab(key, 'page'))}.html", subject) for key, subject in subjects]


def _groups(pages: Iterable[Page]) -> list[tuple[str, list[Page]]]:
    """The pages by the first folder of their references; those without a folder come first, without a name."""

    def folder(page: Page) -> str:
        assert isinstance(page.subject, Entry)
        return page.subject.reference.rpartition("/")[0].partition("/")[0]

    by_folder = sorted(pages, key=lambda page: folder(page).lower())
    return [(name, list(of_one)) for name, of_one in groupby(by_folder, key=folder)]


def _render(template: str, title: str, **values: Any) -> str:
    return _environment().get_template(template).render(title=title, **values)


@cache
def _environment() -> Environment:
    made = environment("views/templates", "site.css", "site.js")
    made.filters |= {
        "breakable": _breakable,
        "indented_lines": _indented_lines,
        "links": _links,
        "search_words": _search_words,
        "split_long": _split_long,
        "types": _types,
        "yaml_lines": _yaml_lines,
    }
    made.globals |= {"example": example}
    return made


def _links(text: str) -> Iterator[tuple[str, bool]]:
    """The pieces of a text, and whether each is a web address. Nothing but http and https ever is."""
    at = 0
    for found in _URL.finditer(text):
        yield from ((text[at : found.start()], False), (found.group(), True))
        at = found.end()
    yield text[at:], False


def _search_words(entry: Entry) -> str:
    """All that a search looks at, as `catalog search` does."""
    component = entry.component
    texts = [component.name, entry.reference, component.description, entry.image]
    texts += (text for port in entry.ports for text in (port.name, port.type.shown, port.description))
    return " ".join(" ".join(texts).lower().split())


def _split_long(text: str) -> tuple[str, str]:
    """A text split into the visible and the collapsed part: for a long text, all but the first paragraph."""
    first, _, rest = text.partition("\n\n")
    return (first, rest.strip("\n")) if rest.count("\n") >= MAX_LINES else (text, "")


def _indented_lines(text: str) -> Iterator[tuple[int, str]]:
    """Each line without its indentation, and how deep that was."""
    for line in text.strip("\n").splitlines():
        kept = line.lstrip()
        yield min((len(line) - len(kept) + 2) // 4, MAX_DEPTH), kept


def _breakable(text: str) -> list[str]:
    """The pieces of a path or name between which a line may end."""
    return _BREAK.split(text)


def _types(ports: Iterable[Input | Output]) -> str:
    """The types of inputs or outputs, each once, in short."""
    names = list(dict.fromkeys(port.type.written for port in ports))
    more = len(names) - MAX_TYPES
    return ", ".join(names[:MAX_TYPES]) + (f" +{more}" if more > 0 else "")


def _yaml_lines(text: str) -> list[tuple[str, str, str]]:
    """Each line as the text before its key, the key, and the rest."""
    found = [(_KEY.fullmatch(line), line) for line in text.splitlines()]
    return [(match[1], match[2], match[3]) if match else (line, "", "") for match, line in found]
