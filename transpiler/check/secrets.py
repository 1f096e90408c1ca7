"""Secrets written where everybody can read them: manifests are in Git, and Workflows can be read in the cluster."""

from __future__ import annotations

import re

from transpiler.diagnostics import Report, Span

_NAMED_SECRET = re.compile(
    r"(?i)(^|[-_ ])(password|passwd|secret|token|api[-_ ]?key|access[-_ ]?key|private[-_ ]?key)$"
)
_TOKEN = re.compile(
    r"\b(AKIA|ASIA)[0-9A-Z]{16}\b|\bgh[opsu]_[A-Za-z0-9]{36}|\bglpat-[\w-]{20}|\bxox[abps]-[\w-]{10}"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----|\beyJ[\w-]{10,}\.eyJ[\w-]{10,}"
)


def check_secret(name: str, value: str, span: Span, report: Report) -> None:
    """Warn about a value that is a secret by its name or its form. The message never holds the value."""
    if (value and _NAMED_SECRET.search(name)) or _TOKEN.search(value):
        hint = "keep it in a Kubernetes Secret, and pass it with `secrets: {NAME: SECRET/KEY}`"
        report.warning("secret-in-manifest", f"the value of `{name}` looks like a secret", span, hint)
