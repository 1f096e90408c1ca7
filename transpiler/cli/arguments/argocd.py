"""The command line of `argocd`."""

from __future__ import annotations

import argparse

from transpiler.cli.arguments.shared import add_action, add_locked, add_shared, add_strict

EXAMPLES = """\
examples:
  transpile argocd generate          every manifest below this folder, as one stream of objects
  ARGOCD_ENV_ENVIRONMENT=prod transpile argocd generate
  ARGOCD_APP_PARAMETERS='[{"name": "set", "map": {"inputs.rows": "10"}}]' transpile argocd generate
"""


def add(command: argparse.ArgumentParser) -> None:
    """Add the arguments of the command, and of its actions."""
    actions = command.add_subparsers(dest="action", metavar="ACTION", required=True)
    generate = add_action(actions, "generate", "print the objects of the manifests below this folder", EXAMPLES)
    parameters = add_action(actions, "parameters", "print the parameters that an Application can set, as JSON", "")
    add_strict(generate)
    add_locked(generate)
    for each in (generate, parameters):
        add_shared(each)
        each.set_defaults(format="concise", kind="", argo="")
