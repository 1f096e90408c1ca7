"""What an executor is: it takes a task, runs its program to the end, and says what was seen to happen."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, Final, Protocol

from msgspec import Struct
from msgspec.structs import replace

from transpiler.engine.protocol import Ended, Pod, PodPhase
from transpiler.executors.errors import TaskError, reason
from transpiler.executors.patch import patched
from transpiler.executors.store import remove

GRACE: Final = 30.0
"""Seconds from the first signal to a program to the one that it cannot catch, as in Kubernetes."""
LATE: Final = "Pod was active on the node longer than the specified deadline"
LOG_BYTES: Final = 64 * 1024 * 1024
"""As much is kept of the start of what a task prints."""


class Ending(Struct, frozen=True):
    """Somebody wants a task to end."""

    why: str
    kills: bool = False
    """At once."""


class Task(Struct, frozen=True):
    """A pod, and where it runs."""

    pod: Pod
    work: Path
    """A folder for this task alone, which the executor makes and removes."""
    log: Path
    """The file for what it prints."""
    inbox: SimpleQueue[Any]
    """Takes `Ending`s from the driver; an executor may put in what it hears elsewhere."""
    began: Callable[[], None]
    """To be called once the program runs."""
    shared: Path | None = None
    """The folder of the volumes that all containers of its pod have; None: it is alone."""

    @property
    def home_of_volumes(self) -> Path:
        """The folder of volumes that go with the pod."""
        return self.shared or self.work


class Executor(Protocol):
    """Runs tasks, several at once, each in a thread of the caller."""

    name: str
    has_images: bool
    """True if a task sees the files of its image, and not those of this machine."""

    def run(self, task: Task) -> Ended:
        """Run a task to its end. Raises nothing: an Error is an end as well."""
        ...

    def about(self) -> str:
        """What a person should know about how it runs tasks."""
        ...

    def close(self) -> None:
        """End whatever still runs."""
        ...


class Program(Protocol):
    """A program that runs, to be ended in steps."""

    def terminate(self) -> None:
        """Ask it to end."""
        ...

    def kill(self) -> None:
        """End it."""
        ...


def wait_for_end(task: Task, program: Program, take: Callable[[Any], bool], grace: float) -> str:
    """Wait for the end of a program, and end it when its time is over, or when somebody wants that.

    `take` is told what comes into the inbox beside `Ending`s, and answers True once that was the end.
    Returns why the program was ended, or the empty text.
    """
    started = time.monotonic()
    due = None if task.pod.deadline is None else started + task.pod.deadline
    why, kill_at = "", None
    while True:
        until = kill_at if why else due
        try:
            heard = task.inbox.get(timeout=None if until is None else max(0.0, until - time.monotonic()))
        except Empty:
            heard = Ending(why or LATE, kills=bool(why))
        if not isinstance(heard, Ending):
            if take(heard):
                return why
        elif heard.kills:
            program.kill()
            why, kill_at = why or heard.why, None
        elif not why:
            program.terminate()
            why, kill_at = heard.why, time.monotonic() + grace


def in_its_folder(task: Task, run: Callable[[Task], Ended]) -> Ended:
    """What `run` says of a task whose folder it finds empty; the folder goes afterwards. Trouble around it is an end.

    `run` may raise TaskError and OSError.
    """
    try:
        try:
            remove(task.work)
            task.work.mkdir(parents=True, mode=0o700)
            return run(replace(task, pod=patched(task.pod)))
        finally:
            remove(task.work)
    except TaskError as error:
        return ended(task, "Error", str(error))
    except OSError as error:
        return ended(task, "Error", f"this machine refuses it: {reason(error)}")


def ended(task: Task, phase: PodPhase, message: str = "", **more: Any) -> Ended:
    """The end of a task, now."""
    return Ended(task.pod.node, time.time(), phase, message=message, **more)
