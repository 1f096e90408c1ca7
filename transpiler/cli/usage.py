"""Wrong usage: raised by every command, and turned into exit code 2 by `main`."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

TYPE_CHECKING = False
if TYPE_CHECKING:
    from transpiler.diagnostics import Diagnostic

USAGE = 2
"""The exit code of wrong usage."""


class UsageError(Exception):
    """A command line that cannot be carried out."""


class Refused(Exception):  # noqa: N818 - carries diagnostics
    """Mistakes in a file that all of a command depends on: exit code 1, before anything is done."""

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        super().__init__(f"{len(diagnostics)} problems")
        self.diagnostics = diagnostics


@contextmanager
def standard_output() -> Iterator[None]:
    """Writing to standard output. Raises UsageError with the system's reason, and BrokenPipeError."""
    try:
        yield
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # so that the exit of Python is quiet too
        if isinstance(error, BrokenPipeError):
            raise
        raise UsageError(f"cannot write to standard output: {error.strerror}") from error
