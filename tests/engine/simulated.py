"""Runs in our engine, with pods that do what those of the judge do (`tests/judges/argo/controller`)."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from tests.judges.runs import Deed, Run
from transpiler.engine.arguments import has_location
from transpiler.engine.engine import Engine
from transpiler.engine.protocol import Ask, Ended, Event, Kept, Order, Pod, RunInfo, Start, Stopped, Supplied
from transpiler.engine.sources import key_of

Json = Any
NAME = "run"
_DOLLAR = re.compile(r"\$\$|\$\([^)]*\)")
_MOST_STEPS = 100_000
STARTED = 946_684_810.0
"""When a run of the judge starts."""
_SCHEDULED = 946_684_800.0
"""When the judge makes a Workflow of a CronWorkflow: at the start of its time."""
STARTS_EVERY = 10
"""Runs of the judge start at such seconds."""
_CREATED = -62135596800.0
"""The Workflow of the judge has no time of creation: for Go that is the start of the year 1."""
_NOWHERE = (
    "artifact storage is not configured; see the docs for setup instructions: "
    "https://argo-workflows.readthedocs.io/en/latest/configure-artifact-repository/"
)


class Simulation:
    """A run: who asks for it, what its pods said, and how it ended."""

    def __init__(self, asked: Run, memo: Mapping[str, dict[str, Kept]] | None = None, seed: int | None = None) -> None:
        self.asked = asked
        self.deeds = dict(asked.pods)
        self.pods: dict[str, dict[str, Json]] = {}
        self.origins: dict[str, str] = {}
        self.order = random.Random(seed) if seed is not None else None
        self.now = STARTED
        is_scheduled = asked.objects[-1]["kind"] == "CronWorkflow"
        self.info = RunInfo(NAME, _CREATED, memo=dict(memo or {}), scheduled=_SCHEDULED if is_scheduled else None)
        self.engine = Engine(asked.objects, asked.arguments, self.info)
        self.stuck = ""

    def go(self) -> Json:
        """Runs to the end; the Workflow then."""
        waiting: list[Order] = []
        events: list[Event] = []
        for _ in range(_MOST_STEPS):
            orders = self.engine.step(events, self.now)
            waiting += orders.orders
            self.stuck = orders.stuck
            if orders.has_ended or (self.stuck and not waiting):
                break
            events = self._events(waiting)
            if not events and orders.wake is not None:
                self.now = max(self.now, orders.wake) + 0.001
            if not events and orders.wake is None:
                break
        return self.engine.workflow()

    def _events(self, waiting: list[Order]) -> list[Event]:
        """All that waits is done at once, as in the judge; or something of it, in any order."""
        if self.order is None:
            now, waiting[:] = [*waiting], []
        else:
            self.order.shuffle(waiting)
            now = [waiting.pop() for _ in range(min(len(waiting), self.order.randint(1, 3)))]
        events = [each for order in sorted(now, key=_name) for each in self._done(order)]
        if self.asked.stop and self.asked.stop in self.pods and events:
            events.append(Stopped(self.now, "Stop"))
        return events

    def _done(self, order: Order) -> list[Event]:
        if isinstance(order, Ask):
            return [Supplied(order.node, self.now, dict.fromkeys(order.wants, "supplied"))]
        return [self._end(order.pod)] if isinstance(order, Start) else []

    def _end(self, pod: Pod) -> Ended:
        said = self._told(pod)
        name = said["node"]
        self.pods[name] = said
        return self._leave(pod, said, self._deed(said))

    def _leave(self, pod: Pod, said: Json, done: Deed) -> Ended:
        """The end of a pod whose program does what it was told."""
        name = said["node"]
        first = said["words"][1] if len(said["words"]) > 1 else "".join(said["words"])
        if done.exit:
            return Ended(pod.node, self.now, "Failed", done.exit, f"exit code {done.exit}")
        declared = pod.spec.get("outputs") or {}
        values = {each["name"]: done.outputs.get(each["name"], first) for each in declared.get("parameters") or []}
        located = {each["name"] for each in declared.get("artifacts") or [] if has_location(each)}
        files = {
            each.name: each.key if each.name in located else f"store/{name}/{each.name}" for each in pod.outputs.files
        }
        self.origins.update({key: f"{name}.{file}" for file, key in files.items()})
        result = (first if done.result is None else done.result) if pod.wants_result else None
        return Ended(pod.node, self.now, "Succeeded", 0, "", values, files, result)

    def _deed(self, pod: Json) -> Deed:
        first = pod["words"][1] if len(pod["words"]) > 1 else "".join(pod["words"])
        names = [pod["node"], f">{first}", *(each for each in sorted(self.deeds) if _is(each, pod["node"]))]
        name = next((each for each in names if each in self.deeds), None)
        if name is None:
            return Deed()
        return self.deeds.pop(name) if self.deeds[name].once else self.deeds[name]

    def _told(self, pod: Pod) -> dict[str, Json]:
        spec = pod.spec.get("container") or pod.spec.get("script") or {}
        if "containerSet" in pod.spec:
            spec = next((each for each in pod.spec["containerSet"]["containers"] if each.get("name") == "main"), {})
        env: dict[str, str] = {}
        for each in spec.get("env") or []:
            if each["name"].startswith("ARGO_"):
                continue
            env[each["name"]] = kubelet(each.get("value") or "", env)
            secret = (each.get("valueFrom") or {}).get("secretKeyRef")
            if secret:
                env[each["name"]] = f"secret {secret['name']}/{secret['key']}"
        files = [*(each.path for each in pod.inputs.files), *(each.path for each in pod.outputs.files)]
        paths = {*files, *(each.path for each in pod.outputs.values)}
        words = [*(spec.get("command") or []), *(spec.get("args") or [])] or [""] * bool(spec)  # what an image has
        if (pod.spec.get("script") or {}).get("source"):
            words.append("/argo/staging/script")
        told = [kubelet(word, env) for word in words if word not in paths and not word.startswith("/tmp/outputs/")]
        source = kubelet((pod.spec.get("script") or {}).get("source") or "", {})
        given = {each.name: self.origin(each.source) for each in pod.inputs.files}
        return {"node": short(pod.name), "words": told, "env": env, "source": source, "files": given, "pod": pod}

    def origin(self, source: Json) -> Json:
        """The output that a file is, or those that a folder has, or what it says itself."""
        if source is None:
            return {"error": _NOWHERE}
        ((kind, location),) = source.items()
        if kind == "raw":
            return {"raw": kubelet(location.get("data", ""), {})}
        if kind == "git":
            return {"error": "key unsupported: git artifact does not have a key"}
        key = key_of(source)
        if key in self.origins:
            return self.origins[key]
        below = [name for stored, name in self.origins.items() if stored.startswith(key.rstrip("/") + "/")]
        return sorted(below) or {"key": location if kind == "key" else _key(location)}


def _key(location: Json) -> str:
    url = location.get("url")
    key: str = (
        urlsplit(url).path if url else next(location[each] for each in ("key", "blob", "path") if each in location)
    )
    return key


def _name(order: Order) -> str:
    return order.pod.name if isinstance(order, Start) else order.node


def _is(pattern: str, name: str) -> bool:
    try:
        return re.fullmatch(pattern, name) is not None
    except re.error:
        return False


def short(name: str) -> str:
    """The name of a node without that of the run."""
    return name.removeprefix(f"{NAME}.")


def kubelet(text: str, variables: Mapping[str, str]) -> str:
    """What Kubernetes makes of a text of a container."""
    return _DOLLAR.sub(
        lambda found: "$" if found[0] == "$$" else variables.get(found[0].strip("$()"), found[0]), str(text)
    )
