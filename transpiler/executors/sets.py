"""Several containers of a pod, each after those that it depends on, as Argo's emissary has it: `containerSet`.

`initContainers` are such as well: each after the one before it, and the program after the last.

A container starts once all that it depends on have ended with the exit code 0. When one fails, those that depend on it
end with 64, and all others are told to end, for Argo ends a pod whose containers cannot all succeed. A container that
tries again does so before anybody hears of its end. What `main` leaves is what the pod leaves.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Empty, SimpleQueue
from shutil import copyfileobj
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from transpiler.engine.protocol import Ended, Outputs, Pod
from transpiler.engine.times import go_duration
from transpiler.executors.executor import LATE, Ending, Task, ended
from transpiler.plan.argo_objects import Node

UNFIT: Final = 64
"""The exit code of Argo's emissary for what is not the program's own."""
_MAIN: Final = "main"
_NOT_OF_ONE: Final = ("container", "script", "containerSet", "initContainers", "podSpecPatch", "workflow.podSpecPatch")
"""Fields of a template that are of all its containers, or of one of them."""
_OTHER: Final = "another container of its pod has failed"
Run = Callable[[Task], Ended]


class _End(Struct, frozen=True):
    """The end of a container."""

    name: str
    end: Ended


def containers_of(pod: Pod) -> list[Node]:
    """The containers of a pod with several ones, with `dependencies`; none for another pod."""
    found: list[Node] = (pod.spec.get("containerSet") or {}).get("containers") or []
    first = list(pod.spec.get("initContainers") or ())
    if not first:
        return found
    last = [{**each, "dependencies": each.get("dependencies") or [first[-1]["name"]]} for each in found]
    mounts = (pod.spec.get("container") or pod.spec.get("script") or {}).get("volumeMounts") or []
    return [*_in_order(first, mounts), *(last or [{"name": _MAIN, "dependencies": [first[-1]["name"]]}])]


def _in_order(containers: list[Node], mounts: list[Node]) -> Iterator[Node]:
    """Containers of which each waits for the one before it."""
    before: list[str] = []
    for each in containers:
        more = mounts if each.get("mirrorVolumeMounts") else []
        yield {**each, "volumeMounts": [*(each.get("volumeMounts") or ()), *more], "dependencies": before}
        before = [each["name"]]


def shared_at_once(template: Node) -> Iterator[str]:
    """Volumes that several containers of a set mount which may run at the same time."""
    containers = template["containerSet"].get("containers") or []
    before = {each["name"]: _all_before(each["name"], containers) for each in containers}
    common = [each["name"] for each in template["containerSet"].get("volumeMounts") or ()]
    users: dict[str, list[str]] = {}
    for each in containers:
        for volume in [*common, *(mount["name"] for mount in each.get("volumeMounts") or ())]:
            users.setdefault(volume, []).append(each["name"])
    for volume, names in users.items():
        pairs = ((one, other) for one in names for other in names if one != other)
        if any(one not in before[other] and other not in before[one] for one, other in pairs):
            yield volume


def _all_before(name: str, containers: list[Node]) -> set[str]:
    direct = {each["name"]: set(each.get("dependencies") or ()) for each in containers}
    found, left = set[str](), list(direct.get(name, ()))
    while left:
        each = left.pop()
        if each not in found:
            found.add(each)
            left += direct.get(each, ())
    return found


def run_set(task: Task, run: Run) -> Ended:
    """Run the containers of a pod; `run` runs one of them, in a thread of its own."""
    return _Set(task, run).run()


class _Set:
    """The containers of a pod while they run. All but `_run` is for one thread."""

    def __init__(self, task: Task, run: Run) -> None:
        self._task, self._run_one = task, run
        self._containers = {str(each["name"]): each for each in containers_of(task.pod)}
        self._running: dict[str, SimpleQueue[Any]] = {}
        self._codes: dict[str, int] = {}
        self._ends: dict[str, Ended] = {}
        self._why = ""
        self._stopping = threading.Event()
        self._has_begun = threading.Lock()

    def run(self) -> Ended:
        """Run them to their ends."""
        deadline = self._task.pod.deadline
        due = None if deadline is None else time.monotonic() + deadline
        self._start_some()
        while self._running:
            try:
                heard = self._task.inbox.get(timeout=None if due is None else max(0.0, due - time.monotonic()))
            except Empty:
                heard, due = Ending(LATE), None
            if isinstance(heard, _End):
                self._take(heard)
            else:
                self._why = self._why or heard.why
                self._tell(heard)
            self._start_some()
        return self._end()

    def _start_some(self) -> None:
        for name, container in self._containers.items():
            if name in self._codes or name in self._running:
                continue
            codes = [self._codes.get(each) for each in container.get("dependencies") or ()]
            if any(codes):
                self._codes[name] = UNFIT
                self._start_some()
                return
            if self._stopping.is_set():
                self._codes[name] = 143
            elif all(code == 0 for code in codes):
                self._running[name] = SimpleQueue()
                threading.Thread(target=self._run, args=(name, container), daemon=True).start()

    def _run(self, name: str, container: Node) -> None:
        task = self._task_of(name, container, self._running[name])
        strategy = (self._task.pod.spec.get("containerSet") or {}).get("retryStrategy") or {}
        tries, pause = int(str(strategy.get("retries") or 1)), go_duration(str(strategy.get("duration") or "0s"))
        for number in range(max(1, tries)):
            if number and self._stopping.wait(pause):
                break
            try:
                end = self._run_one(task)
            except Exception as error:  # noqa: BLE001 - whatever it is, the container has not succeeded
                end = ended(task, "Error", f"a fault of this tool: {error!r}")
            self._add_log(task.log)
            if end.phase == "Succeeded":
                break
        self._task.inbox.put(_End(name, end))

    def _task_of(self, name: str, container: Node, inbox: SimpleQueue[Any]) -> Task:
        pod, is_main = self._task.pod, name == _MAIN
        spec = {key: value for key, value in pod.spec.items() if key not in _NOT_OF_ONE}
        single = replace(
            pod,
            kind=pod.kind if is_main and pod.kind != "containerSet" else "container",
            spec={**spec, **self._program(name, container)},
            outputs=pod.outputs if is_main else Outputs(),
            wants_result=pod.wants_result and is_main,
            deadline=None,
        )
        log = self._task.log.with_name(f"{self._task.log.stem}.{name}.log")
        return Task(single, self._task.work / "of" / name, log, inbox, self._began, self._task.work / "shared")

    def _program(self, name: str, container: Node) -> Node:
        spec = self._task.pod.spec
        own = next((kind for kind in ("container", "script") if spec.get(kind)), "")
        if name == _MAIN and own:
            return {own: spec[own]}
        is_of_set = any(each["name"] == name for each in (spec.get("containerSet") or {}).get("containers") or ())
        common = (spec["containerSet"].get("volumeMounts") or ()) if is_of_set else ()
        return {"container": {**container, "volumeMounts": [*(container.get("volumeMounts") or ()), *common]}}

    def _began(self) -> None:
        if self._has_begun.acquire(blocking=False):
            self._task.began()

    def _add_log(self, path: Path) -> None:
        """Add what a container has printed to what the pod has."""
        with _LOGS:
            if path.exists():
                with path.open("rb") as source, self._task.log.open("ab") as target:
                    copyfileobj(source, target)
                path.unlink()

    def _take(self, heard: _End) -> None:
        end = heard.end
        del self._running[heard.name]
        self._ends[heard.name] = end
        code = UNFIT if end.exit_code is None or (end.phase == "Error" and not end.exit_code) else end.exit_code
        self._codes[heard.name] = 0 if end.phase == "Succeeded" else code
        if end.phase != "Succeeded" and not self._stopping.is_set():
            self._tell(Ending(_OTHER))

    def _tell(self, ending: Ending) -> None:
        self._stopping.set()
        for inbox in self._running.values():
            inbox.put(ending)

    def _end(self) -> Ended:
        main = self._ends.get(_MAIN)
        found: dict[str, Any] = {"exit_code": self._codes.get(_MAIN), "containers": dict(self._codes)}
        if "containerSet" not in self._task.pod.spec:
            found = {"exit_code": None if main is None else main.exit_code}
        if main is not None:
            found |= {"values": main.values, "files": main.files, "result": main.result}
        if self._why:
            return ended(self._task, "Failed", self._why, **found)
        bad = next((name for name, end in self._ends.items() if end.phase != "Succeeded"), None)
        if bad is None:
            return ended(self._task, "Succeeded", **found)
        end = self._ends[bad]
        if end.phase == "Error":
            return ended(self._task, "Error", f"{bad}: {end.message}", **found)
        return ended(self._task, "Failed", f"{bad}: Error (exit code {end.exit_code})", **found)


_LOGS: Final = threading.Lock()
