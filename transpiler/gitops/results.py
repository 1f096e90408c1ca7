"""Diagnostics, and orders that cannot be carried out → the results of a KRM function."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from transpiler.diagnostics import MAX_EXPLAINED, Diagnostic, Source
from transpiler.gitops.generator import Generator
from transpiler.gitops.order import OrderError
from transpiler.plan.argo_objects import Node
from transpiler.report.safe import safe


def results_of(diagnostics: Iterable[Diagnostic], home: Path, listing: Source | None) -> list[Node]:
    """A result for each diagnostic, of as many as other commands print.

    Files count from the package; those in the list itself have none.
    """
    return [_result(each, home, listing) for each in list(diagnostics)[:MAX_EXPLAINED]]


def _result(diagnostic: Diagnostic, home: Path, listing: Source | None) -> Node:
    span = diagnostic.span
    said = f"{diagnostic.message}{f'; {diagnostic.hint}' if diagnostic.hint else ''} [{diagnostic.code}]"
    is_in_list = span.source is listing
    place = "" if is_in_list else f"line {span.line}, column {span.column}: "
    file = {} if is_in_list else {"file": {"path": safe(_path(span.source.name, home))}}
    tags = {"code": diagnostic.code} | ({} if is_in_list else {"line": str(span.line), "column": str(span.column)})
    return {"message": place + safe(said), "severity": diagnostic.severity, **file, "tags": tags}


def refusal(error: OrderError, generator: Generator | None) -> Node:
    """The result for an order that cannot be carried out, at its generator."""
    field = {"field": {"path": _field(error.field, generator)}} if error.field else {}
    file = {"file": {"path": safe(generator.file)}} if generator is not None and generator.file else {}
    return {"message": safe(str(error)), "severity": "error", **field, **file}


def _field(word: str, generator: Generator | None) -> str:
    """Where a word of an order stands in an object of Kubernetes."""
    if generator is None or "." in word:
        return safe(word)
    return f"{'spec' if generator.is_object else 'data'}.{safe(word)}"


def _path(name: str, home: Path) -> str:
    """A file as the package names it. Messages name it from the working folder."""
    if name.startswith("<"):
        return name
    return Path(os.path.relpath(Path(name).absolute(), home)).as_posix()
