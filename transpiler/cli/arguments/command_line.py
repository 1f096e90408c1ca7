"""The command line of `transpile`: its commands, each with a module here for its arguments."""

from __future__ import annotations

import argparse
from importlib import import_module

from transpiler.cli.arguments.parser import Parser, maker
from transpiler.cli.arguments.shared import add_action

COMMANDS = {
    "init": "make a small project to start from, which compiles, passes every check and runs",
    "compile": "compile a manifest into an Argo Workflow",
    "build": "compile all manifests of a project, or check that their outputs are up to date",
    "check": "find every mistake in manifests and components",
    "test": "run the cases of pipeline.test.yaml, without containers, in virtual time",
    "submit": "start a run in a cluster, with kubectl or argo",
    "run": "run a pipeline, or a Workflow of Argo, on this machine",
    "runs": "list, show and remove the runs on this machine",
    "doctor": "show what this machine and a cluster have of what is needed",
    "lock": "pin every component reference in transpile.lock",
    "vendor": "copy the locked remote components below vendor/components",
    "component": "make a component.yaml from a Python function, or one to start with",
    "catalog": "list, search, show, document and compare components",
    "diff": "compare two versions of pipelines: manifests, environments, or Git revisions",
    "graph": "draw the tasks of a manifest and what flows between them",
    "krm": "compile manifests as a KRM function of kpt or Kustomize",
    "argocd": "compile manifests as a plugin of Argo CD",
    "upgrade-check": "find the manifests that a new version of a component or catalog would break",
    "values": "show what environments change of a manifest",
    "explain": "explain a code, with a wrong and a right example",
    "schema": "print the JSON Schema of manifests, components, values files, tests, projects or graphs",
    "completion": "print a script with which bash, zsh, fish or PowerShell completes commands, options and files",
}
"""Command → what it does. The arguments of `upgrade-check` are in `upgrade_check.py`; so with every other."""

_EXAMPLES = """\
examples:
  transpile compile pipeline.yaml                        print the Workflow
  transpile compile pipeline.yaml -o workflow.yaml       write it to a file
  transpile build                                        compile all manifests of a project
  transpile submit pipeline.yaml -p rows=5 --watch       check the values of a run, start and follow it
  transpile check                                        find every mistake in manifests and components
  transpile component from-function steps.py:train       make a component.yaml from a Python function
  transpile catalog list components                      list components
  transpile graph pipeline.yaml                          draw it, as Mermaid, DOT or JSON
  transpile diff main:                                   compare a branch with this folder
  transpile lock                                         pin every component reference
  transpile vendor                                       copy locked remote components beside the manifests
  transpile explain cycle                                explain a code, with examples

exit codes: 0 fine, 1 problems in the input, 2 wrong usage, 3 a fault of this tool
"""


def parser(asked: str | None = None) -> argparse.ArgumentParser:
    """The command line of `transpile`: all of it, or one command and only the names of the others."""
    top = Parser(
        prog="transpile",
        description="Compile pipelines written as YAML into Argo Workflows, offline.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("--version", action="store_true", help="print the version and exit")
    commands = top.add_subparsers(
        dest="command", metavar="COMMAND", prog=top.prog, parser_class=Parser if asked is None else maker(asked)
    )
    for name, what in COMMANDS.items():
        if asked in {None, name}:
            module = import_module(f"transpiler.cli.arguments.{name.replace('-', '_')}")
            module.add(add_action(commands, name, what, module.EXAMPLES))
        else:
            add_action(commands, name, what, "")
    return top


Parser.commands, Parser.whole = COMMANDS, parser
