"""The journal of a run: each step of the engine, with what was seen to happen, in a line of JSON.

A line is on the disk before anything acts on it. A kill leaves at most one line that is cut, which says nothing. Some
room is kept beside it, so that a run on a full disk ends as any other one whose tasks fail.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import msgspec
from msgspec import Struct

from transpiler.engine.protocol import Event
from transpiler.executors.errors import reason
from transpiler.local.errors import RunError


class Step(Struct, frozen=True):
    """What the engine was told, and when: seconds from the epoch."""

    now: float
    events: tuple[Event, ...] = ()


def read_journal(path: Path) -> list[Step]:
    """The steps of a journal; none if there is none. Raises RunError for what is no journal."""
    try:
        lines = path.read_bytes().split(b"\n")[:-1]  # what stands behind the last line break was cut
    except FileNotFoundError:
        return []
    except OSError as error:
        raise RunError(f"cannot read `{path}`: {reason(error)}") from error
    try:
        decoder = msgspec.json.Decoder(Step)
        return [decoder.decode(line) for line in lines]
    except msgspec.MsgspecError as error:
        raise RunError(f"`{path}` is not the journal of a run: {error}") from error


_FULL: Final = (errno.ENOSPC, errno.EDQUOT)
_SPARE: Final = 64 * 1024
"""Bytes that are kept for the time when the disk is full."""


class Journal:
    """A journal to write to. Raises RunError."""

    def __init__(self, path: Path) -> None:
        """Open it; a line that was cut is removed."""
        self._path = path
        self._spare = path.with_name("spare")
        try:
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC, 0o644)
            data = path.read_bytes()
            os.ftruncate(self._file, data.rfind(b"\n") + 1)
        except OSError as error:
            raise self._failed(error) from error
        with suppress(OSError):
            self._spare.write_bytes(b"-" * _SPARE)

    def add(self, now: float, events: Sequence[Event]) -> None:
        """Write a step; it is on the disk when this returns."""
        line = msgspec.json.encode(Step(now, tuple(events))) + b"\n"
        written = 0
        while True:
            try:
                while written < len(line):
                    written += os.write(self._file, line[written:])
                os.fdatasync(self._file) if hasattr(os, "fdatasync") else os.fsync(self._file)
            except OSError as error:
                if error.errno not in _FULL or not self._spare.exists():
                    raise self._failed(error) from error
                self._spare.unlink(missing_ok=True)
            else:
                return

    def _failed(self, error: OSError) -> RunError:
        return RunError(f"cannot write `{self._path}`: {reason(error)}")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None) -> None:
        os.close(self._file)
        with suppress(OSError):
            self._spare.unlink(missing_ok=True)
