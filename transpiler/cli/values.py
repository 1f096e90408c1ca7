"""`transpile values`: what each environment of a manifest changes."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from transpiler.catalog.files import shown
from transpiler.cli.environments import refuse_values, with_environments
from transpiler.cli.side_options import working_options
from transpiler.cli.streams import put, read, show, tell
from transpiler.cli.usage import UsageError
from transpiler.diagnostics import Report
from transpiler.read.yaml.nodes import Map
from transpiler.report.safe import safe
from transpiler.views.values import Row, as_data, as_lines, rows_of
from transpiler.workspace.environments import environments_of
from transpiler.workspace.options import Options
from transpiler.workspace.values import NO_LAYERS, laid_over, read_layers

MANIFEST = "manifest"
"""The column of the manifest as it is."""


def run(given: argparse.Namespace) -> int:
    """Print the table. 1 if a values file cannot be used."""
    manifest = Path(given.manifest)
    data = read(given.manifest)
    refuse_values(manifest, data)
    options = working_options(manifest, given).options
    with_environments(options, manifest, given.names)
    known = environments_of(manifest, options)
    chosen = {name: known[name] for name in given.names} if given.names else known
    if not chosen:
        raise UsageError(f"`{shown(manifest)}` has no environments: write `{manifest.stem}.prod.yaml` beside it")
    report = Report()
    rows, columns = _table(shown(manifest), data, chosen, report)
    if report.failed:
        show(report.diagnostics, given, sys.stderr)
        return 1
    rows = [row for row in rows if len(given.names) < 2 or row.differs_in(given.names, columns)]
    if given.format == "json":
        put(json.dumps(as_data(rows, columns), indent=2, ensure_ascii=False) + "\n", sys.stdout)
    elif rows:
        with_files = any((options.environments or {}).values())  # an environment may have several
        put("".join(f"{safe(line)}\n" for line in as_lines(rows, columns, with_files=with_files)), sys.stdout)
    else:
        tell("nothing differs")
    return 0


def _table(name: str, data: bytes, chosen: Mapping[str, Sequence[Path]], report: Report) -> tuple[list[Row], list[str]]:
    """The rows of some environments, and the names of their columns."""
    layers = {each: read_layers(Options(values=paths), report) for each, paths in chosen.items()}
    documents: list[Map] = []
    for each in (NO_LAYERS, *layers.values()):
        laid = laid_over(name, data, each, report)
        if laid is None:
            return [], []
        documents.append(laid)
    return rows_of(documents, [layer for each in layers.values() for layer in each.maps]), [MANIFEST, *chosen]
