"""Links to files of the repository that are no pages: each gets a page of the site that shows it, a folder a list.

`[pipeline.yaml](../samples/add/pipeline.yaml)` leads to the file on GitHub, and here to `files/samples/add/…`.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms import SphinxTransform

if TYPE_CHECKING:
    from sphinx.application import Sphinx

_LEXERS = {".yaml": "yaml", ".yml": "yaml", ".py": "python", ".json": "json", ".toml": "toml", ".sh": "sh"}
_LARGEST = 200_000


class LinkedFiles(SphinxTransform):
    """Turns links to files and folders into links to their pages, and remembers them."""

    default_priority = 800  # before Sphinx collects files to download

    def apply(self, **_: Any) -> None:
        """Of one document."""
        for node in list(self.document.findall(addnodes.download_reference)):
            self._replace(node, node["reftarget"])
        for node in list(self.document.findall(addnodes.pending_xref)):
            target = node["reftarget"].partition("#")[0]
            if node.get("reftype") == "myst" and target:
                self._replace(node, target)

    def _replace(self, node: nodes.Element, target: str) -> None:
        home = posixpath.dirname(self.env.docname)
        path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(home, target))
        if path.startswith("..") or not Path(self.app.srcdir, path).exists():
            return  # Sphinx reports it
        linked(self.app).add(path)
        address = self.app.builder.get_relative_uri(self.env.docname, f"files/{path}")
        node.replace_self(nodes.reference("", "", *node.children, internal=True, refuri=address))


def linked(app: Sphinx) -> set[str]:
    """The paths that pages link to."""
    found: set[str] = app.env.__dict__.setdefault("linked_files", set())
    return found


def _pages(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """The page of each file and folder, and of what is in the folders."""
    todo = sorted(linked(app))
    seen: set[str] = set()
    while todo:
        path = todo.pop()
        if path in seen:
            continue
        seen.add(path)
        place = Path(app.srcdir, path)
        if place.is_dir():
            inner = [f"{path}/{each.name}" for each in sorted(place.iterdir()) if not each.name.startswith((".", "__"))]
            todo += inner
            body = "".join(f'<li><a href="{_link(app, path, each)}">{escape(each)}</a></li>' for each in inner)
            body = f"<ul>{body}</ul>"
        else:
            body = _shown(app, place)
        yield f"files/{path}", {"title": path, "body": f"<h1>{escape(path)}</h1>{body}"}, "page.html"


def _link(app: Sphinx, source: str, target: str) -> str:
    return escape(app.builder.get_relative_uri(f"files/{source}", f"files/{target}"))


def _shown(app: Sphinx, place: Path) -> str:
    text = place.read_text(encoding="utf-8")
    lexer = _LEXERS.get(place.suffix, "text") if len(text) < _LARGEST else "text"
    return str(app.builder.highlighter.highlight_block(text, lexer, force=True))  # type: ignore[attr-defined]


def setup(app: Sphinx) -> dict[str, bool]:
    """Sphinx calls this."""
    app.add_transform(LinkedFiles)
    app.connect("html-collect-pages", _pages)
    return {"parallel_read_safe": True, "parallel_write_safe": False}
