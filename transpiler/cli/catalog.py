"""`transpile catalog`: data to stdout, diagnostics of components to stderr."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from transpiler.catalog.files import COMPONENT_FILE, exists, is_folder, shown
from transpiler.cli.discovery import catalog_files
from transpiler.cli.streams import put, read, show, tell
from transpiler.cli.usage import UsageError
from transpiler.suggest import did_you_mean
from transpiler.views.card import card
from transpiler.views.entries import Entry, File, Listing, read_entries
from transpiler.views.facts import as_json, facts, render_facts
from transpiler.views.search import probably_meant, search
from transpiler.views.table import table


def run(given: argparse.Namespace) -> int:
    """Run one of the commands below `catalog`; 1 when a component is broken."""
    if given.action in {"docs", "diff"}:
        code: int = import_module(f"transpiler.cli.catalog_{given.action}").run(given)
        return code
    return {"list": _list, "search": _search, "show": _show}[given.action](given)


def listing(files: list[File], given: argparse.Namespace) -> Listing:
    """The valid components; diagnostics of the others go to stderr."""
    found = read_entries(files)
    if found.diagnostics:
        show(found.diagnostics, given, sys.stderr)
    return found


def _list(given: argparse.Namespace) -> int:
    found = listing(catalog_files(given.folders), given)
    _print(list(found.entries), given)
    return 1 if found.broken else 0


def _search(given: argparse.Namespace) -> int:
    if not given.words.strip():
        raise UsageError("the search words are missing")
    found = listing(catalog_files(given.folders), given)
    entries = search(given.words, found.entries)
    _print(entries, given)
    if not entries:
        meant = probably_meant(given.words, found.entries)
        hint = f"; did you mean `{meant}`?" if meant else ""
        tell(f"no component has all of these words: {given.words}{hint}")
    return 1 if found.broken else 0


def _print(entries: list[Entry], given: argparse.Namespace) -> None:
    if given.format == "json":
        put(render_facts(entries), sys.stdout)
    elif entries:
        put(table(entries, _columns()), sys.stdout)


def _columns() -> int | None:
    """The width of the terminal; None for a pipe or file, which gets everything."""
    is_fixed = sys.stdout.isatty() or os.environ.get("COLUMNS")
    return shutil.get_terminal_size().columns if is_fixed else None


def _show(given: argparse.Namespace) -> int:
    path = Path(given.reference)
    path = path / COMPONENT_FILE if is_folder(path) and exists(path / COMPONENT_FILE) else path
    if exists(path) and not is_folder(path):
        found = listing([File(path, shown(path), read(str(path)))], given)
        entry = found.entries[0] if found.entries else None
    else:
        found = listing(catalog_files(given.folders), given)
        entry = _named(given.reference, found)
    if entry is None:
        return 1
    put(as_json(facts(entry)) if given.format == "json" else card(entry), sys.stdout)
    return 0


def _named(text: str, found: Listing) -> Entry | None:
    """The component with this reference, name, digest, or end of a reference."""
    tests: tuple[Callable[[Entry], bool], ...] = (
        lambda entry: entry.reference == text,
        lambda entry: entry.component.name.lower() == text.lower(),
        lambda entry: entry.digest == text.removeprefix("sha256:"),
        lambda entry: entry.reference.endswith(f"/{text}"),
    )
    for test in tests:
        meant = [entry for entry in found.entries if test(entry)]
        if len(meant) > 1:
            which = ", ".join(f"`{entry.reference}`" for entry in meant[:10])
            raise UsageError(f"`{text}` may be any of {which}")
        if meant:
            return meant[0]
    if any(text in place for place in found.broken):
        return None
    known = [name for entry in found.entries for name in (entry.reference, entry.component.name)]
    close = did_you_mean(text, known)
    hint = f"did you mean `{close}`?" if close else "`transpile catalog list` lists all"
    raise UsageError(f"there is no component `{text}`\n  hint: {hint}")
