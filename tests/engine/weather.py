"""What happens to a random Workflow from outside: trouble of pods, time, a stop, results of a run before."""

from __future__ import annotations

import copy
import json
import random
from dataclasses import replace
from typing import Any, Final

from tests.judges.runs import Deed, Run

Json = Any
FAULTS: Final = ("deleted", "init", "wait", "evicted", "no image", "unknown")
_BACKOFFS: Final = (
    {"duration": "1"},
    {"duration": "1s", "factor": "2"},
    {"duration": "2", "factor": 3, "cap": "4s"},
    {"duration": "1", "factor": 2, "maxDuration": "4s"},
    {"duration": "3s", "maxDuration": "5"},
)


def weathered(asked: Run, seed: int) -> Run:
    """A run in which pods end one at a time, by any order, and much goes wrong."""
    return _Weather(copy.deepcopy(asked), seed).run()


class _Weather:
    def __init__(self, asked: Run, seed: int) -> None:
        self.asked = asked
        self.random = random.Random(f"weather {seed}")
        self.spec: Json = asked.objects[-1]["spec"]
        self.has_hooks = '"hooks"' in json.dumps(self.spec)

    def run(self) -> Run:
        for template in self.spec["templates"]:
            self._change(template)
            for task in (template.get("dag") or {}).get("tasks", []):
                self._hook(task)
        if self._chance(0.15):
            self.spec["activeDeadlineSeconds"] = self.random.choice([2, 4, 7])
        is_stopped = self._chance(0.3)
        return replace(
            self.asked,
            pods={**{name: self._deed(deed) for name, deed in self.asked.pods.items()}, ".*": self._slow()},
            order=self.random.randrange(1000),
            stop_after=self.random.randint(0, 6) if is_stopped else None,
            how=self.random.choice(["Stop", "Stop", "Terminate"]),
            again=self._chance(0.15),
            between=self.random.choice([0, 7, 25]),
        )

    def _chance(self, share: float) -> bool:
        return self.random.random() < share

    def _deed(self, deed: Deed) -> Deed:
        fault = self.random.choice(FAULTS) if self._chance(0.5) else ""
        return replace(deed, fault=fault, seconds=self.random.choice([0, 0, 1, 3]))

    def _slow(self) -> Deed:
        return Deed(seconds=self.random.choice([0, 0, 1, 2, 5]))

    def _hook(self, task: Json) -> None:
        """Hooks of loops, and hooks while a task runs: where all looks of the controller are known, it sees that."""
        hooks = task.get("hooks") or {}
        if "one" in hooks and self._chance(0.4):
            hooks["one"]["expression"] = f"tasks['{task['name']}'].status == 'Running'"
        if self.has_hooks and "withItems" in task and self._chance(0.4):
            task["hooks"] = {"exit": {"template": "leaf"}}

    def _change(self, template: Json) -> None:
        is_pod = "container" in template or "script" in template
        if is_pod and self._chance(0.15):
            template["timeout"] = self.random.choice(["2s", "3s", "6s", "90s"])
        if is_pod and self._chance(0.15):
            template["activeDeadlineSeconds"] = self.random.choice([1, 2, 4])
        if "retryStrategy" in template and self._chance(0.5):
            template["retryStrategy"]["backoff"] = dict(self.random.choice(_BACKOFFS))
        if "suspend" in template and self._chance(0.4):
            template["suspend"] = {"duration": self.random.choice(["1", "3s"])}
        if "memoize" in template and self._chance(0.5):
            template["memoize"]["maxAge"] = self.random.choice(["5s", "10s", "20s", "1h"])
