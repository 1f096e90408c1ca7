"""A run: events come in, orders go out, and Argo's own status tells how far it is.

Each step takes in its events, and then looks at what changed, from the entry down, until nothing changes any more.
The state is a function of the steps that were taken, so these are all that has to be kept of a run.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Final

import msgspec
from msgspec import Struct

from transpiler.engine import ending, pods, suspend
from transpiler.engine.execute import execute
from transpiler.engine.library import library
from transpiler.engine.nodes import NodeState
from transpiler.engine.protocol import Began, Ended, Event, Kept, Orders, RunInfo, Stopped, Supplied
from transpiler.engine.refusals import refuse
from transpiler.engine.run import NEVER, Preset, Run, Shutdown
from transpiler.engine.status import workflow_of
from transpiler.engine.texts import NOW
from transpiler.plan.argo_objects import Node

_FRAMES: Final = 20_000
"""Frames of Python for 100 templates that call each other."""
_MOST_PASSES: Final = 10_000


class Step(Struct, frozen=True):
    """What happened, and when the engine was told."""

    events: tuple[Event, ...]
    now: float


class Engine:
    """Decides what a run does next, as Argo's controller would."""

    def __init__(
        self, objects: Sequence[Node], arguments: Mapping[str, str], run: RunInfo, *, are_faked: bool = False,
        preset: Preset | None = None,
    ) -> None:  # fmt: skip
        """The last Workflow of `objects`, or of its last template. `are_faked`: no program runs, all pods only pretend.

        `preset`: what caches hold beside `run.memo`.

        Raises RefusedError for what cannot be done here.
        """
        refuse(objects, are_faked=are_faked)
        self._run = Run(run, library(objects, arguments, run.name), execute, preset)
        self._steps: list[Step] = []
        self._has_ended = False

    def step(self, events: Sequence[Event], now: float) -> Orders:
        """What to do after these events. The same events at the same times give the same orders."""
        self._steps.append(Step(tuple(events), now))
        run = self._run
        if self._has_ended:
            return Orders(has_ended=True)
        limit = sys.getrecursionlimit()
        sys.setrecursionlimit(max(limit, _FRAMES))
        try:
            self._step(events, now)
        finally:
            sys.setrecursionlimit(limit)
        orders, run.orders = tuple(run.orders), []
        self._has_ended = run.finished is not None and not run.pods
        wake = run.wake if run.finished is None and run.wake < NEVER else None
        return Orders(orders, wake, self._has_ended, self._stuck(wake))

    def _step(self, events: Sequence[Event], now: float) -> None:
        run = self._run
        run.now = max(run.now, now)
        run.globals[NOW] = run.now
        run.wake = NEVER
        if not run.phase:
            ending.begin(run)
        for event in events:
            _take(run, event)
        is_all = False
        for _ in range(_MOST_PASSES):
            before = run.nodes.changes
            ending.end_waiting(run)
            run.wake_up(is_all=is_all)
            run.nodes.woken.clear()
            if run.finished is None:
                ending.look(run)
            is_quiet = run.nodes.changes == before
            if run.finished is not None or not (run.has_more or run.has_hooks) or (is_all and is_quiet):
                break
            is_all = is_quiet

    def _stuck(self, wake: float | None) -> str:
        run = self._run
        if self._has_ended or run.pods or run.asked or wake is not None:
            return ""
        return run.never_resolved or "nothing runs, and nothing is left that could start"

    def workflow(self) -> Node:
        """The Workflow with its status, as the API of a cluster gives it."""
        return workflow_of(self._run)

    @property
    def minds_begins(self) -> bool:
        """True if something may happen when a pod begins, and not only when it ends: then `Began` has to be told."""
        return self._run.has_hooks

    def node(self, name: str) -> NodeState | None:
        """The node of that name, if it is there. Only the engine changes it."""
        return self._run.nodes.get(name)

    def memo(self) -> dict[str, dict[str, Kept]]:
        """What the caches hold now: the name of a cache → key → result."""
        return {name: dict(kept) for name, kept in self._run.memo.items()}

    def save(self) -> bytes:
        """All steps as JSON: with the same objects, arguments and RunInfo they give the same state."""
        return msgspec.json.encode(self._steps)

    def load(self, saved: bytes) -> None:
        """Takes the steps that another engine has saved; this one is new. Raises msgspec.DecodeError."""
        for step in msgspec.json.decode(saved, type=list[Step]):
            self.step(step.events, step.now)


def _take(run: Run, event: Event) -> None:
    if isinstance(event, Ended):
        node = run.pods.get(event.node)
        if node is not None:
            pods.ended(run, node, event)
    elif isinstance(event, Began):
        node = run.pods.get(event.node)
        if node is not None and node.phase == "Pending" and node.id not in run.agents:
            run.mark(node, "Running")
    elif isinstance(event, Supplied):
        node = run.asked.get(event.node)
        if node is not None:
            suspend.supplied(run, node, event)
    elif isinstance(event, Stopped):
        run.shutdown = Shutdown(event.how)
        ending.stop(run)
