"""The command line of `doctor`."""

from __future__ import annotations

import argparse

from transpiler.cli.arguments.cluster import add_access
from transpiler.cli.arguments.shared import add_environment, add_shared

EXAMPLES = """\
examples:
  transpile doctor                                       this machine, and the cluster of the kubeconfig if there is one
  transpile doctor pipeline.yaml                         what a run of this manifest needs
  transpile doctor -n ml --service-account runner        a namespace, and the account of its pods
  transpile doctor --context staging --argo 3.6

exit codes: 0 fine (without a cluster too, unless one is asked for), 1 something that is asked for does not work
"""


def add(command: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    command.add_argument("manifest", metavar="MANIFEST", nargs="?", help="a manifest whose runs are meant")
    command.add_argument("--cluster", action="store_true", help="fail if the cluster cannot be used")
    command.add_argument(
        "--service-account", metavar="NAME", default="", help="the service account of the pods (default: `default`)"
    )
    add_access(command)
    add_environment(command)
    add_shared(command)
