"""Runs in our engine in which pods take their time, and end one at a time: what `turns_test.go` of the judge does."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from typing import Any, Final

from msgspec import Struct

from tests.engine.simulated import Simulation, short
from tests.judges.runs import Deed
from transpiler.engine.names import pod_name
from transpiler.engine.protocol import Ask, Began, Ended, Event, Order, Orders, Pod, Start, Stop, Stopped, Woke

Json = Any
_MOST_SECONDS: Final = 2000
_GRACE: Final = 11
"""Seconds after which the controller misses a pod that was deleted."""
_FAULTS: Final[Mapping[str, tuple[str, int | None, str]]] = {
    "deleted": ("Error", None, "pod deleted"),
    "init": ("Error", None, "init: Error (exit code 64): no such file"),
    "wait": ("Error", 0, "wait: Error (exit code 64): cannot be stored"),
    "evicted": ("Failed", None, "The node was low on resource: memory."),
    "no image": (
        "Error",
        None,
        "Pod failed before main container starts due to ImagePullBackOff: no such image",
    ),
    "unknown": ("Error", None, "Unexpected pod phase for {pod}: Unknown"),
    "killed": ("Failed", 143, "main: Error (exit code 143)"),
    "deadline": ("Failed", 137, "Pod was active on the node longer than the specified deadline"),
}
"""Trouble → the phase, exit code and message that the controller makes of it: executors tell ours the same."""


class _Running(Struct):
    """A pod that has started and has not ended."""

    pod: Pod
    said: Json
    done: Deed
    ends: float


class Turns(Simulation):
    """A run whose pods end one at a time. `late`: when something changed though the engine had said nothing is due."""

    running: dict[str, _Running]
    asks: dict[str, Ask]
    killed: list[str]
    late: list[float]
    seen: str = ""
    wake: float | None = None

    def go(self) -> Json:
        """Runs to the end; the Workflow then."""
        self.running, self.asks, self.killed, self.late = {}, {}, [], []
        ended, has_stopped, events = 0, False, list[Event]()
        last = self.now + _MOST_SECONDS
        while self.now < last:
            orders = self._step(events)
            self._judge_wake(events, orders)
            self.stuck = orders.stuck
            if orders.has_ended or self.stuck:
                break
            events = self._begin(orders.orders) or self._kill()
            if not events:
                events = self._next()
                ended += len(events)
            if not has_stopped and self.asked.stop_after is not None and ended >= self.asked.stop_after:
                has_stopped = True
                events.append(Stopped(self.now, self.asked.how))  # type: ignore[arg-type]
            if not events:
                self.now += 1
                events = [Woke(self.now)]
        return self.engine.workflow()

    def _step(self, events: list[Event]) -> Orders:
        orders = self.engine.step(events, self.now)
        for order in orders.orders:
            if isinstance(order, Ask) and order.until is None:
                self.asks[order.node] = order
            elif isinstance(order, Stop):
                self.killed.append(order.node)
        return orders

    def _judge_wake(self, events: list[Event], orders: Orders) -> None:
        """Time alone changes nothing before the engine said that it would."""
        seen = str(self.engine.workflow()["status"].get("nodes"))
        is_alone = all(isinstance(each, Woke) for each in events)
        if events and is_alone and seen != self.seen and not (self.wake is not None and self.wake <= self.now):
            self.late.append(self.now)
        self.seen, self.wake = seen, orders.wake

    def _begin(self, orders: tuple[Order, ...]) -> list[Event]:
        """New pods run; those that take time say so."""
        begun: list[Event] = []
        for pod in sorted((each.pod for each in orders if isinstance(each, Start)), key=lambda each: each.name):
            said = self._told(pod)
            self.pods[said["node"]] = said
            one = self._planned(pod, said)
            self.running[pod.node] = one
            if one.ends > self.now:
                begun.append(Began(pod.node, self.now))
        return begun

    def _planned(self, pod: Pod, said: Json) -> _Running:
        done = self._deed(said)
        ends = self.now + (max(done.seconds, _GRACE) if done.fault == "deleted" else done.seconds)
        if pod.deadline is not None and self.now + int(pod.deadline) < ends:
            return _Running(pod, said, Deed(fault="deadline"), self.now + int(pod.deadline))
        return _Running(pod, said, done, ends)

    def _kill(self) -> list[Event]:
        gone = [self.running.pop(node) for node in self.killed if node in self.running]
        self.killed.clear()
        return [self._ended(each.pod, each.said, Deed(fault="killed")) for each in gone]

    def _next(self) -> list[Event]:
        """The end of the pod whose turn it is among those that are due, or an answer to a node that waits."""
        nodes = self.engine.workflow()["status"].get("nodes", {})
        due = {each.said["node"]: each for each in self.running.values() if each.ends <= self.now}
        asks = {short(each.name): each for each in self.asks.values() if nodes[each.node]["phase"] == "Running"}
        names = sorted({*due, *asks}, key=lambda name: (zlib.crc32(f"{self.asked.order} {name}".encode()), name))
        if not names:
            return []
        if names[0] in asks:
            ask = asks[names[0]]
            del self.asks[ask.node]
            return self._done(ask)
        one = due[names[0]]
        del self.running[one.pod.node]
        return [self._ended(one.pod, one.said, one.done)]

    def _ended(self, pod: Pod, said: Json, done: Deed) -> Ended:
        if not done.fault:
            return self._leave(pod, said, done)
        phase, exit_code, message = _FAULTS[done.fault]
        name = pod_name(self.info.name, pod.name, pod.template)
        return Ended(pod.node, self.now, phase, exit_code, message.format(pod=name))  # type: ignore[arg-type]
