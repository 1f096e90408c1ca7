"""Containers that a killed run has left: the folder of a run says which engine has some, and under which label.

The note is written before the first container is made, and goes once all are removed. So a run that ended by itself
has none, and nobody asks an engine about it.
"""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Final, Literal

import msgspec
from msgspec import Struct

from transpiler import atomic, programs
from transpiler.executors.errors import TaskError, reason
from transpiler.executors.images.engine import Engine

LABEL: Final = "transpile.id"
_FILE: Final = "containers.json"


class Note(Struct, frozen=True):
    """What a run says of its containers."""

    engine: Literal["docker", "podman"]
    id: str
    """The value of their label."""


def noted(run: Path, engine: Engine) -> str:
    """Note that a run makes containers; the value of their label, which stays while it is noted.

    Containers of an earlier process of the run are removed. Raises TaskError.
    """
    before = _read(run)
    if before is not None:
        _remove_of(before, run)
        if before.engine == engine.name:
            return before.id
    note = Note(engine.name, secrets.token_hex(8))  # type: ignore[arg-type]
    try:
        atomic.write(run / _FILE, msgspec.json.encode(note), run)
    except OSError as error:
        raise TaskError(f"cannot write `{run / _FILE}`: {reason(error)}") from error
    return note.id


def is_noted(run: Path) -> bool:
    """True if a run may have left containers."""
    return (run / _FILE).exists()


def remove_left(run: Path) -> None:
    """Remove what is left of the containers of a run that no process runs, and the note. Raises TaskError."""
    if (note := _read(run)) is not None:
        _remove_of(note, run)
        (run / _FILE).unlink(missing_ok=True)


def _read(run: Path) -> Note | None:
    try:
        return msgspec.json.decode((run / _FILE).read_bytes(), type=Note)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.MsgspecError) as error:
        raise TaskError(f"cannot read `{run / _FILE}`: {error}") from error


def _remove_of(note: Note, run: Path) -> None:
    path = programs.find(note.engine)
    if path is None:
        raise TaskError(f"there is no `{note.engine}` on PATH, which may have containers of the run `{run.name}`")
    engine = Engine(note.engine, path)
    left = engine.call("ps", "--all", "--quiet", "--filter", f"label={LABEL}={note.id}")
    if left:
        engine.remove(*left.split())
