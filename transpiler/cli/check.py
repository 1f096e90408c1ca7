"""`transpile check`: every mistake in manifests and components; folders are searched."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from msgspec import Struct, field

from transpiler.analysis import check_component
from transpiler.catalog.files import (
    COMPONENT_FILE,
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
from transpiler.patterns import regex
from transpiler.read.yaml.document import read_document
from transpiler.read.yaml.source import decode
from transpiler.suggest import did_you_mean
from transpiler.workspace.options import Options

_SKIPPED = {"node_modules", "__pycache__", "venv"}
_OTHERS = {"deno.json"}
"""Files of other tools that have a `name` and `tasks`."""
_KEY = regex(rb"^([\"']?)([A-Za-z][\w-]*)\1[ \t]*:[ \t]*([^\r\n]?)", re.MULTILINE)
_QUOTED = regex(rb"\"(implementation|tasks|name)\"\s*:")
_SIMILAR = {"name": 0.75, "tasks": 0.75, "implementation": 0.85}
"""How much a key has to look like one of these to be taken for a slip of it; `tags` and `implements` do not."""


class Others(Struct):
    """What a search leaves out."""

    count: int = 0
    """Files that are neither manifests nor components."""
    unreadable: Report = field(default_factory=Report)


def run(given: argparse.Namespace) -> int:
    """Check each file once; 1 when any has an error."""
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
        skipped = f"; skipped {others.count} that are neither manifest nor component" if others.count else ""
        tell(f"checked {len(files)} file{plural}: {'there are errors' if failed else 'no errors'}{skipped}")
    return 1 if failed else 0


def _check(path: Path, data: bytes, chosen: Options) -> Iterable[Diagnostic]:
    if kind(path, data) == "component":
        return check_component(path, data, chosen)
    return compile_bytes(shown(path), data, path.resolve().parent, chosen).diagnostics


def kind(path: Path, data: bytes) -> str:
    """`component`, `pipeline`, or empty for a YAML or JSON file that is neither, nor nearly one."""
    written = _keys(data)
    keys = written.keys()
    if path.name == COMPONENT_FILE or "implementation" in keys:
        return "component"
    if "deploymentSpec" in keys:
        return "component" if data.count(b"componentRef") == 1 else ""  # others are pipelines, compiled by KFP v2
    if {"name", "tasks"} <= keys or re.search(r"(^|\.)pipeline\.(ya?ml|json)$", path.name):
        return "pipeline"
    return "" if {"apiVersion", "kind"} <= keys else _nearly(written)


def _nearly(written: dict[str, bool]) -> str:
    """What a file would be but for a slip in a key."""
    meant = {
        word
        for key, is_mapping in written.items()
        for word, cutoff in _SIMILAR.items()
        if (word == "name" or is_mapping) and did_you_mean(key, [word], cutoff)
    }
    return "component" if "implementation" in meant else "pipeline" if {"name", "tasks"} <= meant else ""


def _keys(data: bytes) -> dict[str, bool]:
    """The keys at the top, by which manifests and components are told from others, and whether each holds a mapping."""
    if not data.lstrip().startswith(b"{"):
        return {found[2].decode(): found[3] in b"{#&!" for found in _KEY.finditer(data)}
    try:
        loaded = json.loads(data)
    except (ValueError, RecursionError):
        source = decode("", data, Report())
        loaded = read_document(source, Report()) if source is not None else None
    if not isinstance(loaded, dict):  # broken: what is wrong is said only when it is checked
        return {found[1].decode(): False for found in _QUOTED.finditer(data)}
    return {str(key): isinstance(value, dict) for key, value in loaded.items()}


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
        if kind(path, data):
            yield path
        else:
            others.count += 1
