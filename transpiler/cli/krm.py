"""`transpile krm`: a KRM function. A ResourceList comes in on stdin and goes out on stdout, with results."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from msgspec.structs import replace

from transpiler.catalog.files import git_root
from transpiler.catalog.locate import Folder
from transpiler.cli.discovery import existing_folder
from transpiler.cli.options import options
from transpiler.cli.streams import emit, failed, show, standard_input, tell
from transpiler.cli.usage import UsageError
from transpiler.diagnostics import Report
from transpiler.gitops.function import Generated, generate
from transpiler.gitops.generator import generators_of
from transpiler.gitops.order import OrderError
from transpiler.gitops.resource_list import MAX_LIST, ResourceList, read_list, write_list
from transpiler.gitops.results import refusal, results_of
from transpiler.plan.argo_objects import Node
from transpiler.workspace.options import Options

_NAME = "<stdin>"
_NOTHING = "nothing says what to compile: pass `-- manifests=pipeline.yaml`, or add a PipelineGenerator to the package"


def run(given: argparse.Namespace) -> int:
    """Run the generators of the list that is passed. After a mistake the objects go back as they came."""
    chosen, path = options(given), existing_folder(given.folder)
    home = Folder(path, chosen.root or git_root(path.resolve()))
    report = Report()
    listing = read_list(_NAME, _standard_input(), report)
    if listing is None:
        show(report.diagnostics, given, sys.stderr)
        return 1
    generated, refusals = _generated(listing, home, chosen, report)
    show(generated.diagnostics, given, sys.stderr)
    for each in refusals:
        tell(f"transpile krm: error: {each['message']}")
    results = [*refusals, *results_of(generated.diagnostics, path.absolute(), listing.source)]
    is_failed = bool(refusals) or generated.is_failed or failed(generated.diagnostics, given)
    emit(write_list(listing, listing.items if is_failed else generated.items, results).encode())
    return 1 if is_failed else 0


def _generated(
    listing: ResourceList, home: Folder, chosen: Options, report: Report
) -> tuple[Generated, Sequence[Node]]:
    """The items after all generators, and the results of orders that cannot be carried out."""
    generated, refusals = Generated(listing.items), []
    try:
        generators = generators_of(listing, report)
        if not generators and not report.failed:
            raise OrderError(_NOTHING)
    except OrderError as error:
        return generated, [refusal(error, None)]
    for each in generators:
        try:
            generated = generate(generated, each, home, chosen)
        except OrderError as error:
            refusals.append(refusal(error, each))
    return replace(generated, diagnostics=(*report.diagnostics, *generated.diagnostics)), refusals


def _standard_input() -> bytes:
    if sys.stdin.isatty():
        raise UsageError("a ResourceList is read from standard input: see transpile krm --help")
    return standard_input(MAX_LIST)
