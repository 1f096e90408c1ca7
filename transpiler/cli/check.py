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
from transpiler.cli.fixes import MAX_ROUNDS, apply_fixes
from transpiler.cli.reports import is_summarized, report
from transpiler.cli.streams import failed, options, read, tell
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
    others = Others()
    files = list(dict.fromkeys(files_of(given.paths, chosen.root, others, given.exclude)))
    diagnostics = _problems(files, others, chosen)
    fixed = 0
    for _ in range(MAX_ROUNDS if given.fix else 0):
        applied = apply_fixes(files, diagnostics)
        if not applied:
            break
        fixed += applied
        diagnostics = _problems(files, others, chosen)
    report(diagnostics, given, sys.stdout, files)
    if is_summarized(given):
        tell(_summary(diagnostics, len(files), others.count, fixed))
    return 1 if failed(diagnostics, given) else 0


def _summary(diagnostics: Sequence[Diagnostic], files: int, skipped: int, fixed: int) -> str:
    """The last line: how many files and problems, and what was, or could be, corrected."""
    parts = [f"checked {files} file{'' if files == 1 else 's'}: {count(diagnostics) or 'no problems'}"]
    if skipped:
        parts.append(f"skipped {skipped} that are neither a manifest nor a component")
    if fixed:
        parts.append(f"corrected {fixed} mistake{'' if fixed == 1 else 's'}")
    safe = sum(each.fix is not None and each.fix.is_safe for each in diagnostics)
    if safe:
        parts.append(f"`transpile check --fix` corrects {safe} of them")
    return "; ".join(parts)


def _problems(files: Iterable[Path], others: Others, chosen: Options) -> list[Diagnostic]:
    """The diagnostics of all files, each once: an error if one of the manifests that share a component has it so."""
    found: dict[tuple[object, ...], Diagnostic] = {}
    for path in files:
        for diagnostic in _check(path, read(str(path)), chosen):
            key = (diagnostic.code, *diagnostic.span[1:], diagnostic.span.source.name)
            same = found.setdefault(key, diagnostic)
            if diagnostic.severity == "error" and same.severity == "warning":
                found[key] = diagnostic
    return sorted([*found.values(), *others.unreadable.diagnostics], key=lambda each: each.order)


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
