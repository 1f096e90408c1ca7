"""`docs/index.md` is the table of contents: its lists of links are the navigation of the site.

On GitHub the page is lists under headings. Here each list becomes a hidden table of contents with its heading as the
caption, so that a page which no list names is an error of the build.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx

_HEADING = re.compile(r"^## (.+)$")
_ENTRY = re.compile(r"^- \[(.+?)\]\(([\w./-]+)\.md\)(?:: (.+))?$")


@dataclass(frozen=True)
class Entry:
    """A page in the table: its title there, its path without `.md`, and what the list says of it."""

    title: str
    page: str
    note: str


def sections(text: str) -> Iterator[tuple[str, list[Entry]]]:
    """Each heading of the table, with its pages."""
    for part in re.split(r"(?=^## )", text, flags=re.MULTILINE)[1:]:
        lines = part.splitlines()
        heading = _HEADING.match(lines[0])
        assert heading is not None
        found = [Entry(each[1], each[2], each[3] or "") for line in _joined(lines[1:]) if (each := _ENTRY.match(line))]
        yield heading[1], found


def _joined(lines: list[str]) -> Iterator[str]:
    """Lines, with what is indented below joined to the line above."""
    whole = ""
    for line in lines:
        if line.startswith("  "):
            whole = f"{whole} {line.strip()}"
        else:
            yield whole
            whole = line
    yield whole


def _add_tables(app: Sphinx, document: str, source: list[str]) -> None:
    """Append the tables of contents to the pages that have one."""
    if document == app.config.root_doc:
        for heading, entries in sections(source[0]):
            home = posixpath.dirname(document)
            rows = [f"{each.title} </{posixpath.normpath(posixpath.join(home, each.page))}>" for each in entries]
            source[0] += _table([f":caption: {heading}"], rows)
    if document == "docs/features":
        source[0] += _table([":glob:"], ["features/*"])


def _table(options: list[str], rows: list[str]) -> str:
    return "\n".join(["\n\n```{toctree}", ":hidden:", *options, "", *rows, "```\n"])


def setup(app: Sphinx) -> dict[str, bool]:
    """Sphinx calls this."""
    app.connect("source-read", _add_tables)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
