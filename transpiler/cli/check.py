"""`transpile check`: every mistake in manifests and components; folders are searched."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from transpiler.catalog.files import (
    COMPONENT_FILE,
    Unreadable,
    git_root,
    is_folder,
    read_regular_file,
    resolve_inside,
    shown,
)
from transpiler.catalog.remote import VENDOR
from transpiler.cli.main import UsageError
from transpiler.cli.streams import options, read, show, tell
from transpiler.compiler import Options, check_component_bytes, compile_bytes
from transpiler.diagnostics import Diagnostic, Report
from transpiler.read.document import read_document
from transpiler.read.nodes import Map
from transpiler.read.source import decode

_SKIPPED = {"node_modules", "__pycache__", "venv"}
_KEY = re.compile(rb"^([\"']?)(implementation|tasks|deploymentSpec|name)\1[ \t]*:", re.MULTILINE)


def run(given: argparse.Namespace) -> int:
    """Check each file once; 1 when any has an error."""
    chosen = options(given)
    found: dict[tuple[object, ...], Diagnostic] = {}
    files = list(dict.fromkeys(files_of(given.paths, chosen.root)))
    for path in files:
        for diagnostic in _check(path, read(str(path)), chosen):
            same = found.setdefault((diagnostic.code, *diagnostic.span[1:], diagnostic.span.source.name), diagnostic)
            if diagnostic.severity == "error" and same.severity == "warning":
                found[diagnostic.code, *diagnostic.span[1:], diagnostic.span.source.name] = diagnostic
    diagnostics = sorted(found.values(), key=lambda each: each.order)
    show(diagnostics, given, sys.stdout)
    failed = any(each.severity == "error" for each in diagnostics)
    if not given.quiet and given.format == "text":
        plural = "" if len(files) == 1 else "s"
        tell(f"checked {len(files)} file{plural}: {'there are errors' if failed else 'no errors'}")
    return 1 if failed else 0


def _check(path: Path, data: bytes, chosen: Options) -> Iterable[Diagnostic]:
    if kind(path, data) == "component":
        return check_component_bytes(path, data, chosen)
    return compile_bytes(shown(path), data, path.resolve().parent, chosen).diagnostics


def kind(path: Path, data: bytes) -> str:
    """`component`, `pipeline`, or empty for a YAML file that is neither."""
    keys = _keys(data)
    if path.name == COMPONENT_FILE or "implementation" in keys:
        return "component"
    if "deploymentSpec" in keys:
        return "component" if data.count(b"componentRef") == 1 else ""  # others are pipelines, compiled by KFP v2
    return "pipeline" if {"name", "tasks"} <= keys or re.search(r"(^|\.)pipeline\.ya?ml$", path.name) else ""


def _keys(data: bytes) -> set[str]:
    """The keys by which manifests and components are told from other files, of those at the top."""
    if not data.lstrip().startswith(b"{"):
        return {found[2].decode() for found in _KEY.finditer(data)}
    source = decode("", data, Report())
    document = read_document(source, Report()) if source is not None else None
    return set(document) if isinstance(document, Map) else set()


def files_of(paths: Iterable[str], root: Path | None) -> Iterator[Path]:
    """Files as named; in folders, the YAML files that are manifests or components and lie inside the root."""
    for name in paths:
        path = Path(name)
        if is_folder(path):
            found = list(search(path, root or git_root(path.resolve())))
            if not found:
                raise UsageError(f"no manifest or component below `{name}`")
            yield from found
        else:
            yield path


def search(folder: Path, root: Path) -> Iterator[Path]:
    """The YAML files below a folder that are manifests or components and lie inside the root, sorted."""
    copies = root / VENDOR
    is_outside = not folder.resolve().is_relative_to(copies)
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if path.suffix not in {".yaml", ".yml"} or any(part.startswith(".") or part in _SKIPPED for part in parts):
            continue
        try:
            real = resolve_inside(path, root)
            if is_outside and real.is_relative_to(copies):
                continue  # others' components, which are looked at where they are used
            data = read_regular_file(real)
        except Unreadable:
            continue  # a link out of the root, a pipe, something larger than any manifest
        if kind(path, data):
            yield path
