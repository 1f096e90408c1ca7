"""argparse with a did-you-mean, and without the arguments of commands that the words do not name."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Callable, Collection
from functools import cache, partial

from transpiler.cli.usage import USAGE

TYPE_CHECKING = False
if TYPE_CHECKING:  # typing takes as long to import as argparse
    from typing import Any, ClassVar, Final, NoReturn


class Parser(argparse.ArgumentParser):
    """argparse, with a did-you-mean for unknown commands and options."""

    options: ClassVar[list[str]] = []
    """Every option of every command: an unknown one is reported by the parser of all commands."""

    commands: ClassVar[Collection[str]] = ()
    """The names of all commands."""

    whole: ClassVar[Callable[[], argparse.ArgumentParser]]
    """Makes the parser of all commands, each with its arguments."""

    last: ClassVar[str] = ""
    """The name of the command that gets the remaining words, such as `transpile component new`."""

    def __init__(self, formatter_class: Any = argparse.HelpFormatter, **settings: Any) -> None:
        super().__init__(formatter_class=partial(formatter_class, width=_width()), **settings)

    def parse_known_args(self, *given: Any, **settings: Any) -> Any:
        """Parse, and remember which command it was for."""
        Parser.last = self.prog
        return super().parse_known_args(*given, **settings)

    def add_argument(self, *names: Any, **settings: Any) -> argparse.Action:
        """Add an argument, and remember its name."""
        self.options.extend(name for name in names if name.startswith("--"))
        return super().add_argument(*names, **settings)

    def error(self, message: str) -> NoReturn:
        """Print the mistake in the command line, and exit."""
        from difflib import get_close_matches  # noqa: PLC0415 - only wrong usage needs it

        Parser.whole()  # so that the options of all commands are known
        hint, command = "", self.prog
        if message.startswith("unrecognized"):  # reported by the parser of all commands
            command = self.last
        if "invalid choice" in message or "unrecognized" in message:
            word = message.split("'")[1] if "invalid choice" in message else message.rpartition(": ")[2].split(" ")[0]
            choices = re.findall(r"[\w-]+", message.partition("choose from")[2])
            known, word = choices or [*self.options, *self.commands], word.partition("=")[0]
            close = get_close_matches(word, known, n=1) if word not in known else ()
            hint = _OF_OTHERS.get(word, "") or (f"did you mean `{close[0]}`?" if close else "")
        from transpiler.report.safe import safe  # noqa: PLC0415 - see above

        lines = [f"{command}: error: {safe(message)}", f"  hint: {hint}" if hint else "", f"  see: {command} --help"]
        self.exit(USAGE, "\n".join(filter(None, lines)) + "\n")


_OF_OTHERS: Final = {
    **dict.fromkeys(["lint", "validate", "verify", "test"], "`transpile check` reports mistakes"),
    **dict.fromkeys(
        ["render", "generate", "template"],
        "`transpile compile` writes the Workflow, `transpile build` all of a project",
    ),
    **dict.fromkeys(["apply", "create"], "`transpile submit FILE` starts a run"),
    **dict.fromkeys(["graph", "dag", "viz"], "in Python, `transpiler.analyze` gives the tasks and edges of a graph"),
    **dict.fromkeys(["fmt", "format"], "there is no formatter; a manifest is YAML"),
    **dict.fromkeys(["--param", "--parameter", "-p"], "pass inputs to the run: `transpile submit FILE -p NAME=VALUE`"),
}
"""Words of other tools → what to do here."""


class _Unasked:
    """A command that the words do not name: it forgets its arguments, which take time to make."""

    def __getattr__(self, _: str) -> Callable[..., _Unasked]:
        return lambda *_, **__: self


def maker(asked: str) -> Any:
    """The function that makes the parser of a command, if that command is called."""

    def made(prog: str, **settings: Any) -> Parser | _Unasked:
        return Parser(prog=prog, **settings) if prog.rpartition(" ")[2] == asked else _Unasked()

    return made


@cache
def _width() -> int:
    """The columns of help. argparse asks `shutil`, which imports every kind of archive."""
    try:
        columns = int(os.environ["COLUMNS"])
    except (KeyError, ValueError):
        columns = 0
    if columns <= 0:
        try:
            columns = os.get_terminal_size(sys.__stdout__.fileno()).columns  # type: ignore[union-attr]
        except (AttributeError, ValueError, OSError):
            columns = 80
    return (columns or 80) - 2
