"""`transpile component`: a component.yaml from a Python function, or one to start from."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from transpiler.authoring.api import UnknownFunction, find_function
from transpiler.authoring.from_function import component_text
from transpiler.authoring.module import read_module
from transpiler.authoring.options import Settings
from transpiler.authoring.scaffold import program_component, shell_component
from transpiler.catalog.files import COMPONENT_FILE, git_root, shown
from transpiler.cli.components import from_all_functions, made_of
from transpiler.cli.output import Made, deliver
from transpiler.cli.streams import read, show, tell
from transpiler.cli.usage import UsageError
from transpiler.diagnostics import Report


def run(given: argparse.Namespace) -> int:
    """Write one component."""
    return _from_function(given) if given.action == "from-function" else _new(given)


def _from_function(given: argparse.Namespace) -> int:
    """Diagnostics go to stderr. Nothing is written when there is an error."""
    for word in (given.base_image, given.name, *given.package):
        _check_word(word)
    file, colon, function = given.function.rpartition(":")
    if not colon and given.output != "-":
        return from_all_functions(given)
    if not colon or not function:
        name = given.function.rstrip(":")
        raise UsageError(
            f"name a function: `{name}:FUNCTION`, or a folder for all of its functions: `{name} -o FOLDER`"
        )
    report = Report()
    module = read_module(shown(Path(file)), read(file), report)
    try:
        node = find_function(module, function) if module else None
    except UnknownFunction as unknown:
        raise UsageError(f"{unknown}; {unknown.hint}" if unknown.hint else str(unknown)) from unknown
    settings = Settings(given.base_image or "", tuple(given.package), given.name or "")
    text = component_text(node, module, settings, report) if module and node else None
    show(report.diagnostics, given, sys.stderr)
    if text is None:
        return 1
    return _write(made_of(Path(file), text), given)


def _new(given: argparse.Namespace) -> int:
    """A file that exists is overwritten only with --force."""
    _check_word(given.name)
    _check_word(given.image)
    if given.program is not None:
        _check_word(given.program)
        if given.image is None:
            raise UsageError("--program needs --image, the image that contains the program")
        text = program_component(given.name, given.program, given.image)
    else:
        text = shell_component(given.name, given.image)
    return _write(Made(text.encode(), COMPONENT_FILE, git_root(Path.cwd())), given)


def _check_word(word: str | None) -> None:
    """Refuse what no component can hold."""
    if word is not None and not (word.strip() and word.isprintable()):
        raise UsageError("a name, image, package or program has only printable characters")


def _write(made: Made, given: argparse.Namespace) -> int:
    done = deliver(made, given)
    if done and not given.quiet:
        tell(done)
    return 0
