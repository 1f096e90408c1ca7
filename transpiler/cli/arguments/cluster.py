"""Options of the commands that use a cluster."""

from __future__ import annotations

import argparse


def add_access(command: argparse.ArgumentParser) -> None:
    """Add which cluster, and the program that talks to it."""
    command.add_argument(
        "--with",
        dest="program",
        choices=("kubectl", "argo"),
        default="",
        help="the program that talks to the cluster (default: kubectl; argo if there is no kubectl, or if ARGO_SERVER "
        "is set)",
    )
    command.add_argument("--context", metavar="NAME", default="", help="the context of the kubeconfig")
    command.add_argument(
        "-n", "--namespace", metavar="NAME", default="", help="the namespace; takes the place of the manifest's"
    )
    command.add_argument("--kubeconfig", metavar="FILE", default="", help="the kubeconfig (default: KUBECONFIG)")
