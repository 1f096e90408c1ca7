"""`transpile component`: a component.yaml from a Python function, or one to start from."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from transpiler.authoring.api import UnknownFunction, find_function
from transpiler.authoring.from_function import MADE_FROM, component_text
from transpiler.authoring.module import read_module
from transpiler.authoring.options import Settings
from transpiler.authoring.scaffold import program_component, shell_component
from transpiler.catalog.files import COMPONENT_FILE, git_root, shown
from transpiler.cli.output import Made, deliver
from transpiler.cli.streams import read, show, tell
from transpiler.cli.usage import UsageError
from transpiler.diagnostics import Report


def run(given: argparse.Namespace) -> int:
    """Write one component."""
    return _from_function(given) if given.action == "from-function" else _new(given)


def _from_function(given: argparse.Namespace) -> int:
    """Diagnostics go to stderr. Nothing is written when there is an error."""
    file, colon, function = given.function.rpartition(":")
    if not colon or not function:
        raise UsageError(f"name a function: `{given.function.rstrip(':')}:FUNCTION`")
    for word in (given.base_image, given.name, *given.package):
        _check_word(word)
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
    home = git_root(Path(file).resolve().parent)
    what = "the file of the function"
    made = Made(text.encode(), COMPONENT_FILE, home, [Path(file)], what=what, first_line=MADE_FROM)
    return _write(made, given)


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
