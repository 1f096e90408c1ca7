"""The command line of `component`. Imports nothing but argparse."""

from __future__ import annotations

import argparse

from transpiler.cli.arguments.shared import add_action, add_display

EXAMPLES = """\
examples:
  transpile component from-function steps.py:train -o train/component.yaml
  transpile component new "Keep lines" -o keep-lines/component.yaml
"""
_FROM_FUNCTION_EXAMPLES = """\
examples:
  transpile component from-function steps.py:train                               print the component
  transpile component from-function steps.py:train -o train/component.yaml       write it to a file
  transpile component from-function steps.py -o components    write components/NAME/component.yaml for each function
  transpile component from-function steps.py:train --base-image python:3.13-slim --package pandas==2.3.3
"""
_NEW_EXAMPLES = """\
examples:
  transpile component new "Keep lines" -o keep-lines/component.yaml
  transpile component new Train --program /app/train --image ghcr.io/example/train:1.0
"""


def add(command: argparse.ArgumentParser) -> None:
    """Add the actions of the command."""
    actions = command.add_subparsers(dest="action", metavar="ACTION", required=True)
    function = add_action(
        actions,
        "from-function",
        "make a component from a Python function, which is read but not run",
        _FROM_FUNCTION_EXAMPLES,
    )
    function.add_argument("function", metavar="FILE.py[:FUNCTION]", help="the file and the function in it")
    function.add_argument(
        "--base-image",
        metavar="IMAGE",
        help="the image of the component (default: that of the decorator, or python:3.12-slim)",
    )
    function.add_argument(
        "--package",
        metavar="PACKAGE",
        action="append",
        default=[],
        help="a package to install with pip before each run (repeatable)",
    )
    function.add_argument(
        "--name", metavar="NAME", help="the name of the component (default: derived from the function)"
    )
    new = add_action(actions, "new", "print a commented component to start with", _NEW_EXAMPLES)
    new.add_argument("name", metavar="NAME", help="the name of the component, such as `Keep lines`")
    kind = new.add_mutually_exclusive_group()
    kind.add_argument("--shell", action="store_true", help="a shell script in the file itself (default)")
    kind.add_argument("--program", metavar="PROGRAM", help="a program in the image, in any language")
    new.add_argument("--image", metavar="IMAGE", help="the image of the component (default for a script: alpine:3.20)")
    new.add_argument("--force", action="store_true", help="overwrite an existing file")
    function.add_argument("--force", action="store_true", help="overwrite a file that this command did not write")
    for each in (function, new):
        each.add_argument(
            "-o",
            "--output",
            metavar="FILE",
            default="-",
            help="the target: a file, a folder (for component.yaml in it), or `-` for standard output (default)",
        )
        add_display(each)
