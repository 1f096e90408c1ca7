"""Placeholders that only KFP's v2 backend fills in."""

from __future__ import annotations

from transpiler.diagnostics import Report
from transpiler.model.component import Component
from transpiler.model.placeholders import BackendPlaceholder


def check_backend(component: Component, report: Report) -> None:
    """Placeholders of the command, and texts that a compiled component has them in."""
    for part in component.placeholders:
        if isinstance(part, BackendPlaceholder):
            say = report.warning if part.text else report.error
            say(
                "kfp-backend",
                f"`{part.keyword}` works only in KFP's v2 backend",
                part.span,
                "for plain Argo, use inputPath, inputValue or outputPath",
            )
    for text, span in component.texts:
        if "{{$" in text:
            report.warning(
                "kfp-backend",
                "`{{$…}}` works only in KFP's v2 backend",
                span,
                "on plain Argo, it reaches the program unchanged",
            )
