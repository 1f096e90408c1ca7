"""`transpile doctor`: what this machine and a cluster have of what is needed, and what to do."""

from __future__ import annotations

import argparse
import json
import sys
from itertools import groupby
from typing import Final

from msgspec.structs import asdict, replace
from ruamel.yaml import __with_libyaml__

from transpiler import programs
from transpiler.cli.cluster import access, painted, say
from transpiler.cli.environments import with_environments
from transpiler.cli.manifest_input import manifest_file
from transpiler.cli.options import options, settled
from transpiler.cli.streams import show
from transpiler.cluster.access import Access
from transpiler.cluster.doctor.cluster import Wanted, cluster
from transpiler.cluster.doctor.finding import CLUSTER, HERE, OK, PROBLEM, UNKNOWN, WARNING, Finding
from transpiler.cluster.doctor.machine import machine
from transpiler.cluster.doctor.named_objects import named_objects
from transpiler.cluster.doctor.queries import Queries
from transpiler.cluster.run import KIND, home_of
from transpiler.compiler import compile_bytes
from transpiler.report.safe import safe
from transpiler.views.needs import needs_of

_STYLES: Final = {OK: "32", WARNING: "33", PROBLEM: "31", UNKNOWN: "2"}


def run(given: argparse.Namespace) -> int:
    """Print the findings; 1 if something that is asked for does not work."""
    settled(given)
    chosen, wanted = access(given), Wanted(given.namespace, given.service_account, given.argo)
    if given.manifest is not None:
        found = _wanted(given, wanted)
        if found is None:
            return 1
        wanted = found
    is_asked = given.cluster or given.manifest is not None or chosen.is_chosen or bool(given.service_account)
    findings = _look(chosen, wanted, given, is_asked=is_asked)
    if given.format == "json":
        say(json.dumps([asdict(each) for each in findings], indent=2))
    else:
        _print(findings, given)
    broken = [each for each in findings if each.state == PROBLEM or (each.name == CLUSTER and each.state != OK)]
    return int(any(is_asked or each.place == HERE for each in broken))


def _wanted(given: argparse.Namespace, wanted: Wanted) -> Wanted | None:
    """What the runs of a manifest need; None for one with mistakes."""
    manifest = manifest_file(given.manifest)
    chosen = replace(with_environments(options(given), manifest.path, given.env), kind=KIND)
    compilation = compile_bytes(manifest.name, manifest.data, manifest.folder, chosen)
    if compilation.text is None:
        show(compilation.diagnostics, given, sys.stderr)
        return None
    home = home_of(compilation.objects[-1])
    namespace, account = wanted.namespace or home.namespace, wanted.account or home.account
    has_files = bool(needs_of(compilation.objects).storing)
    named = tuple(named_objects(compilation.objects))
    return replace(wanted, namespace=namespace, account=account, has_files=has_files, named=named)


def _look(chosen: Access, wanted: Wanted, given: argparse.Namespace, *, is_asked: bool) -> list[Finding]:
    needed = [given.program or "kubectl"] if is_asked or given.program else []
    findings = machine("libyaml" if __with_libyaml__ else "pure Python", needed)
    kubectl = programs.find("kubectl")
    if kubectl is None:
        seen = "not looked at: there is no kubectl on PATH"
        return [*findings, Finding(CLUSTER, "cluster", PROBLEM if is_asked else UNKNOWN, seen)]
    return [*findings, *cluster(Queries(kubectl, chosen), wanted)]


def _print(findings: list[Finding], given: argparse.Namespace) -> None:
    wide = max(len(each.name) for each in findings)
    for place, group in groupby(findings, lambda each: each.place):
        shown = [each for each in group if not given.quiet or each.state != OK]
        if shown:
            say(f"{place[0].upper()}{place[1:]}")
        for each in shown:
            state = painted(f"{each.state:<7}", _STYLES[each.state], given)
            say(f"  {state}  {each.name:<{wide}}  {safe(each.seen)}")
            if each.hint and each.state != OK:
                say(f"  {'':7}  {'':{wide}}  → {safe(each.hint)}")
