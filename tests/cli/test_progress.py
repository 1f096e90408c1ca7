"""The line that counts: on a terminal only, when it lasts, and gone at the end."""

from __future__ import annotations

import io
import sys

import pytest

from transpiler.cli.batch import progress
from transpiler.cli.batch.progress import Progress


class Terminal(io.StringIO):
    """A stream that a person looks at."""

    def isatty(self) -> bool:
        """True."""
        return True


def looked_at(monkeypatch: pytest.MonkeyPatch, stream: io.StringIO, term: str = "xterm", after: float = 0.0) -> str:
    """What a run that counts to 2 of 3 writes to standard error."""
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stderr", stream)
        patch.setenv("TERM", term)
        patch.setattr(progress, "_AFTER", after)
        patch.setattr(progress, "_EVERY", 0.0)
        with Progress(3, "compiled", is_quiet=False) as counter:
            counter.tell(1)
            counter.tell(2)
    return stream.getvalue()


def test_it_counts_and_goes_away(monkeypatch: pytest.MonkeyPatch) -> None:
    written = looked_at(monkeypatch, Terminal())
    assert written == "\r\x1b[Kcompiled 1 of 3\r\x1b[Kcompiled 2 of 3\r\x1b[K"


def test_it_is_for_people_who_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    assert looked_at(monkeypatch, Terminal(), after=60.0) == ""
    assert looked_at(monkeypatch, Terminal(), term="dumb") == ""
    assert looked_at(monkeypatch, io.StringIO()) == ""
