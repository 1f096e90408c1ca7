"""`transpile completion`: a script with which a shell completes commands, options, choices and files."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from typing import Any, Final

from transpiler.cli.arguments.command_line import parser
from transpiler.cli.arguments.completion import EXAMPLES
from transpiler.cli.streams import put, tell
from transpiler.rules import codes

_FOLDERS: Final = {"DIR", "OUT"}
_FILES: Final = {
    *("MANIFEST", "FILE", "FILE.py[:FUNCTION]", "PATH", "OLD", "NEW", "REF", "TARGET", "COMPONENT", "SOURCE"),
}
"""Names of arguments in help that stand for paths."""

_ENVIRONMENTS: Final = {
    "bash": "_transpile_environments",
    "zsh": "_transpile_environments",
    "fish": "(_transpile_environments)",
}
_FOUND: Final = (
    "find . -maxdepth 4 -name '*.*.yaml' -not -path '*/.*' 2> /dev/null "
    "| sed -E 's/.*[.]([^.]+)[.]yaml$/\\1/' | sort -u"
)
"""The words that stand before `.yaml` in names of files with two dots: `prod` of pipeline.prod.yaml."""
_PREAMBLE: Final[Any] = {
    "bash": f'_transpile_environments() {{ compgen -W "$({_FOUND})" -- "$1"; }}',
    "zsh": f"_transpile_environments() {{ compadd -- $({_FOUND}) }}",
    "fish": f"function _transpile_environments\n    {_FOUND}\nend",
}


def run(given: argparse.Namespace) -> int:
    """Print the script for a shell; on a terminal, how to install it too."""
    import shtab  # noqa: PLC0415 - only this command needs it

    whole = parser()
    for action in _actions(whole):
        if "--env" in action.option_strings:
            action.complete = _ENVIRONMENTS  # type: ignore[attr-defined]
        elif action.choices is None and action.metavar == "CODE":
            action.choices = codes()
        elif action.choices is None and action.metavar in _FOLDERS | _FILES:
            action.complete = shtab.DIRECTORY if action.metavar in _FOLDERS else shtab.FILE  # type: ignore[attr-defined]
    if sys.stdout.isatty():
        for line in EXAMPLES.splitlines():
            tell(line)
    put(shtab.complete(whole, shell=given.shell, preamble=_PREAMBLE), sys.stdout)
    return 0


def _actions(command: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    """The arguments of a command, and of the commands below it."""
    for action in command._actions:  # noqa: SLF001 - argparse has no public list
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001 - likewise
            for below in dict.fromkeys(action.choices.values()):
                yield from _actions(below)
        else:
            yield action
