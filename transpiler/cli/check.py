"""`transpile check`: every mistake in manifests and components; folders are searched."""

from __future__ import annotations

import argparse
import gc
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from transpiler.analysis import check_component
from transpiler.catalog.files import (
    git_root,
    is_folder,
    shown,
)
from transpiler.cli.streams import failed, options, read, show, tell
from transpiler.cli.usage import UsageError
from transpiler.compiler import compile_bytes
from transpiler.diagnostics import Diagnostic
from transpiler.read.documents import COMPONENT, guess
from transpiler.report.text import count
from transpiler.workspace.options import Options
from transpiler.workspace.search import Others, search


def run(given: argparse.Namespace) -> int:
    """Check each file once; 1 when any has an error."""
    gc.enable()
    chosen = options(given)
    found: dict[tuple[object, ...], Diagnostic] = {}
    others = Others()
    files = list(dict.fromkeys(files_of(given.paths, chosen.root, others, given.exclude)))
    for path in files:
        for diagnostic in _check(path, read(str(path)), chosen):
            same = found.setdefault((diagnostic.code, *diagnostic.span[1:], diagnostic.span.source.name), diagnostic)
            if diagnostic.severity == "error" and same.severity == "warning":
                found[diagnostic.code, *diagnostic.span[1:], diagnostic.span.source.name] = diagnostic
    diagnostics = sorted([*found.values(), *others.unreadable.diagnostics], key=lambda each: each.order)
    show(diagnostics, given, sys.stdout)
    if not given.quiet and given.format == "text":
        plural = "" if len(files) == 1 else "s"
        skipped = f"; skipped {others.count} that are neither a manifest nor a component" if others.count else ""
        tell(f"checked {len(files)} file{plural}: {count(diagnostics) or 'no problems'}{skipped}")
    return 1 if failed(diagnostics, given) else 0


def _check(path: Path, data: bytes, chosen: Options) -> Iterable[Diagnostic]:
    if guess(path, data) is COMPONENT:
        return check_component(path, data, chosen)
    return compile_bytes(shown(path), data, path.resolve().parent, chosen).diagnostics


def files_of(
    paths: Iterable[str], root: Path | None, others: Others | None = None, exclude: Sequence[str] = ()
) -> Iterator[Path]:
    """Files as named; in folders, the files that are manifests or components and lie inside the root."""
    others = others or Others()
    for name in paths:
        path = Path(name)
        if is_folder(path):
            found = list(search(path, root or git_root(path.resolve()), others, exclude))
            if not found and not others.unreadable.failed:
                raise UsageError(f"no manifest or component below `{name}`")
            yield from found
        else:
            yield path
