"""The tasks that run at the same time, and those that wait until there is room; each runs in a thread."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from queue import SimpleQueue
from typing import Any

from msgspec.structs import replace

from transpiler.engine.protocol import Began, Ended, Event, Pod
from transpiler.executors.executor import Ending, Executor, Task
from transpiler.local.again import Made, changes
from transpiler.local.folder import Kept, RunFolder
from transpiler.local.listener import Listener

Heard = SimpleQueue[Event | Ending]
"""What happens, and `Ending` for an interrupt: from any thread."""


class Crew:
    """Starts pods, and says what happens to them. All methods are for one thread."""

    def __init__(
        self, executor: Executor, folder: RunFolder, listener: Listener, at_once: int, kept: Mapping[str, Kept],
        why: Mapping[str, str], guard: Callable[[Pod, str], None] = lambda *_: None,
    ) -> None:  # fmt: skip
        """`at_once`: as many run at the same time. `kept`: ends of an earlier attempt; `why` others do not count.

        `guard` is told of each pod that is to run, and why it does so again: it may raise RunError.
        """
        self._guard = guard
        self._executor, self._folder, self._listener = executor, folder, listener
        self._at_once, self._kept, self._why = at_once, dict(kept), dict(why)
        self.heard: Heard = SimpleQueue()
        self.pods: dict[str, Pod] = {}
        """All that were ordered, by node."""
        self.ends: dict[str, Ended] = {}
        """Node → its end."""
        self._waiting: dict[str, None] = {}
        """Nodes in their order."""
        self._running: dict[str, SimpleQueue[Any]] = {}
        self._began: set[str] = set()
        self._made = Made()

    @property
    def is_idle(self) -> bool:
        """True if nothing runs, waits, or is to be heard."""
        return not self._running and not self._waiting and self.heard.empty()

    @property
    def is_at_work(self) -> bool:
        """True while something runs."""
        return bool(self._running)

    def add(self, pod: Pod) -> None:
        """Run a pod once there is room."""
        self.pods[pod.node] = pod
        self._waiting[pod.node] = None

    def stop(self, node: str, why: str) -> None:
        """End a pod."""
        if node in self._running:
            self._running[node].put(Ending(why))
        elif node in self._waiting:
            del self._waiting[node]
            self.heard.put(Ended(node, time.time(), "Failed", message=why))

    def take(self, event: Event) -> None:
        """Note what has happened."""
        if isinstance(event, Began):
            self._began.add(event.node)
        elif isinstance(event, Ended):
            self.ends[event.node] = event
            kept = self._kept.get(event.node) if event.node not in self._began else None
            self._made.add(kept.end if kept is not None else event)
            self._running.pop(event.node, None)
            self._waiting.pop(event.node, None)
            self._why.pop(event.node, None)

    def was_killed(self) -> None:
        """All that ran is to run again: the process in which it did is no more."""
        for node in self._began & self._waiting.keys():
            self._why[node] = "it was running when the run was interrupted"

    def start_some(self) -> None:
        """Start pods that wait, as many as may run at once."""
        while self._waiting and len(self._running) < self._at_once:
            node = next(iter(self._waiting))
            del self._waiting[node]
            pod, kept = self.pods[node], self._kept.get(node)
            why = self._why.get(node, "")
            if kept is not None:
                why = changes(kept, pod, self._made) or self._folder.take_over(kept)
            if kept is not None and not why:
                self._running[node] = SimpleQueue()
                self._listener.keeps(pod, kept.run)
                self.heard.put(replace(kept.end, at=time.time()))
            else:
                self._guard(pod, why)
                self._listener.starts(pod, why)
                self._start(pod)

    def _start(self, pod: Pod) -> None:
        inbox: SimpleQueue[Any] = SimpleQueue()
        self._running[pod.node] = inbox
        place, log = self._folder.place(pod.node), self._folder.log(pod.node)
        task = Task(pod, place, log, inbox, lambda: self.heard.put(Began(pod.node, time.time())))
        threading.Thread(target=self._run, args=(task,), name=pod.node, daemon=True).start()

    def _run(self, task: Task) -> None:
        try:
            end = self._executor.run(task)
        except Exception as error:  # noqa: BLE001 - whatever it is, the task has not succeeded
            end = Ended(task.pod.node, time.time(), "Error", message=f"a fault of this tool: {error!r}")
        self.heard.put(end)

    def end_all(self, *, kills: bool) -> None:
        """Tell all that runs to end."""
        for inbox in self._running.values():
            inbox.put(Ending("interrupted", kills))

    def wait(self) -> Ended | Ending:
        """Wait for the end of something that runs, or for an interrupt."""
        while True:
            heard = self.heard.get()
            if isinstance(heard, Ended):
                self._running.pop(heard.node, None)
                return heard
            if isinstance(heard, Ending):
                return heard
