"""What the tasks of a run print, in lines, each with the name of its task."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

from transpiler.cli.cluster import say
from transpiler.engine.protocol import Pod
from transpiler.local.session import Session
from transpiler.report.safe import safe

_PAUSE: Final = 0.1
"""Seconds between two looks at what tasks print."""
_PIECE: Final = 65_536
_LONGEST: Final = 4_000
_TAIL: Final = 4_096


class Logs:
    """Follows the logs of tasks that run, and prints whole lines of them."""

    def __init__(self, session: Session, say: Callable[[str], None] = say) -> None:
        """`say`: prints a line that is safe."""
        self._session, self._folder, self._say = session, session.folder, say
        self._read: dict[str, tuple[str, int, str]] = {}
        """Node → its title, how far its log was read, and the start of a line."""
        self._left: set[str] = set()
        self._lock = threading.Lock()
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._follow, daemon=True)

    def start(self) -> None:
        """Begin to print."""
        self._thread.start()

    def stop(self) -> None:
        """Print the rest."""
        self._is_over.set()
        self._thread.join()

    def follow(self, pod: Pod) -> None:
        """A task starts."""
        with self._lock:
            self._read[pod.node] = (self._session.title(pod.name), 0, "")

    def leave(self, pod: Pod) -> None:
        """A task has ended: its log is whole."""
        with self._lock:
            self._left.add(pod.node)

    def _follow(self) -> None:
        while not self._is_over.wait(_PAUSE):
            self._print()
        self._print()

    def _print(self) -> None:
        with self._lock:
            reading, left = list(self._read.items()), set(self._left)
        for node, (title, before, begun) in reading:
            start, rest = self._print_from(node, title, before, begun)
            with self._lock:
                if node in left:
                    if rest:
                        self._tell(title, rest)
                    self._read.pop(node, None)
                    self._left.discard(node)
                else:
                    self._read[node] = (title, start, rest)

    def _print_from(self, node: str, title: str, start: int, rest: str) -> tuple[int, str]:
        try:
            with self._folder.log(node).open("rb") as file:
                file.seek(start)
                while data := file.read(_PIECE):
                    start += len(data)
                    *lines, rest = (rest + data.decode("utf-8", "replace")).split("\n")
                    for each in lines:
                        self._tell(title, each)
                    rest = self._session.mask(rest)[:_LONGEST]
        except OSError:
            pass  # it has printed nothing yet
        return start, rest

    def _tell(self, title: str, written: str) -> None:
        self._say(line_of(title, self._session.mask(written)))


def last_lines(path: Path, most: int) -> list[str]:
    """The last lines of a log that say something, as they are: they come from a program that is not trusted."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - _TAIL))
            text = file.read(_TAIL).decode("utf-8", "replace")
    except OSError:
        return []
    return [line for line in text.replace("\r", "\n").split("\n") if line.strip()][-most:]


def line_of(title: str, written: str) -> str:
    """A line of a task, with its title; it comes from a program that is not trusted."""
    return f"{safe(title)} | {safe(written.rstrip(chr(13))[:_LONGEST])}"
