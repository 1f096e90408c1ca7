"""The process around the program of a task: keeps its log, obeys, and leaves no process behind.

It is the first process of the task's own view of processes, so that the system ends all of them with it; where there
is no such view it adopts what the program leaves behind, and ends that. It imports the standard library alone.
"""

from __future__ import annotations

import errno
import json
import os
import select
import signal
import time
from contextlib import suppress
from typing import Final, TypedDict

from transpiler.executors.process import kernel, rooms

TERMINATE, KILL = b"T", b"K"
"""What it is told, a byte each. It ends all when nobody can tell it anything any more."""
RESULT_BYTES: Final = 256 * 1024
_TAIL: Final = RESULT_BYTES + 1
"""As much is kept of the end: a line break is cut before a result is."""
_NOT_THERE: Final = (errno.ENOENT, errno.ENOTDIR)
_SHOWN: Final = 200
_CHUNK: Final = 64 * 1024
_PATIENCE: Final = 5.0
"""Seconds to wait for the last output once all processes have been ended."""


class Job(TypedDict):
    """A program to run."""

    command: list[str]
    environment: dict[str, str]
    folder: str
    """Where it starts, as it sees it."""
    log: str
    """The file for what it prints."""
    log_bytes: int
    """As much of that is kept from the start, and the end of it."""
    result: str
    """The file for the end of its standard output; empty if nobody asks for that."""
    room: rooms.Room | None


class Said(TypedDict, total=False):
    """What the watcher reports; the last time with a `code` or an `error`."""

    began: bool
    code: int
    """The exit code; 128 and the number of the signal for a program that one has ended."""
    error: str
    """Why the program could not be started."""
    missing: bool
    """True if that is since there is no such program."""


class Log:
    """What a program prints, in a file of bounded size: the start, and the end. A full disk does not stop it."""

    def __init__(self, path: str, size: int) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        self._room, self._lost = size, 0
        self._end = b""

    def add(self, data: bytes) -> None:
        """Keep what there is room for."""
        kept, rest = data[: self._room], data[self._room :]
        self._room -= len(kept)
        if kept and not self._write(kept):
            self._lost += len(kept)
        if rest:
            self._lost += len(rest)
            self._end = (self._end + rest)[-_CHUNK:]

    def close(self) -> None:
        """Write the end."""
        if self._lost:
            self._write(f"\n[{self._lost:,} bytes more, of which the last {len(self._end):,} follow]\n".encode())
            self._write(self._end)
        os.close(self._file)

    def _write(self, data: bytes) -> bool:
        try:
            while data:
                data = data[os.write(self._file, data) :]
        except OSError:
            return False
        return True


