"""The loop between an engine and an executor: orders become running tasks, and what happens becomes events.

An event is in the journal before the engine hears of it, so nothing is claimed that did not happen. What was running
when the process was killed has no end in the journal, and runs again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from queue import Empty
from typing import Final, Protocol

from transpiler.engine.protocol import Ask, Ended, Event, Orders, Pod, Start, Stop, Supplied, Woke
from transpiler.executors.executor import Ending, Executor
from transpiler.local.crew import Crew
from transpiler.local.errors import RunError
from transpiler.local.folder import Kept, RunFolder
from transpiler.local.journal import Journal, Step
from transpiler.local.listener import Listener
from transpiler.plan.argo_objects import Node

_LEAST: Final = 0.2
"""Seconds between two writings of the status, at least."""
_SHARE: Final = 20
"""As many times as long as a writing takes nothing is written after it."""
_LONGEST_WAIT: Final = 3600.0


class Decider(Protocol):
    """The engine: see `engine/protocol.py`."""

    def step(self, events: Sequence[Event], now: float) -> Orders:
        """What to do after these events."""
        ...

    def workflow(self) -> Node:
        """The Workflow with its status."""
        ...


Answer = Callable[[Ask, bool], Supplied | None]
"""The answer to what a node asks, None if there is none; True: nothing else goes on, so it may take its time."""


class Driver:
    """Runs one run to its end, or until it is interrupted."""

    def __init__(
        self,
        engine: Decider,
        executor: Executor,
        folder: RunFolder,
        listener: Listener,
        answer: Answer,
        *,
        at_once: int,
        kept: Mapping[str, Kept] | None = None,
        why: Mapping[str, str] | None = None,
        guard: Callable[[Pod, str], None] = lambda *_: None,
    ) -> None:
        """`at_once`: as many tasks run at the same time. `kept`: ends of an earlier attempt, by node.

        `why`: node → why it is not among them. `guard` may raise RunError for a pod that is to run.
        """
        self._engine, self._folder, self._listener, self._answer = engine, folder, listener, answer
        self._crew = Crew(executor, folder, listener, at_once, kept or {}, why or {}, guard)
        self._asked: dict[str, Ask] = {}
        self._answered: set[str] = set()
        self._wake: float | None = None
        self._interrupts = 0
        self._has_started, self._has_news, self._next_status = False, True, 0.0
        self.is_over = False
        """True once the run has ended."""
        self.stuck = ""
        """Why the run cannot go on by itself; empty if it has ended, or was interrupted."""
        self.unsaved = ""
        """Why the file with the status is not as the run is."""

    def interrupt(self) -> None:
        """Stop what runs: in order at first, at once when it is called again. Safe in a signal handler."""
        self._interrupts += 1
        self._crew.heard.put(Ending("interrupted", kills=self._interrupts > 1))

    @property
    def was_interrupted(self) -> bool:
        """True if somebody interrupted it before its end."""
        return self._interrupts > 0 and not self.is_over

    @property
    def pods(self) -> dict[str, Pod]:
        """All pods that were ordered, by node."""
        return self._crew.pods

    @property
    def ends(self) -> dict[str, Ended]:
        """Node → its end."""
        return self._crew.ends

    @property
    def workflow(self) -> Node:
        """The Workflow with its status, as far as it is."""
        return self._engine.workflow()

    def replay(self, steps: Sequence[Step]) -> None:
        """Take the steps of a journal: the run is where it was, and what was running is to run again."""
        for step in steps:
            self._take(step.events, step.now)
        self._crew.was_killed()
        if steps:
            self._listener.goes_on(self._engine.workflow())

    def run(self) -> None:
        """Run until the run has ended, is interrupted, or cannot go on. Raises RunError; no task runs then."""
        try:
            with Journal(self._folder.journal) as journal:
                self._loop(journal)
        finally:
            self._crew.end_all(kills=True)
            while self._crew.is_at_work:
                self._crew.wait()
        self._write_status(at_once=True)

    def _loop(self, journal: Journal) -> None:
        if not self._has_started:
            self._step(journal, [])
        while not self.is_over and not self._interrupts:
            self._answer_some()
            self._crew.start_some()
            self._write_status()
            if self._crew.is_idle and self._wake is None and not self._can_answer():
                return
            events = self._next()
            if events and not self._interrupts:
                self._step(journal, events)
        if not self.is_over:
            self._drain(journal)

    def _answer_some(self) -> None:
        """Give the answers that are known already."""
        for ask in [each for each in self._asked.values() if each.node not in self._answered]:
            self._answered.add(ask.node)
            if (answer := self._answer(ask, False)) is not None:
                self._crew.heard.put(answer)

    def _can_answer(self) -> bool:
        """Ask for what nodes wait for; False if nobody can answer, and nothing else goes on."""
        if self.stuck or not self._asked:
            self.stuck = self.stuck or "nothing runs, and nothing is left that could start"
            return False
        for ask in self._asked.values():
            answer = self._answer(ask, True)
            if answer is not None:
                self._crew.heard.put(answer)
                return True
        self._listener.waits(list(self._asked.values()))
        self.stuck = "it waits for an answer"
        return False

    def _next(self) -> list[Event]:
        """What happens next: all that is there. It may be nothing, when there is something else to do."""
        waits = [_LONGEST_WAIT]
        if self._wake is not None:
            waits.append(self._wake - time.time())
        if self._has_news:
            waits.append(self._next_status - time.monotonic())
        found: list[Event] = []
        try:
            heard = self._crew.heard.get(timeout=max(0.0, min(waits)))
            while not isinstance(heard, Ending):
                found.append(heard)
                heard = self._crew.heard.get_nowait()
        except Empty:
            if not found and self._wake is not None and time.time() >= self._wake:
                found.append(Woke(time.time()))
        return found

    def _step(self, journal: Journal, events: list[Event]) -> None:
        now = time.time()
        journal.add(now, events)
        self._take(events, now)
        for event in events:
            if isinstance(event, Ended) and event.node in self.pods:
                self._listener.ends(self.pods[event.node], event)

    def _take(self, events: Sequence[Event], now: float) -> None:
        """Let the engine know what has happened, and note its orders."""
        for event in events:
            self._crew.take(event)
            if isinstance(event, Supplied):
                self._asked.pop(event.node, None)
        orders = self._engine.step(events, now)
        self._has_started = self._has_news = True
        self._wake, self.is_over, self.stuck = orders.wake, orders.has_ended, getattr(orders, "stuck", "")
        for order in orders.orders:
            if isinstance(order, Start):
                self._crew.add(order.pod)
            elif isinstance(order, Ask):
                self._asked[order.node] = order
            elif isinstance(order, Stop):
                self._crew.stop(order.node, order.why)

    def _drain(self, journal: Journal) -> None:
        """After an interrupt: end what runs. What succeeds all the same has happened; all else is as if not started."""
        self._listener.stopping()
        self._crew.end_all(kills=self._interrupts > 1)
        while self._crew.is_at_work:
            heard = self._crew.wait()
            if isinstance(heard, Ending):
                self._crew.end_all(kills=heard.kills)
            elif heard.phase == "Succeeded":
                self._step(journal, [heard])

    def _write_status(self, *, at_once: bool = False) -> None:
        """Write the status now and then: a large one takes time."""
        started = time.monotonic()
        if not self._has_news or (started < self._next_status and not at_once):
            return
        workflow = self._engine.workflow()
        try:
            self._folder.write_status(workflow)
            self.unsaved = ""
        except RunError as error:  # the journal has all of it
            self.unsaved = error.message
        self._listener.status(workflow)
        self._has_news = False
        ended = time.monotonic()
        self._next_status = ended + max(_LEAST, (ended - started) * _SHARE)
