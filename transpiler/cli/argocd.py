"""`transpile argocd`: what a config management plugin of Argo CD runs. Only manifests, or JSON, go to stdout."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

from transpiler.catalog.files import git_root
from transpiler.catalog.locate import Folder
from transpiler.cli.options import options
from transpiler.cli.streams import emit, failed, show
from transpiler.cli.usage import UsageError
from transpiler.gitops.order import OrderError
from transpiler.gitops.parameters import SOURCE_PATH, announcements, order_of, root_of
from transpiler.gitops.stream import manifests_of, stream_of
from transpiler.render.render import render
from transpiler.workspace.environments import environments_of
from transpiler.workspace.options import Options


def run(given: argparse.Namespace) -> int:
    """Carry out the action in the working folder, which is that of an Application."""
    folder = Path.cwd()
    given.root = given.root or str(root_of(folder, os.environ.get(SOURCE_PATH, "")) or git_root(folder))
    chosen = options(given)
    home = Folder(Path(), chosen.root or folder)
    return _generate(given, home, chosen) if given.action == "generate" else _parameters(home, chosen)


def _generate(given: argparse.Namespace, home: Folder, chosen: Options) -> int:
    """Print every object, or nothing when there is an error. Raises UsageError for parameters of an Application."""
    try:
        stream = stream_of(order_of(os.environ), home, chosen)
    except OrderError as error:
        raise UsageError(str(error)) from error
    show(stream.diagnostics, given, sys.stderr)
    if not stream.objects or failed(stream.diagnostics, given):
        return 1
    emit("---\n".join(map(render, stream.objects)).encode())
    return 0


def _parameters(home: Folder, chosen: Options) -> int:
    """Print the parameters. The environments are names of files; no manifest is compiled for them."""
    try:
        manifests = manifests_of(order_of(os.environ).manifests, home)
    except OrderError:
        manifests = []  # which `generate` reports
    found = {name for each in manifests for name in environments_of(each.path, chosen)}
    emit(f"{json.dumps(announcements(sorted(found)), indent=2)}\n".encode())
    return 0
