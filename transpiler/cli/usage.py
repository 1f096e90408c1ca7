"""Wrong usage: raised by every command, and turned into exit code 2 by `main`."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

USAGE = 2
"""The exit code of wrong usage."""


class UsageError(Exception):
    """A command line that cannot be carried out."""


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
