"""Things that take minutes to make, kept in the user's cache folder: made once per machine and content.

TRANSPILE_JUDGES_CACHE names another folder. Checkouts share it, and so do parallel tests.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Final, TypeAlias

_USERS: Final = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "transpile-judges"
FOLDER: Final = Path(os.environ.get("TRANSPILE_JUDGES_CACHE") or _USERS).absolute()
"""Decided at import: a test may change HOME."""
_UNUSED_FOR: Final = 30 * 24 * 3600
"""Seconds after which a thing of other content is deleted, when a new one of its name is made."""
Make: TypeAlias = Callable[[Path], None]
"""Writes a file or folder to a path."""
_terminal = 2


def place(name: str, content: bytes, folder: Path = FOLDER) -> Path:
    """The path of a thing made from `content`, whether it exists or not."""
    return folder / f"{name}-{sha256(content).hexdigest()[:16]}"


def kept(name: str, content: bytes, make: Make, doing: str, proof: str = "", folder: Path = FOLDER) -> Path:
    """The file or folder that `make` writes to the path it receives, made unless it exists: one process does.

    It appears complete or not at all. `doing` tells the user what takes so long. `proof` is a file in a folder
    without which the folder is made anew.
    """
    target = place(name, content, folder)
    if not (target / proof).exists():
        with _lock(folder, doing):
            if not (target / proof).exists():
                _make(target, make, doing)
                _prune(name, target)
    os.utime(target)
    return target


def at_hand(name: str, content: bytes, make: Make, doing: str, proof: str = "") -> Path | None:
    """The same, if it exists already, or judges are required: TRANSPILE_REQUIRE_JUDGES allows the minutes."""
    is_there = (place(name, content) / proof).exists()
    return kept(name, content, make, doing, proof) if is_there or os.environ.get("TRANSPILE_REQUIRE_JUDGES") else None


def _make(target: Path, make: Make, doing: str) -> None:
    unfinished = target.with_name(f"{target.name}.unfinished")
    _delete(unfinished)
    say(f"{doing}, once for this machine, in {target.parent} …")
    started = time.monotonic()
    make(unfinished)
    _delete(target)
    unfinished.rename(target)
    say(f"{doing}: done after {time.monotonic() - started:.0f} s")


def _prune(name: str, newest: Path) -> None:
    """Delete the things of a name that nobody has used for long."""
    for path in newest.parent.glob(f"{name}-{'[0-9a-f]' * 16}"):
        if path != newest and path.stat().st_mtime < time.time() - _UNUSED_FOR:
            _delete(path)


def _delete(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    path.unlink(missing_ok=True)


@contextmanager
def _lock(folder: Path, doing: str) -> Iterator[None]:
    """Hold the folder; the system lets go of it when the process ends, however it ends."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"{doing}: waiting for another process …")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def say(text: str) -> None:
    """Tell the user."""
    os.write(_terminal, f"\n{text}\n".encode())


def speak_past_capture() -> None:
    """From now on tell the user through standard error as it is now, though pytest captures it later."""
    global _terminal  # noqa: PLW0603 the terminal of a process is one
    _terminal = os.dup(2)
