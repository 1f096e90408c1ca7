"""Diagnostics for tools: one line each, or JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from transpiler.diagnostics import Diagnostic, Fix
from transpiler.report.safe import safe

FORMATS: Final = ("text", "concise", "json")


def render(diagnostics: Sequence[Diagnostic], form: str, color: bool) -> str:
    """The diagnostics in one of FORMATS."""
    if form == "json":
        return render_json(diagnostics)
    if form == "concise":
        return render_concise(diagnostics)
    from transpiler.report.text import render_text  # noqa: PLC0415

    return render_text(diagnostics, color)


def render_concise(diagnostics: Sequence[Diagnostic]) -> str:
    """One line for each, `file:line:column: severity[code]: message; hint`, for editors and problem matchers."""
    return "".join(
        f"{safe(each.span.source.name)}:{each.span.line}:{each.span.column}: {each.severity}[{each.code}]: "
        f"{safe(each.message)}{'; ' + safe(each.hint) if each.hint else ''}\n"
        for each in diagnostics
    )


def render_json(diagnostics: Sequence[Diagnostic]) -> str:
    """A list of objects, always. Lines and columns count from 1; the end is exclusive."""
    return json.dumps([_object(each) for each in diagnostics], ensure_ascii=True, indent=2) + "\n"


def _object(diagnostic: Diagnostic) -> dict[str, Any]:
    span = diagnostic.span
    return {
        "code": diagnostic.code,
        "severity": diagnostic.severity,
        "message": diagnostic.message,
        "hint": str(diagnostic.hint),
        "file": span.source.name,
        "line": span.line,
        "column": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
        "related": [
            {
                "message": related.message,
                "file": related.span.source.name,
                "line": related.span.line,
                "column": related.span.column,
            }
            for related in diagnostic.related
        ],
        "fix": _fix(diagnostic.fix),
    }


def _fix(fix: Fix | None) -> dict[str, Any] | None:
    if fix is None:
        return None
    edits = [
        {
            "file": edit.span.source.name,
            "line": edit.span.line,
            "column": edit.span.column,
            "endLine": edit.span.end_line,
            "endColumn": edit.span.end_column,
            "text": edit.text,
        }
        for edit in fix.edits
    ]
    return {"safe": fix.is_safe, "edits": edits}
