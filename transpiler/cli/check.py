"""`transpile check`: every mistake in manifests and components; folders are searched."""

from __future__ import annotations

import argparse
import gc
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from msgspec import Struct, field

from transpiler.analysis import check_component
from transpiler.catalog.files import (
    SUFFIXES,
    Unreadable,
    git_root,
    is_folder,
    read_regular_file,
    resolve_inside,
    shown,
)
from transpiler.catalog.remote_source import VENDOR
from transpiler.cli.streams import options, read, show, tell
from transpiler.cli.usage import UsageError
from transpiler.compiler import compile_bytes
from transpiler.diagnostics import Diagnostic, Report, Source
from transpiler.read.documents import COMPONENT, guess
from transpiler.workspace.options import Options

_SKIPPED = {"node_modules", "__pycache__", "venv"}
_OTHERS = {"deno.json"}
"""Files of other tools that have a `name` and `tasks`."""


class Others(Struct):
    """What a search leaves out."""

    count: int = 0
    """Files that are neither manifests nor components."""
    unreadable: Report = field(default_factory=Report)


def run(given: argparse.Namespace) -> int:
    """Check each file once; 1 when any has an error."""
    gc.enable()
    chosen = options(given)
    found: dict[tuple[object, ...], Diagnostic] = {}
    others = Others()
    files = list(dict.fromkeys(files_of(given.paths, chosen.root, others)))
    for path in files:
        for diagnostic in _check(path, read(str(path)), chosen):
            same = found.setdefault((diagnostic.code, *diagnostic.span[1:], diagnostic.span.source.name), diagnostic)
            if diagnostic.severity == "error" and same.severity == "warning":
                found[diagnostic.code, *diagnostic.span[1:], diagnostic.span.source.name] = diagnostic
    diagnostics = sorted([*found.values(), *others.unreadable.diagnostics], key=lambda each: each.order)
    show(diagnostics, given, sys.stdout)
    failed = any(each.severity == "error" for each in diagnostics)
    if not given.quiet and given.format == "text":
        plural = "" if len(files) == 1 else "s"
        skipped = f"; skipped {others.count} that are neither a manifest nor a component" if others.count else ""
        tell(f"checked {len(files)} file{plural}: {'there are errors' if failed else 'no errors'}{skipped}")
    return 1 if failed else 0


def _check(path: Path, data: bytes, chosen: Options) -> Iterable[Diagnostic]:
    if guess(path, data) is COMPONENT:
        return check_component(path, data, chosen)
    return compile_bytes(shown(path), data, path.resolve().parent, chosen).diagnostics


def files_of(paths: Iterable[str], root: Path | None, others: Others | None = None) -> Iterator[Path]:
    """Files as named; in folders, the files that are manifests or components and lie inside the root."""
    others = others or Others()
    for name in paths:
        path = Path(name)
        if is_folder(path):
            found = list(search(path, root or git_root(path.resolve()), others))
            if not found and not others.unreadable.failed:
                raise UsageError(f"no manifest or component below `{name}`")
            yield from found
        else:
            yield path


def search(folder: Path, root: Path, others: Others | None = None) -> Iterator[Path]:
    """The YAML and JSON files below a folder that are manifests or components and lie inside the root, sorted."""
    others = others or Others()
    copies = root / VENDOR
    is_outside = not folder.resolve().is_relative_to(copies)
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if path.suffix not in SUFFIXES or path.name in _OTHERS:
            continue
        if any(part.startswith(".") or part in _SKIPPED for part in parts):
            continue
        try:
            real = resolve_inside(path, root)
            if is_outside and real.is_relative_to(copies):
                continue  # others' components, which are looked at where they are used
            data = read_regular_file(real)
        except Unreadable as problem:
            # The others: a link out of the root, a pipe, a folder, something larger than any manifest
            if problem.code == "cannot-read" and path.is_file():
                nowhere = Source(shown(path), "").span(0)
                others.unreadable.error(problem.code, problem.message, nowhere, problem.hint)
            continue
        if guess(path, data) is not None:
            yield path
        else:
            others.count += 1
