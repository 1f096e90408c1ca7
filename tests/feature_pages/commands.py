"""`docs/cli.md`: every command and option, from the parser of the command line."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from typing import Final

from transpiler.cli.arguments.command_line import parser

_HEAD: Final = """\
# Commands

Every command of `transpile` with its options, as `transpile COMMAND --help` prints them. All commands end with an exit
code: 0 fine (warnings allowed), 1 problems in the input, 2 wrong usage, 3 a fault of the tool.

<!-- Made from the parser of the command line by `python -m tests.feature_pages`. -->
"""
_SHARED: Final = ("--help", "--version")


def commands_page() -> str:
    """All commands, each with its usage, options and examples."""
    found = [(path, help_, each) for path, help_, each in _commands(parser(), "") if not _children(each)]
    rows = [f"| [`{path}`](#{path.replace(' ', '-')}) | {_cell(help_)} |" for path, help_, _ in found]
    parts = [_HEAD, "| command | what it does |", "|---|---|", *rows, ""]
    for path, help_, each in found:
        parts += [f"## {path}", "", *_command(help_, each)]
    return "\n".join(parts)


def _children(command: argparse.ArgumentParser) -> list[argparse._SubParsersAction[argparse.ArgumentParser]]:
    return [each for each in command._actions if isinstance(each, argparse._SubParsersAction)]


def _commands(command: argparse.ArgumentParser, path: str) -> Iterator[tuple[str, str, argparse.ArgumentParser]]:
    """The commands below one, in the order of its help: name, what it does, parser."""
    for group in _children(command):
        helps = {each.dest: each.help or "" for each in group._choices_actions}
        for name, inner in group.choices.items():
            if name in helps:
                whole = f"{path} {name}".strip()
                yield whole, helps[name], inner
                yield from _commands(inner, whole)


def _command(help_: str, command: argparse.ArgumentParser) -> Iterator[str]:
    actions = [each for each in command._actions if each.help is not argparse.SUPPRESS]
    words = [_word(each) for each in actions if not each.option_strings]
    text = command.description or f"{help_[:1].upper()}{help_[1:]}."
    yield from (_cell(text), "", "```text", " ".join([command.prog, "[OPTION]…", *words]), "```", "")
    rows = [each for each in actions if not set(each.option_strings) & {*_SHARED}]
    if rows:
        yield from ("| argument | meaning |", "|---|---|")
        yield from (f"| {_name(each)} | {_meaning(each, command)} |" for each in rows)
        yield ""
    if command.epilog:
        yield from ("```text", command.epilog.strip("\n"), "```", "")


def _word(action: argparse.Action) -> str:
    """A positional argument in the usage."""
    name = str(action.metavar or action.dest)
    if action.nargs in ("*", argparse.REMAINDER):
        return f"[{name}…]"
    return f"[{name}]" if action.nargs == "?" else f"{name}…" if action.nargs == "+" else name


def _name(action: argparse.Action) -> str:
    if not action.option_strings:
        return f"`{action.metavar or action.dest}`"
    value = "" if action.nargs == 0 else f" {_value(action)}"
    return ", ".join(f"`{each}{value if each == action.option_strings[-1] else ''}`" for each in action.option_strings)


def _value(action: argparse.Action) -> str:
    return str(action.metavar or action.dest.upper())


def _meaning(action: argparse.Action, command: argparse.ArgumentParser) -> str:
    text = (action.help or "") % {**vars(action), "prog": command.prog}
    choices = ", ".join(f"`{each}`" for each in action.choices or () if each)
    return _cell(text + (f": {choices}" if choices else ""))


def _cell(text: str) -> str:
    """A text in a table."""
    return re.sub(r"\s+", " ", text).replace("|", "\\|").replace("<", "&lt;")
