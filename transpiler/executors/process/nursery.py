"""A small process that starts the programs of tasks: `python -I -S -c "…main()"`, with the standard library alone.

A fork of it takes half a millisecond, and is safe: it has no threads. It reads orders from its standard input, a line
of JSON each, and reports to its standard output likewise; when its input ends, so does it, and with it every task.
"""

from __future__ import annotations

import fcntl
import gc
import json
import os
import select
import signal
import sys
from contextlib import suppress
from typing import Any

from transpiler.executors.process import kernel, rooms, watcher
from transpiler.executors.process.watcher import Job, Said

_MOST = 65_536
"""No file descriptor is higher."""
_SWEEPS = 10
"""How often to look for processes that a watcher has left behind which was killed itself."""


class Nursery:
    """Starts watchers, and passes on what they say."""

    def __init__(self, *, is_private: bool) -> None:
        self._is_private = is_private
        self._orders: dict[int, int] = {}
        """Task → where it takes orders."""
        self._reports: dict[int, tuple[int, bytes]] = {}
        """Where a task reports → the task, and the start of a line."""
        self._watchers: set[int] = set()
        self._ended: set[int] = set()
        """Tasks that have said how they ended."""
        self._sweeps = 0

    def run(self) -> None:
        """Work until standard input ends."""
        rest = b""
        while True:
            poll = select.poll()
            for each in (0, *self._reports):
                poll.register(each, select.POLLIN)
            for ready, _ in poll.poll(100 if self._sweeps else None):
                if ready:
                    self._pass_on(ready)
                    continue
                data = os.read(0, 1 << 20)
                if not data:
                    return
                *lines, rest = (rest + data).split(b"\n")
                for line in lines:
                    self._obey(json.loads(line))
            self._bury()

    def _obey(self, order: dict[str, Any]) -> None:
        task = order["task"]
        if "job" in order:
            self._start(task, order["job"])
        elif task in self._orders:
            with suppress(OSError):  # it has ended just now
                os.write(self._orders[task], watcher.KILL if order["kills"] else watcher.TERMINATE)

    def _start(self, task: int, job: Job) -> None:
        orders, to_orders = os.pipe()
        report, to_report = os.pipe()
        child = os.fork()
        if child == 0:
            _watch(job, orders, to_report, is_private=self._is_private)
        os.close(orders)
        os.close(to_report)
        self._watchers.add(child)
        self._orders[task], self._reports[report] = to_orders, (task, b"")

    def _pass_on(self, report: int) -> None:
        task, rest = self._reports[report]
        data = os.read(report, 4096)
        *lines, rest = (rest + data).split(b"\n")
        self._reports[report] = task, rest
        for line in lines:
            said = json.loads(line)
            if "code" in said or "error" in said:
                self._ended.add(task)
            say({"task": task, **said})
        if not data:
            self._forget(task, report)

    def _forget(self, task: int, report: int) -> None:
        os.close(report)
        del self._reports[report]
        os.close(self._orders.pop(task))
        if task not in self._ended:
            say({"task": task, "error": "the process that watched the program has been killed"})
            self._sweeps = 0 if self._is_private else _SWEEPS
        self._ended.discard(task)

    def _bury(self) -> None:
        """Bury watchers that have ended, and end what one has left that was killed itself."""
        try:
            while (found := os.waitpid(-1, os.WNOHANG)[0]) != 0:
                self._watchers.discard(found)
        except ChildProcessError:
            self._watchers.clear()
        if self._sweeps:
            self._sweeps -= 1
            for child in set(kernel.children(os.getpid())) - self._watchers:
                kernel.kill(child)


def _watch(job: Job, orders: int, report: int, *, is_private: bool) -> None:
    """Become the watcher of a task; never returns."""
    said: Said = {"error": "the process that was to watch it failed"}
    try:
        os.setsid()
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        orders, report = _alone(orders, report)
        if is_private:
            rooms.private_view()
            if os.fork():
                os._exit(0)
        else:
            kernel.adopt_orphans()
        said = watcher.Watcher(job, orders, report).run()
    except OSError as error:
        said = {"error": error.strerror or str(error)}
    finally:
        watcher.tell(report, said)
        os._exit(0)


def _alone(*kept: int) -> list[int]:
    """Close whatever is open but for these, whose new numbers are returned; the standard streams lead nowhere."""
    places = [fcntl.fcntl(each, fcntl.F_DUPFD_CLOEXEC, 3) for each in kept]
    nothing = os.open(os.devnull, os.O_RDWR)
    for each in (0, 1, 2):
        os.dup2(nothing, each)
    last = 2
    for each in (*sorted(places), _MOST):
        os.closerange(last + 1, each)
        last = each
    return places


def can_be_private() -> bool:
    """True if this system lets a process have views of its own: tried once, in a child."""
    child = os.fork()
    if child == 0:
        try:
            rooms.private_view()
            if os.fork() == 0:
                kernel.mount("", "/", flags=kernel.PRIVATE)
                kernel.mount("tmpfs", "/tmp", "tmpfs")  # noqa: S108 - seen by nobody else
                os._exit(0)
            os._exit(os.waitstatus_to_exitcode(os.wait()[1]))
        finally:
            os._exit(1)
    return os.waitpid(child, 0)[1] == 0


def say(what: dict[str, Any]) -> None:
    """Tell whoever has started this process."""
    os.write(1, json.dumps(what).encode() + b"\n")


def main() -> None:
    """Say what is possible here, and work."""
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.SIG_IGN)  # the one who started it decides
    gc.disable()  # it makes no cycles, and a search would touch all memory that its forks share
    kernel.adopt_orphans()
    is_private = sys.platform.startswith("linux") and "--shared" not in sys.argv and can_be_private()
    with suppress(BrokenPipeError):  # whoever has started it has gone
        say({"private": is_private})
        Nursery(is_private=is_private).run()
