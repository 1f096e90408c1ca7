"""The command line of `krm`."""

from __future__ import annotations

import argparse

from transpiler.cli.arguments.shared import add_locked, add_shared, add_strict

EXAMPLES = """\
examples:
  kpt fn eval PACKAGE --exec "transpile krm PACKAGE" -- manifests=train/pipeline.yaml environment=prod
  kpt fn eval PACKAGE --exec "transpile krm PACKAGE" -- manifests=pipelines set.inputs.rows=10 path=generated.yaml
  transpile krm < resource-list.yaml               what kpt and Kustomize do

an object of the package that says the same, and is compiled each time:
  apiVersion: transpiler/v1
  kind: PipelineGenerator
  metadata: {name: train, annotations: {config.kubernetes.io/local-config: "true"}}
  spec: {manifests: [train/pipeline.yaml], environment: prod, path: generated.yaml}
"""


def add(command: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    command.add_argument(
        "folder",
        metavar="PACKAGE",
        nargs="?",
        default=".",
        help="the folder of the package, where the paths of manifests start (default: this folder)",
    )
    add_strict(command)
    add_locked(command)
    add_shared(command)
    command.set_defaults(format="concise", kind="", argo="")
