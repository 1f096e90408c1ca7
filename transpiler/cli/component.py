"""`transpile component`: a component.yaml from a Python function, or one to start from."""

from __future__ import annotations

import argparse
import re
import sys
from contextlib import suppress
from pathlib import Path

from transpiler.authoring.api import UnknownFunction, find_function
from transpiler.authoring.from_function import component_text
from transpiler.authoring.module import read_module
from transpiler.authoring.scaffold import program_component, shell_component
from transpiler.authoring.settings import Settings
from transpiler.catalog.files import exists, shown
from transpiler.cli.main import UsageError
from transpiler.cli.streams import emit, read, show, tell, write
from transpiler.diagnostics import Report

_MADE = re.compile(r"# Made from [^\n]+\. Change it there, and make this file anew\.\n")


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
    if given.output != "-" and exists(Path(given.output)) and Path(given.output).samefile(file):
        raise UsageError(f"`{given.output}` is the file of the function: choose another --output")
    if given.output != "-" and not given.force and _is_by_hand(Path(given.output)):
        raise UsageError(f"`{given.output}` was not made by this command; --force overwrites it")
    return _write(text, given)


def _new(given: argparse.Namespace) -> int:
    """A file that exists is overwritten only with --force."""
    _check_word(given.name)
    _check_word(given.image)
    if given.program is not None:
        _check_word(given.program)
        if given.image is None:
            raise UsageError("--program needs --image: the image that the program is in")
        text = program_component(given.name, given.program, given.image)
    else:
        text = shell_component(given.name, given.image)
    if given.output != "-" and not given.force and exists(Path(given.output)):
        raise UsageError(f"`{given.output}` exists; --force overwrites it")
    return _write(text, given)


def _is_by_hand(target: Path) -> bool:
    """True for a file that does not say in its first line that it is made of a function."""
    if not (exists(target) and target.is_file()):
        return False
    text = read(str(target)).decode(errors="replace")
    return text != "" and _MADE.match(text.replace("\r\n", "\n")) is None


def _check_word(word: str | None) -> None:
    """Refuse what no component can hold."""
    if word is not None and not (word.strip() and word.isprintable()):
        raise UsageError("a name, image, package or program is a text of printable characters")


def _write(text: str, given: argparse.Namespace) -> int:
    if given.output == "-":
        emit(text.encode())
        return 0
    with suppress(OSError):  # writing says what is wrong with the path
        Path(given.output).parent.mkdir(parents=True, exist_ok=True)
    changed = write(Path(given.output), text.encode())
    if not given.quiet:
        tell(f"{'wrote' if changed else 'unchanged:'} {given.output}")
    return 0
