"""`--format json`: a list of objects, for tools."""

from __future__ import annotations

import json
from typing import Any

from transpiler.diagnostics import Diagnostic, Fix
from transpiler.report.findings import Findings


def render(findings: Findings) -> str:
    """A list of objects, always. Lines and columns count from 1; the end is exclusive."""
    return json.dumps([diagnostic_object(each) for each in findings.diagnostics], ensure_ascii=True, indent=2) + "\n"


def diagnostic_object(diagnostic: Diagnostic) -> dict[str, Any]:
    """A diagnostic as plain data."""
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
