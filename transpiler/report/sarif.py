"""`--format sarif`: a SARIF 2.1.0 log, which GitHub code scanning, Azure and editors show.

docs.github.com, "SARIF support for code scanning": of a run at most 5,000 results are shown, and no file with more than
25,000 is taken.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, Final

from transpiler.diagnostics import Diagnostic, Fix, Span
from transpiler.report.findings import Findings
from transpiler.report.fingerprints import fingerprints, line_hashes_of
from transpiler.report.rule_texts import descriptor
from transpiler.report.safe import safe

MAX_RESULTS: Final = 5_000
MAX_RELATED: Final = 100
_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_ROOT: Final = "%SRCROOT%"
_PLAIN: Final = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/")


def render(findings: Findings) -> str:
    """The log, with one run; without diagnostics its results are empty."""
    log = {"version": "2.1.0", "runs": [_run(findings)]}
    return f'{{"$schema": "{_SCHEMA}",' + json.dumps(log, indent=2)[1:] + "\n"


def left_out(findings: Findings) -> str:
    """A sentence about diagnostics that have no place in the log; empty if all are in it."""
    total = len(findings.diagnostics)
    if total <= MAX_RESULTS:
        return ""
    return f"the SARIF log has {MAX_RESULTS:,} of {total:,} problems, errors first: GitHub shows no more"


def _run(findings: Findings) -> dict[str, Any]:
    chosen = _most_severe([*zip(findings.diagnostics, fingerprints(findings), strict=True)])
    hashes = line_hashes_of([diagnostic for diagnostic, _ in chosen])
    codes = sorted({diagnostic.code for diagnostic, _ in chosen})
    numbers = {code: number for number, code in enumerate(codes)}
    return {
        "tool": {"driver": {"name": "transpile", "rules": [descriptor(code) for code in codes]}},
        "invocations": [_invocation(findings)],
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The root of the repository."}}},
        "columnKind": "unicodeCodePoints",
        "results": [
            _result(each, numbers[each.code], findings)
            | {"partialFingerprints": _prints(digest, hashes.get((each.span.source.name, each.span.line)))}
            for each, digest in chosen
        ],
    }


def _prints(digest: str, line_hash: str | None) -> dict[str, str]:
    known = {"primaryLocationLineHash": line_hash} if line_hash else {}
    return {**known, "transpile/v1": digest}


def _invocation(findings: Findings) -> dict[str, Any]:
    cut = left_out(findings)
    notes = [{"level": "warning", "message": {"text": f"{cut[:1].upper()}{cut[1:]}."}}] if cut else []
    return {"executionSuccessful": True, "toolExecutionNotifications": notes}


def _most_severe(found: Sequence[tuple[Diagnostic, str]]) -> Sequence[tuple[Diagnostic, str]]:
    """All diagnostics with their digests, or as many as GitHub shows: errors first."""
    if len(found) <= MAX_RESULTS:
        return found
    return sorted(found, key=lambda each: each[0].severity != "error")[:MAX_RESULTS]


def _result(diagnostic: Diagnostic, number: int, findings: Findings) -> dict[str, Any]:
    lines = [safe(diagnostic.message), *([safe(diagnostic.hint)] if diagnostic.hint else [])]
    result: dict[str, Any] = {
        "ruleId": diagnostic.code,
        "ruleIndex": number,
        "level": diagnostic.severity,
        "message": {"text": "\n".join(lines)},
        "locations": [_location(diagnostic.span, findings)],
    }
    if diagnostic.related:
        result["relatedLocations"] = [
            {"id": at, "message": {"text": safe(each.message)}, **_location(each.span, findings)}
            for at, each in enumerate(diagnostic.related[:MAX_RELATED], start=1)
        ]
    if diagnostic.fix:
        result["fixes"] = [_fix(diagnostic.hint, diagnostic.fix, findings)]
    return result


def _location(span: Span, findings: Findings) -> dict[str, Any]:
    return {"physicalLocation": {"artifactLocation": _artifact(span, findings), "region": _region(span)}}


def _artifact(span: Span, findings: Findings) -> dict[str, str]:
    name = span.source.name
    if name in findings.paths:
        return {"uri": _uri(findings.paths[name]), "uriBaseId": _ROOT}
    return {"uri": _uri(name)}


def _uri(path: str) -> str:
    """A path as a relative URI: its bytes, percent-encoded."""
    try:
        data = path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # no name of a file, but text of a manifest
        data = path.encode("utf-8", "replace")
    return "".join(chr(byte) if byte in _PLAIN else f"%{byte:02X}" for byte in data)


def _region(span: Span) -> dict[str, int]:
    """SARIF's lines and columns are ours: from 1, the end exclusive."""
    return {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }


def _fix(hint: str, fix: Fix, findings: Findings) -> dict[str, Any]:
    return {"description": {"text": safe(hint)}, "artifactChanges": list(_changes(fix, findings))}


def _changes(fix: Fix, findings: Findings) -> Iterator[dict[str, Any]]:
    """The edits, by file."""
    files = {edit.span.source.name: edit.span for edit in fix.edits}
    for name, span in files.items():
        edits = [edit for edit in fix.edits if edit.span.source.name == name]
        replacements = [{"deletedRegion": _region(edit.span), "insertedContent": {"text": edit.text}} for edit in edits]
        yield {"artifactLocation": _artifact(span, findings), "replacements": replacements}
