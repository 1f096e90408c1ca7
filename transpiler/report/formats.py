"""The formats of diagnostics: which there are, the renderer of each, and how they go with other output."""

from __future__ import annotations

from importlib import import_module
from typing import Final

from transpiler.report.findings import Findings

RENDERERS: Final = {name: name for name in ("concise", "github", "gitlab", "junit", "sarif")} | {"json": "objects"}
"""Format → its module in this room, which has `render(findings)`. The format `text` has colours too."""
DOCUMENTS: Final = frozenset(["json", "gitlab", "junit", "sarif"])
"""Formats that are one document: nothing else may stand beside it on its stream."""
SUMMARIZED: Final = frozenset(["text", "github"])
"""Formats that people read, beside a summary."""
LOCATED: Final = frozenset(["github", "gitlab", "junit", "sarif"])
"""Formats whose paths start at the root of the repository."""


def left_out(findings: Findings, form: str) -> str:
    """A sentence about diagnostics that a report has no room for; empty where all are in it."""
    if form != "sarif":
        return ""
    from transpiler.report.sarif import left_out as cut  # noqa: PLC0415

    return cut(findings)


def render(findings: Findings, form: str, color: bool) -> str:
    """The diagnostics in a format."""
    if form == "text":
        from transpiler.report.text import render_text  # noqa: PLC0415

        return render_text(findings.diagnostics, color)
    text: str = import_module(f"transpiler.report.{RENDERERS[form]}").render(findings)
    return text
