"""`transpile check`: every mistake in manifests and components; folders are searched."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from transpiler.catalog.files import COMPONENT_FILE, shown
from transpiler.cli.main import UsageError
from transpiler.cli.streams import options, read, show
from transpiler.compiler import Options, check_component_bytes, compile_bytes
from transpiler.diagnostics import Diagnostic

_SKIPPED = {"node_modules", "__pycache__", "venv"}
_COMPONENT = re.compile(rb"^[\"']?implementation[\"']?\s*:|^\s*\{.*?\"implementation\"\s*:", re.MULTILINE | re.DOTALL)
_PIPELINE = re.compile(rb"^[\"']?tasks[\"']?\s*:|^\s*\{.*?\"tasks\"\s*:", re.MULTILINE | re.DOTALL)
_NAME = re.compile(rb"^[\"']?name[\"']?\s*:|\"name\"\s*:", re.MULTILINE)


def run(given: argparse.Namespace) -> int:
    """Check each file once; 1 when any has an error."""
    chosen = options(given)
    found: dict[tuple[object, ...], Diagnostic] = {}
    files = list(dict.fromkeys(_files(given.paths)))
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
        print(f"{'problems in' if failed else 'checked'} {len(files)} file{plural}", file=sys.stderr)
    return 1 if failed else 0


def _check(path: Path, data: bytes, chosen: Options) -> Iterable[Diagnostic]:
    if kind(path, data) == "component":
        return check_component_bytes(path, data, chosen)
    return compile_bytes(shown(path), data, path.resolve().parent, chosen).diagnostics


def kind(path: Path, data: bytes) -> str:
    """`component`, `pipeline`, or empty for a YAML file that is neither."""
    if _COMPONENT.search(data) or path.name == COMPONENT_FILE:
        return "component"
    is_pipeline = _PIPELINE.search(data) and _NAME.search(data)
    return "pipeline" if is_pipeline or re.search(r"(^|\.)pipeline\.ya?ml$", path.name) else ""


def _files(paths: Iterable[str]) -> Iterator[Path]:
    """Files as named; in folders, the YAML and JSON files that are manifests or components."""
    for name in paths:
        path = Path(name)
        if path.is_dir():
            found = list(_search(path))
            if not found:
                raise UsageError(f"no manifest or component below `{name}`")
            yield from found
        else:
            yield path


def _search(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if path.suffix not in {".yaml", ".yml"} or any(part.startswith(".") or part in _SKIPPED for part in parts):
            continue
        if path.is_file() and kind(path, read(str(path))):
            yield path
