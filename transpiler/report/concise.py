"""`--format concise`: one line for each diagnostic, for editors and problem matchers."""

from __future__ import annotations

from transpiler.report.findings import Findings
from transpiler.report.safe import safe


def render(findings: Findings) -> str:
    """`file:line:column: severity[code]: message; hint` for each."""
    return "".join(
        f"{safe(each.span.source.name)}:{each.span.line}:{each.span.column}: {each.severity}[{each.code}]: "
        f"{safe(each.message)}{'; ' + safe(each.hint) if each.hint else ''}\n"
        for each in findings.diagnostics
    )
