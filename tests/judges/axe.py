"""axe-core, Deque's judge of accessibility, on a page in the browser."""

from __future__ import annotations

from typing import Final

from tests.judges.browser import Browser
from tests.judges.npm import Package

AXE: Final = Package("axe-core", "4.14.1", "axe.min.js")
_RULES: Final = "wcag2a wcag2aa wcag21a wcag21aa wcag22aa best-practice".split()
_ASK: Final = """
const rules = { "label-content-name-mismatch": { enabled: false } };  // experimental: a name may say more than a box
return axe.run(document, { runOnly: { type: "tag", values: arguments[0] }, rules }).then(({ violations }) =>
  violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target} ${node.failureSummary}`)));
"""


def complaints(window: Browser) -> list[str]:
    """The rule, the element and the reason of each violation in the page that is open."""
    window.run(AXE.path().read_text(encoding="utf-8"))
    found: list[str] = window.run(_ASK, _RULES)
    return found
