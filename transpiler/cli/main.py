"""Arguments → command. Exit codes: 0 fine, 1 problems in the input, 2 usage, 3 a fault of the tool, 130 Ctrl-C."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module

from transpiler import __version__
from transpiler.cli.arguments.command_line import COMMANDS, parser
from transpiler.cli.usage import USAGE, Refused, UsageError, standard_output

PROBLEMS, FAULT, INTERRUPTED = 1, 3, 130
_OBJECTS = 200_000
"""New objects between two searches for cycles: some dozen files."""


def process() -> int:
    """Run the command that a process was started for; its exit code.

    Python looks for cycles in memory whenever there are some hundred new objects, and at its exit: a seventh of a short
    run. What a command makes lives until its end. What `check` makes of each file does not: it asks for the search.
    """
    gc.disable()
    gc.set_threshold(_OBJECTS)
    try:
        return main()
    finally:
        gc.freeze()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit code."""
    words = sys.argv[1:] if arguments is None else arguments
    given = parser(next((word for word in words if word in COMMANDS), "")).parse_args(words)
    _open_closed_streams()
    if given.command is None and not given.version:
        parser("").print_help(sys.stderr)
        return USAGE
    try:
        command = "version" if given.version else given.command.replace("-", "_")
        code: int = import_module(f"transpiler.cli.{command}").run(given)
        with standard_output():
            sys.stdout.flush()
    except UsageError as error:
        from transpiler.report.safe import safe  # noqa: PLC0415 - only wrong usage needs it

        lines = "\n".join(map(safe, str(error).split("\n")))
        _tell(f"transpile: error: {lines}")
        return USAGE
    except Refused as refused:
        stream = sys.stderr if given.command in {"compile", "graph"} else sys.stdout
        import_module("transpiler.cli.reports").report(refused.diagnostics, given, stream)
        return PROBLEMS
    except BrokenPipeError:
        return 0
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as fault:  # noqa: BLE001 - the one place that turns a fault of the tool into exit code 3
        return _fault(fault, show=getattr(given, "traceback", False))
    return code


def _open_closed_streams() -> None:
    """Let a stream that the caller has closed be one that cannot be used, and not None."""
    for name, mode, access in (("stdin", "r", os.O_WRONLY), ("stdout", "w", os.O_RDONLY), ("stderr", "w", os.O_WRONLY)):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, access), mode))


def _fault(fault: Exception, *, show: bool) -> int:
    import traceback  # noqa: PLC0415

    if show:
        _tell("".join(traceback.format_exception(fault)))
    last = traceback.extract_tb(fault.__traceback__)[-1]
    _tell(
        f"transpile: this is a fault of transpile {__version__}, not of your file: "
        f"{type(fault).__name__} in {last.filename.rpartition(os.sep)[2]}:{last.lineno}\n"
        "  please report it with the output of the same command and --traceback"
    )
    return FAULT


def _tell(text: str) -> None:
    with suppress(OSError):  # the exit code shows it too
        print(text, file=sys.stderr)
