"""`--format gitlab`: a Code Quality report, which GitLab shows in merge requests.

docs.gitlab.com, "Code Quality", section "Code Quality report format": a list of objects; a fingerprint occurs once.
"""

from __future__ import annotations

import json
from typing import Any, Final

from transpiler.diagnostics import Diagnostic
from transpiler.report.findings import Findings
from transpiler.report.fingerprints import fingerprints
from transpiler.report.safe import safe

_SEVERITIES: Final = {"error": "major", "warning": "minor"}


def render(findings: Findings) -> str:
    """The list; empty without diagnostics."""
    digests = fingerprints(findings)
    found = [_object(each, digest, findings) for each, digest in zip(findings.diagnostics, digests, strict=True)]
    return json.dumps(found, indent=2) + "\n"


def _object(diagnostic: Diagnostic, fingerprint: str, findings: Findings) -> dict[str, Any]:
    span = diagnostic.span
    return {
        "description": safe(diagnostic.message + (f"; {diagnostic.hint}" if diagnostic.hint else "")),
        "check_name": diagnostic.code,
        "fingerprint": fingerprint,
        "severity": _SEVERITIES[diagnostic.severity],
        "location": {
            "path": safe(findings.path(span.source.name)),
            "lines": {"begin": span.line, "end": span.end_line},
        },
    }
