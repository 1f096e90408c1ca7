"""`transpile submit`: check the values of a run, and start it with the user's `kubectl` or `argo`."""

from __future__ import annotations

import argparse
import json
import os
import shlex
import sys
from pathlib import Path

from msgspec.structs import replace

from transpiler.analysis import Analysis, analyze_bytes
from transpiler.build.run_arguments import from_file, from_words
from transpiler.catalog.files import shown
from transpiler.cli.cluster import client, say, tell_error
from transpiler.cli.environments import with_environments
from transpiler.cli.manifest_input import manifest_input
from transpiler.cli.options import options
from transpiler.cli.streams import failed, put, read, show, tell
from transpiler.cli.watch import outcome, watch
from transpiler.cluster.client import Client, Created
from transpiler.cluster.refusals import ClusterError
from transpiler.cluster.run import KIND, Run, run_of
from transpiler.diagnostics import Report
from transpiler.model.run_arguments import RunArgument
from transpiler.report.safe import safe


def run(given: argparse.Namespace) -> int:
    """Start a run. Nothing is sent while there is a mistake."""
    report = Report()
    arguments = _arguments(given, report)
    made, found = run_of(_analysis(given), arguments, report, given.namespace)
    show(found, given, sys.stderr)
    if made is None or failed(found, given):
        return 1
    if given.dry_run == "client":
        put(made.text, sys.stdout)
        return 0
    try:
        return _send(client(given), made, given)
    except ClusterError as error:
        tell_error(error)
        return 1


def _analysis(given: argparse.Namespace) -> Analysis:
    manifest = manifest_input(given.manifest, given.stdin_filename)
    chosen = replace(with_environments(options(given), manifest.path, given.env), kind=KIND)
    return analyze_bytes(manifest.name, manifest.data, manifest.folder, chosen)


def _arguments(given: argparse.Namespace, report: Report) -> tuple[RunArgument, ...]:
    """The values for the inputs: those of `-p` win over files, and later files over earlier ones."""
    found: dict[str, RunArgument] = {}
    for name in given.parameter_file:
        found |= {each.name: each for each in from_file(shown(Path(name)), read(name), report)}
    return tuple((found | {each.name: each for each in from_words(given.parameter, report)}).values())


def _send(chosen: Client, made: Run, given: argparse.Namespace) -> int:
    is_trial = given.dry_run == "server"
    created = [chosen.create(each, is_trial=is_trial) for each in made.objects]
    started = created[-1]
    if is_trial:
        say(f"the cluster would accept it: {', '.join(map(_described, created))}")
        return 0
    if given.format != "json":
        _tell_created(created, chosen, given)
    if given.watch:
        return watch(chosen, started, made.runs, given)
    if given.format == "json":
        say(json.dumps(outcome(chosen, started), indent=2))
    return 0


def _tell_created(created: list[Created], chosen: Client, given: argparse.Namespace) -> None:
    """The name of the run, and how to follow it."""
    *parts, started = created
    if given.quiet:
        say(safe(started.name))
        return
    for each in parts:
        tell(f"{_described(each)} {'created' if each.is_new else 'is there already'}")
    where = f" in namespace {started.namespace}" if started.namespace else ""
    say(safe(f"{_described(started)} created{where}"))
    if not given.watch:
        tell(f"  follow it: {shlex.join(chosen.following(started))}")
        tell(f"  in Argo's UI: {_page(started)}")


def _described(each: Created) -> str:
    return f"{each.kind.lower()}/{each.name}"


def _page(started: Created) -> str:
    """The page of a run in Argo's UI; the address of a server only where the environment has it."""
    server = os.environ.get("ARGO_SERVER", "")
    scheme = "http" if os.environ.get("ARGO_SECURE") == "false" else "https"
    home = f"{scheme}://{server}{os.environ.get('ARGO_BASE_HREF', '').rstrip('/')}" if server else ""
    return f"{home}/workflows/{started.namespace}/{started.name}"
