"""The command line: every command with its arguments. Imports nothing that argparse does not need itself."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Callable
from functools import cache, partial

TYPE_CHECKING = False
if TYPE_CHECKING:  # typing takes as long to import as argparse
    from typing import Any, ClassVar, Final, NoReturn

USAGE = 2
"""The exit code of wrong usage."""
COMMANDS = ("compile", "check", "component", "catalog", "lock", "vendor", "upgrade-check", "explain", "schema")

_EXAMPLES = """\
examples:
  transpile compile pipeline.yaml                        print the Workflow
  transpile compile pipeline.yaml -o workflow.yaml       write it to a file
  transpile compile pipeline.yaml | kubectl create -f -  run it
  transpile check                                        find every mistake in manifests and components
  transpile component from-function steps.py:train       make a component.yaml from a Python function
  transpile catalog list components                      list components
  transpile lock                                         pin every component reference
  transpile vendor                                       copy locked remote components beside the manifests
  transpile explain cycle                                explain a code, with examples

exit codes: 0 fine, 1 problems in the input, 2 wrong usage, 3 a fault of this tool
"""
_COMPILE_EXAMPLES = """\
examples:
  transpile compile pipeline.yaml
  transpile compile pipeline.yaml -o deploy/             to deploy/NAME.yaml
  transpile compile pipeline.yaml --kind WorkflowTemplate -o template.yaml
  transpile compile pipeline.yaml --catalog ../catalog
  cat pipeline.yaml | transpile compile -
"""
_CHECK_EXAMPLES = """\
examples:
  transpile check                                        everything below this folder
  transpile check pipeline.yaml components/
  transpile check --strict --exclude "old/**"            warnings fail too; leave files out
  transpile check --fix                                  correct slips that can mean only one thing
  transpile check --format json > problems.json

a warning that is right as it is, with its reason:
  forEach: {start: 3, end: 1}     # transpile: ignore[empty-range] tests pass an end of their own
"""


class Parser(argparse.ArgumentParser):
    """argparse, with a did-you-mean for unknown commands and options."""

    options: ClassVar[list[str]] = []
    """Every option of every command: an unknown one is reported by the parser of all commands."""

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

        parser()  # so that the options of all commands are known
        hint, command = "", self.prog
        if message.startswith("unrecognized"):  # reported by the parser of all commands
            command = self.last
        if "invalid choice" in message or "unrecognized" in message:
            word = message.split("'")[1] if "invalid choice" in message else message.rpartition(": ")[2].split(" ")[0]
            choices = re.findall(r"[\w-]+", message.partition("choose from")[2])
            known, word = choices or [*self.options, *COMMANDS], word.partition("=")[0]
            close = get_close_matches(word, known, n=1) if word not in known else ()
            hint = _OF_OTHERS.get(word, "") or (f"did you mean `{close[0]}`?" if close else "")
        from transpiler.report.safe import safe  # noqa: PLC0415 - see above

        lines = [f"{command}: error: {safe(message)}", f"  hint: {hint}" if hint else "", f"  see: {command} --help"]
        self.exit(USAGE, "\n".join(filter(None, lines)) + "\n")


_OF_OTHERS: Final = {
    **dict.fromkeys(["lint", "validate", "verify", "test"], "`transpile check` reports mistakes"),
    **dict.fromkeys(["build", "render", "generate"], "`transpile compile` writes the Workflow"),
    **dict.fromkeys(["run", "submit", "apply"], "`transpile compile FILE | kubectl create -f -` starts a run"),
    **dict.fromkeys(["graph", "dag", "viz"], "in Python, `transpiler.analyze` gives the tasks and edges of a graph"),
    **dict.fromkeys(["fmt", "format"], "there is no formatter; a manifest is YAML"),
    **dict.fromkeys(["--set", "--param", "--parameter", "-p"], "pass inputs to the run: `argo submit -p NAME=VALUE`"),
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
    _add_compile(commands)
    _add_check(commands)
    from transpiler.cli import catalog_arguments, component_arguments, lock_arguments  # noqa: PLC0415 - argparse alone

    lock_arguments.add_lock(commands, _add_shared)
    lock_arguments.add_vendor(commands, _add_shared)

    for each in component_arguments.add_component(commands):
        _add_display(each)
    catalog_arguments.add_catalog(commands)
    _add_shared(catalog_arguments.add_upgrade_check(commands))
    explain = commands.add_parser("explain", help="explain a code, with a wrong and a right example")
    explain.add_argument("code", nargs="?", metavar="CODE", help="a code, such as `cycle` (default: list all codes)")
    schema = commands.add_parser("schema", help="print the JSON Schema of manifests or components, for editors")
    schema.add_argument("name", choices=("pipeline", "component"), help="which schema")
    return top


def _add_compile(commands: argparse._SubParsersAction[Parser]) -> None:
    command = commands.add_parser(
        "compile",
        help="compile a manifest into an Argo Workflow",
        epilog=_COMPILE_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_argument("manifest", metavar="MANIFEST", help="a pipeline manifest; `-` reads standard input")
    command.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        default="-",
        help="the target: a file, a folder (for NAME.yaml in it), or `-` for standard output (default)",
    )
    command.add_argument("--force", action="store_true", help="overwrite a file that this command did not write")
    command.add_argument(
        "--kind",
        choices=("Workflow", "WorkflowTemplate", "ClusterWorkflowTemplate", "CronWorkflow"),
        default="",
        help="the kind of object: a Workflow runs at once, a template when submitted, a CronWorkflow by its schedule "
        "(default: CronWorkflow for a manifest with `schedule`, WorkflowTemplate if callers must pass files, "
        "else Workflow)",
    )
    command.add_argument(
        "--stdin-filename", metavar="NAME", default="<stdin>", help="the file name that messages show for `-`"
    )
    _add_strict(command)
    _add_locked(command)
    _add_shared(command)


def _add_check(commands: argparse._SubParsersAction[Parser]) -> None:
    command = commands.add_parser(
        "check",
        help="find every mistake in manifests and components",
        epilog=_CHECK_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_argument(
        "paths", metavar="PATH", nargs="*", default=["."], help="files, or folders to search (default: this folder)"
    )
    command.add_argument(
        "--exclude",
        metavar="PATTERN",
        action="append",
        default=[],
        help="leave out files and folders below PATH with this name or path, such as `old` or `tests/**/bad-*.yaml` "
        "(repeatable)",
    )
    command.add_argument("--fix", action="store_true", help="correct in the files what can be corrected safely")
    _add_strict(command)
    _add_locked(command)
    _add_shared(command)


def _add_strict(command: argparse.ArgumentParser) -> None:
    command.add_argument("--strict", action="store_true", help="fail for warnings too")


def _add_locked(command: argparse.ArgumentParser) -> None:
    command.add_argument("--locked", action="store_true", help="refuse components that differ from transpile.lock")


def _add_shared(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--catalog",
        metavar="DIR",
        action="append",
        default=[],
        help="a folder in which components are looked up by name or digest (repeatable)",
    )
    command.add_argument(
        "--root", metavar="DIR", help="the folder that paths must not leave (default: the Git checkout)"
    )
    _add_display(command)


def _add_display(command: argparse.ArgumentParser) -> None:
    command.add_argument("--format", choices=("text", "concise", "json"), default="text", help="the format of problems")
    command.add_argument(
        "--color",
        choices=("auto", "always", "never"),
        default="auto",
        help="use colors; auto: on a terminal, unless NO_COLOR is set",
    )
    command.add_argument("-q", "--quiet", action="store_true", help="print only problems")
    command.add_argument("--traceback", action="store_true", help=argparse.SUPPRESS)
