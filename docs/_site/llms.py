"""What programs read: the pages as Markdown, and lists of them; and the first page of the site.

`llms.txt` is a list of the pages as llmstxt.org describes it, `llms-full.txt` has their texts, and each page stands as
Markdown beside its HTML.
"""

from __future__ import annotations

import posixpath
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from contents import sections

if TYPE_CHECKING:
    from sphinx.application import Sphinx

_FRONT = """\
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>transpile</title>
<meta http-equiv="refresh" content="0; url=docs/index.html">
<link rel="canonical" href="docs/index.html">
<a href="docs/index.html">transpile</a>
</html>
"""


def write(app: Sphinx, problem: Exception | None) -> None:
    """Write them all, when the HTML is there."""
    if problem is not None or app.builder.name != "html":
        return
    site = Path(app.outdir)
    for page in sorted(app.env.found_docs):
        target = site / f"{page}.md"
        shutil.copyfile(app.env.doc2path(page), target)
    index = Path(app.env.doc2path(app.config.root_doc)).read_text(encoding="utf-8")
    (site / "llms.txt").write_text(listed(index), encoding="utf-8")
    (site / "llms-full.txt").write_text(full(index, site), encoding="utf-8")
    (site / "index.html").write_text(_FRONT, encoding="utf-8")


def listed(index: str) -> str:
    """The list: the first paragraph of the table of contents, and the links of its sections."""
    title, summary = index.split("\n\n")[:2]
    parts = [title, "", "> " + " ".join(summary.split()), ""]
    for heading, entries in sections(index):
        rows = [
            f"- [{each.title}]({_address(each.page)})" + (f": {each.note}" if each.note else "") for each in entries
        ]
        parts += [f"## {heading}", "", *rows, ""]
    return "\n".join(parts)


def full(index: str, site: Path) -> str:
    """The text of every page of the table, each under its address."""
    pages = [_address(each.page) for _, entries in sections(index) for each in entries]
    return "\n".join(f"<!-- {page} -->\n\n{(site / page).read_text(encoding='utf-8')}" for page in pages)


def _address(page: str) -> str:
    return posixpath.normpath(posixpath.join("docs", f"{page}.md"))


def setup(app: Sphinx) -> dict[str, bool]:
    """Sphinx calls this."""
    app.connect("build-finished", write)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
