"""`--format github`: workflow commands, which GitHub Actions shows as annotations of the lines of a pull request.

docs.github.com, "Workflow commands for GitHub Actions": a step shows 10 errors and 10 warnings; the log has all.
It shows no properties, so each message starts with its place.
"""

from __future__ import annotations

from transpiler.diagnostics import Diagnostic, Span
from transpiler.report.findings import Findings
from transpiler.report.safe import safe


def render(findings: Findings) -> str:
    """A line for each diagnostic; nothing without diagnostics."""
    return "".join(f"{_command(each, findings)}\n" for each in findings.diagnostics)


def _command(diagnostic: Diagnostic, findings: Findings) -> str:
    properties = {"title": diagnostic.code, **_place(diagnostic.span, findings)}
    written = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
    return f"::{diagnostic.severity} {written}::{_data(_text(diagnostic, findings))}"


def _place(span: Span, findings: Findings) -> dict[str, str | int]:
    """The properties of a place; none for a file outside of the repository. Columns only where there is one line."""
    if span.source.name not in findings.paths:
        return {}
    place: dict[str, str | int] = {"file": findings.path(span.source.name), "line": span.line, "endLine": span.end_line}
    if span.line == span.end_line:
        place |= {"col": span.column, "endColumn": span.end_column}
    return place


def _text(diagnostic: Diagnostic, findings: Findings) -> str:
    lines = [f"{_shown(diagnostic.span, findings)}: {safe(diagnostic.message)}"]
    lines += [f"{_shown(each.span, findings)}: {safe(each.message)}" for each in diagnostic.related[:10]]
    return "\n".join(lines + ([f"help: {safe(diagnostic.hint)}"] if diagnostic.hint else []))


def _shown(span: Span, findings: Findings) -> str:
    return f"{safe(findings.path(span.source.name))}:{span.line}:{span.column}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(safe(text)).replace(":", "%3A").replace(",", "%2C")
