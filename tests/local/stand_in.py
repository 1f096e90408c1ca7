"""An engine for tests of the driver: tasks that wait for each other, tries, and a question. It keeps Argo's status."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from transpiler.engine.protocol import (
    Ask,
    Began,
    Ended,
    Event,
    InputFile,
    Inputs,
    Order,
    Orders,
    OutputFile,
    Outputs,
    OutputValue,
    Pod,
    Start,
    Stop,
    Supplied,
)

OUT, FILE = "/tmp/outputs/value", "/tmp/outputs/file"


class Job(Struct, frozen=True):
    """A task: a line of a shell, and the tasks that it waits for, whose values it gets as `$1`, `$2`, …"""

    text: str
    after: tuple[str, ...] = ()
    takes: str = ""
    """The task whose file it gets as `/tmp/inputs/file`."""
    tries: int = 1
    asks: bool = False
    leaves: bool = True
    """True if it writes a value."""


class Machine:
    """Starts each task once those before it have succeeded; a task that has no tries left fails the run."""

    def __init__(self, jobs: Mapping[str, Job], pause: float = 0) -> None:
        """`pause`: seconds between two tries."""
        self._jobs, self._pause = jobs, pause
        self.nodes: dict[str, dict[str, Any]] = {}
        self._tried = dict.fromkeys(jobs, 0)
        self._values: dict[str, str] = {}
        self._due: dict[str, float] = {}
        self._started: set[str] = set()
        self.steps: list[tuple[float, Sequence[Event]]] = []

    def step(self, events: Sequence[Event], now: float) -> Orders:
        self.steps.append((now, events))
        orders: list[Order] = []
        for event in events:
            self._hear(event, now, orders)
        if not self._is_lost():
            for name, job in self._jobs.items():
                ready = name not in self._started and self._values.keys() >= set(job.after)
                if ready and self._due.get(name, 0) <= now:
                    orders.append(self._start(name, job))
        waits = [due for name, due in self._due.items() if name not in self._started]
        return Orders(tuple(orders), min(waits, default=None), self._has_ended())

    def _hear(self, event: Event, now: float, orders: list[Order]) -> None:
        if isinstance(event, Began):
            self.nodes[event.node]["phase"] = "Running"
        elif isinstance(event, Supplied):
            self.nodes[event.node]["phase"] = "Succeeded"
            self._values[event.node.partition("-")[2]] = event.values.get("answer", "")
        elif isinstance(event, Ended) and self.nodes[event.node]["phase"] in {"Pending", "Running"}:
            self.nodes[event.node].update(phase=event.phase, message=event.message)
            name = event.node.partition("-")[2].partition(".")[0]
            if event.phase == "Succeeded":
                self._values[name] = event.values.get("value", "")
            elif self._tried[name] < self._jobs[name].tries:
                self._started.discard(name)
                self._due[name] = now + self._pause
            else:
                running = [key for key, node in self.nodes.items() if node["phase"] in {"Pending", "Running"}]
                orders += [Stop(key, f"{name} has failed") for key in running]

    def _start(self, name: str, job: Job) -> Order:
        self._started.add(name)
        number = self._tried[name]
        self._tried[name] += 1
        node = f"p-{name}" + (f".{number}" if job.tries > 1 else "")
        self.nodes[node] = {"id": node, "name": node, "displayName": name, "type": "Pod", "phase": "Pending"}
        if job.asks:
            return Ask(node, name, ("answer",), ({"name": "answer", "default": "yes"},))
        values = [self._values[each] for each in job.after]
        spec = {"container": {"image": "none", "command": ["sh", "-c", job.text, name, *values]}}
        inputs = (InputFile("file", "/tmp/inputs/file", {"key": f"p/{job.takes}"}),) if job.takes else ()
        outputs = Outputs(
            (OutputValue("value", OUT),) if job.leaves else (),
            (OutputFile("file", FILE, f"p/{name}", is_optional=True),),
        )
        given = Inputs({f"value{index}": value for index, value in enumerate(values)}, inputs)
        return Start(Pod(node, f"p.{name}", name, "container", spec, given, outputs, wants_result=False))

    def _is_lost(self) -> bool:
        for name, job in self._jobs.items():
            last = f"p-{name}" + (f".{job.tries - 1}" if job.tries > 1 else "")
            if self.nodes.get(last, {}).get("phase") in {"Failed", "Error"}:
                return True
        return False

    def _has_ended(self) -> bool:
        running = any(node["phase"] in {"Pending", "Running"} for node in self.nodes.values())
        return not running and (self._is_lost() or self._values.keys() == self._jobs.keys())

    def workflow(self) -> dict[str, Any]:
        phase = "Running"
        if self._has_ended():
            phase = "Failed" if self._is_lost() else "Succeeded"
        nodes: dict[str, Any] = {key: dict(node) for key, node in self.nodes.items()}
        for name, job in self._jobs.items():
            if job.tries > 1:
                tries = [key for key in nodes if key.startswith(f"p-{name}.")]
                done = "Succeeded" if name in self._values else "Running"
                nodes[f"p-{name}"] = {"type": "Retry", "phase": done, "children": tries, "name": f"p.{name}"}
        return {"kind": "Workflow", "metadata": {"name": "p"}, "status": {"phase": phase, "nodes": nodes}}
