"""One run of a case: the engine decides, fakes act, and a clock of its own tells the time.

A real program has started when its task has, and ends in virtual time as a fake would: the clock waits for it there.
So several run at once, and yet each run of a case takes the same steps.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from transpiler.engine.engine import Engine
from transpiler.engine.protocol import (
    Ask,
    Began,
    Ended,
    Event,
    Kept,
    Order,
    Pod,
    RefusedError,
    RunInfo,
    Start,
    Stop,
    Stopped,
    Supplied,
    Woke,
)
from transpiler.engine.validity import invalid
from transpiler.plan.argo_objects import Node, resumed
from transpiler.rehearsal.acting import Cast, act, answer
from transpiler.rehearsal.caches import kept_of
from transpiler.rehearsal.model import SECONDS
from transpiler.rehearsal.real import Programs, Running, UnfitError
from transpiler.rehearsal.went import Left, Played, Went
from transpiler.runs.homes import Around, Home, Homes
from transpiler.runs.places import Target
from transpiler.runs.runs import Runs

BEGIN: Final = 1_767_225_600.0
"""When a run starts: 2026-01-01, in UTC."""
MOST_PODS: Final = 100_000
"""More are started by tasks that start each other without end."""
MOST_TRIES: Final = 1_000
"""More are made of a task that is tried without a limit."""
_MOST_STEPS: Final = 1_000_000
_NEVER: Final = float("inf")
_STUCK: Final = "nothing runs, and nothing is left that could start"


class _Due(Struct, frozen=True):
    """The end of a real program, in virtual time."""

    node: str
    running: Running


def play(
    objects: Sequence[Node],
    arguments: Mapping[str, str],
    runs: Runs,
    cast: Cast,
    stop_after: float | None,
    programs: Programs | None = None,
    before: Left | None = None,
    later: float = 0.0,
) -> Went:
    """Run a Workflow to its end. `programs` runs the tasks of `cast` that are real.

    `before`: what an earlier run has left; this one starts so many seconds `later` than that has ended.

    Raises RefusedError for a Workflow that cannot be run here, and UnfitError for such a program.
    """
    name = _name_of(objects)
    begin = before.ended + later if before is not None else BEGIN
    info = RunInfo(name, begin, memo=before.memo if before is not None else {}, scheduled=begin)
    played = _Play(name, runs, cast, programs, before.files if before is not None else {})
    engine = Engine(resumed(objects), arguments, info, are_faked=True, preset=played.preset)
    if wrong := invalid(objects):
        raise RefusedError(tuple(wrong))
    return played.run(engine, begin, stop_after)


def _name_of(objects: Sequence[Node]) -> str:
    metadata = objects[-1].get("metadata") or {}
    return str(metadata.get("name") or f"{metadata.get('generateName', 'run-')}test")


class _Play:
    _engine: Engine

    def __init__(
        self, name: str, runs: Runs, cast: Cast, programs: Programs | None, files: Mapping[str, str]
    ) -> None:  # fmt: skip
        self._cast, self._name, self._runs = cast, name, runs
        self._programs = programs
        self._went = Went(files=dict(files))
        self._due: list[tuple[float, int, Event | _Due]] = []
        self._real: dict[str, Running] = {}
        self._number = 0
        self._stopped: set[str] = set()
        self._homes: Homes | None = None
        self._step = 0
        self._tried: Home | None = None

    def run(self, engine: Engine, begin: float, stop_after: float | None) -> Went:
        """Hand events to the engine in the order of their times, until the run has ended."""
        self._engine = engine
        now, events = begin, list[Event]()
        if stop_after is not None:
            self._later(begin + stop_after, Stopped(begin + stop_after, "Stop"))
        while True:
            orders = self._engine.step(events, now)
            self._step += 1
            for order in orders.orders:
                self._carry_out(order, now)
            if orders.has_ended:
                break
            due = min(self._next(), orders.wake if orders.wake is not None else _NEVER)
            self._went.stuck = self._endless() or ((orders.stuck or _STUCK) if due == _NEVER else "")
            if self._went.stuck:
                break
            now = max(now, due)
            events = self._events(now) or [Woke(now)]
        self._went.workflow, self._went.seconds = self._engine.workflow(), now - begin
        self._went.memo, self._went.ended = self._engine.memo(), now
        return self._went

    def _endless(self) -> str:
        if self._tried is not None:
            return f"`{'/'.join(self._tried.path or ())}` was tried {MOST_TRIES:,} times, and is tried again"
        if len(self._went.played) > MOST_PODS:
            return f"it has started {MOST_PODS:,} tasks, and starts more"
        return f"it has not ended after {_MOST_STEPS:,} events" if self._step > _MOST_STEPS else ""

    def _next(self) -> float:
        """When the next thing happens; what would have happened to a pod that was stopped does not."""
        while self._due and self._is_void(self._due[0][2]):
            heapq.heappop(self._due)
        return self._due[0][0] if self._due else _NEVER

    def _is_void(self, event: Event | _Due) -> bool:
        if not isinstance(event, Ended | _Due) or event.node not in self._stopped:
            return False
        return self._went.played[event.node].ended is not None

    def _later(self, at: float, event: Event | _Due) -> None:
        self._number += 1
        heapq.heappush(self._due, (at, self._number, event))

    def _events(self, now: float) -> list[Event]:
        """What happens until now."""
        found: list[Event] = []
        while self._due and self._due[0][0] <= now:
            at, _, event = heapq.heappop(self._due)
            if self._is_void(event):
                continue
            if isinstance(event, _Due):
                event = self._end(event, at)
            if isinstance(event, Ended | Supplied):
                self._went.played[event.node].ended = self._step
            found.append(event)
        return found

    def _carry_out(self, order: Order, now: float) -> None:
        if isinstance(order, Start):
            pod = order.pod
            home = self._home(pod.name)
            self._tried = home if home.attempt >= MOST_TRIES else self._tried
            self._went.played[pod.node] = Played(home, self._step, pod)
            if self._is_real(home):
                self._start(pod, home, now)
                return
            acted = act(pod, home, self._cast, now)
            self._went.files.update(acted.files)
            if acted.seconds > 0 and self._engine.minds_begins:
                self._later(now, Began(pod.node, now))
            self._later(acted.ended.at, acted.ended)
        elif isinstance(order, Stop):
            self._stopped.add(order.node)
            if order.node in self._real:
                self._real.pop(order.node).stop(order.why)
            self._later(now, Ended(order.node, now, "Failed", 143, order.why))
        else:
            self._ask(order, now)

    def _is_real(self, home: Home) -> bool:
        fake = self._cast.fake(home)
        return fake is not None and fake.is_real

    def _start(self, pod: Pod, home: Home, now: float) -> None:
        """Start the program of a pod, which takes as long as a fake in virtual time."""
        assert self._programs is not None
        try:
            running = self._real[pod.node] = self._programs.start(pod, self._went.files)
        except UnfitError as error:
            raise UnfitError(error.message, home) from error
        self._later(now, Began(pod.node, now))
        self._later(now + SECONDS, _Due(pod.node, running))

    def _end(self, due: _Due, at: float) -> Ended:
        """How a program has ended. Raises UnfitError for one that did not run: that is not what a cluster would do."""
        ran = due.running.wait()
        self._real.pop(due.node, None)
        if ran.ended.phase == "Error" and ran.ended.exit_code is None:
            raise UnfitError(ran.ended.message, self._went.played[due.node].home)
        self._went.files.update(ran.texts)
        self._went.cut |= ran.cut
        self._went.logs[due.node] = ran.log
        return replace(ran.ended, at=at)

    def _ask(self, order: Ask, now: float) -> None:
        home = self._home(order.name)
        if self._is_real(home):
            raise UnfitError("it waits for an answer, and runs no program: give it a fake", home)
        fake = self._cast.fake(home)
        self._went.played[order.node] = Played(home, self._step)
        at = now + (fake.seconds if fake is not None else 1.0)
        fails = fake is not None and fake.phase != "Succeeded"
        message = fake.message if fake is not None else ""
        values = answer(order.wants, order.inputs, home, self._cast)
        self._later(at, Supplied(order.node, at, values, fails, message))

    def preset(self, name: str, boundary: str, template: Node, wants_result: bool) -> Kept | None:
        """What the case says that a cache holds for a node."""
        home = self._all_homes().at(name, boundary) if self._cast.has_kept else None
        fake = self._cast.kept(home) if home is not None else None
        if fake is None or home is None:
            return None
        kept, files = kept_of(template, home, self._cast, fake, name, wants_result=wants_result)
        self._went.files.update(files)
        return kept

    def _home(self, name: str) -> Home:
        return self._all_homes().of(name)

    def _all_homes(self) -> Homes:
        if self._homes is None:
            entry = self._engine.node(self._name)
            run = self._runs.run({"templateName": entry.template, "templateRef": entry.template_ref} if entry else {})
            self._homes = Homes(self._name, run or Target(None), self._around)
        return self._homes

    def _around(self, name: str) -> Around | None:
        node = self._engine.node(name)
        if node is None:
            return None
        return Around(node.boundary.name if node.boundary is not None else "", node.type == "Retry")
