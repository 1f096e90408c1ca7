"""A document, judged by the shipped schema of its kind."""

from __future__ import annotations

from transpiler.diagnostics import Report
from transpiler.read.schema.misplaced import check_misplaced
from transpiler.read.schema.quick import fits
from transpiler.read.yaml.nodes import Map


def check_schema(document: Map, name: str, report: Report) -> None:
    """Judge a document by the shipped schema `pipeline` or `component`."""
    misplaced = check_misplaced(document, report) if name == "pipeline" else {}
    if not fits(document, name):
        from transpiler.read.schema.explain import explain_findings  # noqa: PLC0415 - jsonschema takes 80 ms to import

        explain_findings(document, name, misplaced, report)
