"""A line on a terminal that counts what is done, for runs that take longer than a second."""

from __future__ import annotations

import os
import sys
import time
from contextlib import suppress
from types import TracebackType
from typing import Final, Self

_AFTER: Final = 1.0
_EVERY: Final = 0.1


class Progress:
    """Counts on standard error, if that is a terminal, and takes the line away at the end."""

    def __init__(self, total: int, what: str, *, is_quiet: bool) -> None:
        """`what` is the verb before the numbers."""
        self.total, self.what = total, what
        self.is_quiet = is_quiet or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb"
        self.next = time.monotonic() + _AFTER
        self.is_shown = False

    def __enter__(self) -> Self:
        """The counter itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Take the line away."""
        if self.is_shown:
            self._write("\r\x1b[K")

    def tell(self, done: int) -> None:
        """Show how many are done, some times a second."""
        if self.is_quiet or time.monotonic() < self.next:
            return
        self.next, self.is_shown = time.monotonic() + _EVERY, True
        self._write(f"\r\x1b[K{self.what} {done} of {self.total}")

    def _write(self, text: str) -> None:
        with suppress(OSError):
            sys.stderr.write(text)
            sys.stderr.flush()
