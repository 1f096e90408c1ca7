"""Mermaid itself and Graphviz (compiled for browsers) draw what we write for them, in Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from tests.judges import browser
from tests.judges.browser import Browser
from tests.judges.npm import Package

MERMAID: Final = Package("mermaid", "11.17.0", "dist/mermaid.min.js")
"""GitHub draws with a version 11."""
GRAPHVIZ: Final = Package("@viz-js/viz", "3.31.0", "dist/viz-global.js")
_PAGE: Final = """\
<!doctype html><meta charset="utf-8"><title>judge</title><div id="place"></div>
<script src="file://{mermaid}"></script><script src="file://{graphviz}"></script>
<script>
mermaid.initialize({{startOnLoad: false, securityLevel: "strict"}});
window.answers = {{}};
async function ask(key, work) {{
  try {{ window.answers[key] = await work(); }} catch (error) {{ window.answers[key] = {{error: String(error)}}; }}
}}
function drawMermaid(key, text) {{
  ask(key, async () => {{
    const drawn = (await mermaid.render("m" + key, text, document.getElementById("place"))).svg;
    const page = new DOMParser().parseFromString(drawn, "text/html");
    const all = (selector) => [...page.querySelectorAll(selector)];
    return {{
      nodes: all(".node").map((each) => each.textContent.trim().replace(/\\s+/g, " ")),
      frames: all(".cluster").map((each) => each.textContent.trim().replace(/\\s+/g, " ")),
      edges: all("path.flowchart-link").length,
      scripts: all("script, [onclick], [onload], [onerror], img, iframe, a").length,
    }};
  }});
}}
function drawGraph(key, text) {{
  ask(key, async () => {{
    const drawn = (await Viz.instance()).renderJSON(text);
    return {{names: (drawn.objects || []).map((each) => each.name), edges: (drawn.edges || []).length}};
  }});
}}
</script>
"""


def are_at_hand() -> bool:
    """Can both be asked? Raises where judges are required and one cannot be had."""
    return bool(browser.is_at_hand() and MERMAID.folder() and GRAPHVIZ.folder())


@contextmanager
def opened(folder: Path) -> Iterator[Judge]:
    """A browser with both."""
    page = folder / "judge.html"
    page.write_text(_PAGE.format(mermaid=MERMAID.path(), graphviz=GRAPHVIZ.path()), encoding="utf-8")
    with browser.browser(folder / "profile") as window:
        window.open(page.as_uri())
        yield Judge(window)


class Judge:
    """Draws texts, and tells what was drawn."""

    def __init__(self, window: Browser) -> None:
        """A judge in an open window."""
        self._window = window
        self._asked = 0

    def mermaid(self, text: str) -> dict[str, Any]:
        """The texts of `nodes` and `frames`, the number of `edges` and of `scripts`; `error` if it is refused."""
        return self._ask("drawMermaid", text)

    def graphviz(self, text: str) -> dict[str, Any]:
        """The `names` of nodes and clusters, and the number of `edges`; `error` if it is refused."""
        return self._ask("drawGraph", text)

    def _ask(self, function: str, text: str) -> dict[str, Any]:
        self._asked += 1
        key = str(self._asked)
        self._window.run(f"{function}(arguments[0], arguments[1])", key, text)
        found = None
        while found is None:
            found = self._window.run("return window.answers[arguments[0]] || null", key)
        answer: dict[str, Any] = found
        return answer