class Watcher:
    """Runs one program to its end. `report` is a file descriptor, as is `orders`."""

    def __init__(self, job: Job, orders: int, report: int) -> None:
        self._job, self._orders, self._report = job, orders, report
        self._log = Log(job["log"], job["log_bytes"])
        self._result = _new_file(job["result"]) if job["result"] else -1
        self._tail = b""
        self._program = 0
        self._code: int | None = None
        self._awake, self._wake = os.pipe()
        self._streams: dict[int, bool] = {}
        """The streams of the program that are open; True for standard output."""

    def run(self) -> Said:
        """Run the program, and end all that it has started; how that went."""
        try:
            if self._job["room"] is not None:
                rooms.enter(self._job["room"])
            failed = self._start()
        except OSError as error:
            return {"error": error.strerror or str(error)}
        if failed:
            return failed
        tell(self._report, {"began": True})
        while self._code is None:
            self._wait(None)
        self._end_all()
        self._log.close()
        try:
            if self._result >= 0:
                os.write(self._result, self._tail)
        except OSError as error:
            return {"error": f"its standard output cannot be kept: {error.strerror}"}
        return {"code": self._code}

    def _start(self) -> Said:
        """Start the program; empty, or why that failed."""
        os.set_blocking(self._wake, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._wake, warn_on_full_buffer=False)
        output, to_output = os.pipe()
        errors, to_errors = os.pipe()
        failure, to_failure = os.pipe()
        self._program = os.fork()
        if self._program == 0:
            _become(self._job, to_output, to_errors, to_failure)
        for each in (to_output, to_errors, to_failure):
            os.close(each)
        self._streams = {output: True, errors: False}
        with open(failure, "rb") as file:  # noqa: PTH123 - a descriptor
            code, _, what = file.read().decode().partition(" ")
        if not code:
            return {}
        reason = f"cannot {what}: {os.strerror(int(code))}"
        return {"error": reason, "missing": what.startswith("start") and int(code) in _NOT_THERE}

    def _wait(self, seconds: float | None) -> None:
        """Deal with what happens next."""
        poll = select.poll()
        for each in (*self._streams, self._awake, self._orders):
            if each >= 0:
                poll.register(each, select.POLLIN)
        for ready, _ in poll.poll(None if seconds is None else seconds * 1000):
            if ready in self._streams:
                self._read(ready)
            elif ready == self._awake:
                os.read(self._awake, 512)
                self._reap()
            else:
                self._obey(os.read(self._orders, 1))

    def _read(self, stream: int) -> None:
        data = os.read(stream, _CHUNK)
        if not data:
            os.close(stream)
            del self._streams[stream]
            return
        self._log.add(data)
        if self._streams[stream] and self._result >= 0:
            self._tail = (self._tail + data)[-_TAIL:]

    def _obey(self, order: bytes) -> None:
        if order == TERMINATE:
            with suppress(OSError):  # it has ended just now
                os.killpg(self._program, signal.SIGTERM)
            return
        if not order:
            os.close(self._orders)
            self._orders = -1
        self._kill()

    def _reap(self) -> bool:
        """Bury processes that have ended; False if there is none left."""
        try:
            while (found := os.waitpid(-1, os.WNOHANG))[0]:
                if found[0] == self._program:
                    code = os.waitstatus_to_exitcode(found[1])
                    self._code = code if code >= 0 else 128 - code
        except ChildProcessError:
            return False
        return True

    def _kill(self) -> None:
        """Kill every process of the task."""
        with suppress(OSError):  # nobody is left in its group
            os.killpg(self._program, signal.SIGKILL)
        if os.getpid() == 1:  # in a view of its own: all that it can reach
            with suppress(OSError):  # nobody is left
                os.kill(-1, signal.SIGKILL)
            return
        for child in kernel.children(os.getpid()):
            kernel.kill(child)

    def _end_all(self) -> None:
        """End what the program has left behind, and read the last of what was printed."""
        until = time.monotonic() + _PATIENCE
        while self._reap() and time.monotonic() < until:
            self._kill()
            self._wait(0.01)
        while self._streams and time.monotonic() < until:
            self._wait(0.1)


def _become(job: Job, output: int, errors: int, failure: int) -> None:
    """Turn this process into the program; never returns."""
    step, code = "start it", errno.EINVAL
    try:
        os.setsid()
        for each in (signal.SIGCHLD, signal.SIGPIPE, signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(each, signal.SIG_DFL)
        for stream, place in ((os.open(os.devnull, os.O_RDONLY), 0), (output, 1), (errors, 2)):
            os.dup2(stream, place)
        os.umask(0o022)
        step = f"go to the folder `{job['folder'][:_SHOWN]}`"
        os.chdir(job["folder"])
        step = f"start `{job['command'][0][:_SHOWN]}`"
        os.execvpe(job["command"][0], job["command"], job["environment"])  # noqa: S606 - no shell is wanted
    except OSError as error:
        code = error.errno or code
    except ValueError:  # a text with a zero byte
        pass
    finally:
        os.write(failure, f"{code} {step}".encode())
        os._exit(127)


def tell(report: int, said: Said) -> None:
    """Report something, in a line that fits a pipe at once."""
    os.write(report, json.dumps(said).encode() + b"\n")


def _new_file(path: str) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
