"""Real tasks: programs that run in a case, among tasks that only pretend. Whoever runs them is given from outside."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from msgspec import Struct

from transpiler.engine.protocol import Ended, Pod
from transpiler.plan.argo_objects import Node
from transpiler.runs.homes import Home


class Ran(Struct, frozen=True):
    """How a program has ended, and what it has left."""

    ended: Ended
    texts: dict[str, str] = {}
    """Key → the text in the file; of a folder, the paths in it."""
    cut: frozenset[str] = frozenset()
    """The keys of files that have more in them."""
    log: str = ""
    """The end of what it has printed, for people."""


class Running(Protocol):
    """A program that runs."""

    def wait(self) -> Ran:
        """Its end."""
        ...

    def stop(self, why: str) -> None:
        """End it; nobody waits for it any more."""
        ...


class Programs(Protocol):
    """Runs programs, several at once."""

    def start(self, pod: Pod, files: Mapping[str, str]) -> Running:
        """Start the program of a pod. `files`: key → text, of all that fakes have left. Raises UnfitError."""
        ...


Open = Callable[[Sequence[Node]], AbstractContextManager[Programs]]
"""Gives what runs the programs of these objects, for one case; nothing of it is left afterwards."""


class UnfitError(Exception):
    """A program cannot run here as it would in a cluster; the message says why."""

    def __init__(self, message: str, home: Home | None = None) -> None:
        super().__init__(message)
        self.message, self.home = message, home
