"""The diagnostics of several files, or of a file in several environments: each mistake once."""

from __future__ import annotations

from collections.abc import Iterable

from transpiler.diagnostics import Diagnostic

Key = tuple[object, ...]


def key_of(diagnostic: Diagnostic) -> Key:
    """What makes two diagnostics the same mistake: its code and its place."""
    return (diagnostic.code, *diagnostic.span[1:], diagnostic.span.source.name)


def each_once(found: Iterable[Diagnostic]) -> list[Diagnostic]:
    """The diagnostics in their order: an error if one of the manifests that share a component has it so."""
    kept: dict[Key, Diagnostic] = {}
    for diagnostic in found:
        same = kept.setdefault(key_of(diagnostic), diagnostic)
        if diagnostic.severity == "error" and same.severity == "warning":
            kept[key_of(diagnostic)] = diagnostic
    return sorted(kept.values(), key=lambda each: each.order)
