"""Random Workflows of what the engine decides: conditions, loops, tries, hooks, limits, locks, and failures."""

from __future__ import annotations

import random
from typing import Any

from tests.judges.runs import Deed, Run

Json = Any
_RESULTS = ("Succeeded", "Failed", "Errored", "Skipped", "Omitted")
_OF_LOOPS = ("AnySucceeded", "AllFailed")
_SHARED = ("locked", "kept")
"""Templates whose nodes wait for each other, or have the results of others."""
_STATES = ("Running", "Succeeded", "Failed", "Error", "Skipped")


def asked(seed: int, *, is_plain: bool = False) -> Run:
    """A Workflow, and what its pods do. In a plain one nothing depends on the order in which pods end."""
    return _Maker(seed, is_plain=is_plain).run()


class _Maker:
    """Makes one Workflow. Templates call only templates that were made before, so nothing goes on for ever.

    It has hooks or limits: the controller fails where a limit holds back a hook, if it happens to look at that moment.
    Nothing asks for the state Running, which the controller sees or not.
    """

    def __init__(self, seed: int, *, is_plain: bool) -> None:
        self.random = random.Random(seed)
        self.is_plain = is_plain
        self.has_hooks = self._chance(0.5) or is_plain
        self.templates: list[Json] = [self._leaf("leaf"), self._script(), *self._special()]
        self.pods: dict[str, Deed] = {}

    def run(self) -> Run:
        for number in range(self.random.randint(1, 3)):
            self.templates.append(self._branch(f"t{number}"))
        self.templates.append(self._branch("main", is_main=True))
        spec: Json = {"entrypoint": "main", "templates": self.templates}
        if not self.has_hooks and self._chance(0.3):
            spec["parallelism"] = self.random.randint(1, 3)
        if self._chance(0.3):
            spec["onExit"] = self.random.choice(["leaf", "tried", "t0"])
        if self.has_hooks and self._chance(0.3):
            expression = f"workflow.status == '{self.random.choice(_STATES[:3])}'"
            spec["hooks"] = {"one": {"expression": expression, "template": "leaf"}}
        workflow = {"apiVersion": "argoproj.io/v1alpha1", "kind": "Workflow", "metadata": {"name": "w"}, "spec": spec}
        return Run([workflow], {}, self.pods, whole=True)

    def _chance(self, share: float) -> bool:
        return self.random.random() < share

    def _leaf(self, name: str, **more: Json) -> Json:
        outputs = [{"name": "o", "valueFrom": {"path": "/tmp/o", **({"default": "d"} if name == "given" else {})}}]
        container = {"image": "alpine", "command": ["echo", "{{inputs.parameters.t}}"]}
        return {
            "name": name,
            "inputs": {"parameters": [{"name": "t", "default": "none"}]},
            "outputs": {"parameters": outputs},
            "container": container,
            **more,
        }

    def _script(self) -> Json:
        script = {"image": "alpine", "command": ["sh"], "source": "echo {{inputs.parameters.t}}"}
        return {"name": "script", "inputs": {"parameters": [{"name": "t", "default": "[1, 2]"}]}, "script": script}

    def _special(self) -> list[Json]:
        policy = self.random.choice(["Always", "OnFailure", "OnError", None])
        retry: Json = {"limit": self.random.choice(["0", "1", 2]), **({"retryPolicy": policy} if policy else {})}
        if self._chance(0.3):
            retry["expression"] = self.random.choice(["lastRetry.exitCode == '1'", "asInt(retries) < 1"])
        return [
            self._leaf("given"),
            self._leaf("tried", retryStrategy=retry),
            self._leaf("locked", synchronization={"mutexes": [{"name": "m"}]}),
            self._leaf("kept", memoize={"key": "k-{{inputs.parameters.t}}", "cache": {"configMap": {"name": "c"}}}),
            {"name": "wait", "suspend": {}},
        ]

    def _branch(self, name: str, *, is_main: bool = False) -> Json:
        kind = "dag" if self._chance(0.7) else "steps"
        template: Json = {"name": name, **(self._dag() if kind == "dag" else self._steps())}
        if not is_main:
            template["inputs"] = {"parameters": [{"name": "t", "default": "none"}]}
        if not self.has_hooks and self._chance(0.2):
            template["parallelism"] = 1
        if not self.has_hooks and kind == "dag" and self._chance(0.15):
            template["failFast"] = True
        if not is_main and self._chance(0.15):
            template["retryStrategy"] = {"limit": "1"}
        return template

    def _dag(self) -> Json:
        tasks: list[Json] = []
        uses_dependencies = self._chance(0.3)
        for number in range(self.random.randint(1, 6)):
            task = self._called(f"a{number}", "tasks")
            before = self.random.sample(tasks, min(len(tasks), self.random.choice([0, 1, 1, 2])))
            if before and uses_dependencies:
                task["dependencies"] = [each["name"] for each in before]
            elif before:
                task["depends"] = self._depends(before)
            if uses_dependencies and self._chance(0.2):
                task["continueOn"] = {self.random.choice(["failed", "error"]): True}
            self._fill(task, "tasks", [each for each in before if "withItems" not in each])
            tasks.append(task)
        dag: Json = {"tasks": tasks}
        if self._chance(0.15):
            dag["failFast"] = False
        if self._chance(0.1):
            dag["target"] = tasks[-1]["name"]
        return {"dag": dag}

    def _depends(self, before: list[Json]) -> str:
        words = []
        for each in before:
            is_loop = "withItems" in each
            results = (*_RESULTS, *_OF_LOOPS) if is_loop else _RESULTS
            word = each["name"] if self._chance(0.5) else f"{each['name']}.{self.random.choice(results)}"
            words.append(f"!{word}" if "." in word and self._chance(0.15) else word)
        return self.random.choice([" && ", " || "]).join(words)

    def _steps(self) -> Json:
        groups: list[list[Json]] = []
        for number in range(self.random.randint(1, 3)):
            group = []
            before = [each for group in groups for each in group if "withItems" not in each]
            for place in range(self.random.randint(1, 2)):
                step = self._called(f"s{number}-{place}", "steps")
                if self._chance(0.2):
                    step["continueOn"] = {self.random.choice(["failed", "error"]): True}
                self._fill(step, "steps", before)
                group.append(step)
            groups.append(group)
        return {"steps": groups}

    def _called(self, name: str, kind: str) -> Json:
        names = [each["name"] for each in self.templates if not self.is_plain or each["name"] not in _SHARED]
        task: Json = {"name": name, "template": self.random.choice([*names, "leaf", "leaf"])}
        if self._chance(0.15):
            task["when"] = self.random.choice(["true == false", "1 < 2", "'a' == 'b'", "a == a"])
        if self._chance(0.2):
            task["withItems"] = self.random.choice([["x", "y"], [1], [{"k": "v"}, {"k": "w"}], ["p", "q", "r"]])
        can_have_hooks = self.has_hooks and "withItems" not in task
        if can_have_hooks and self._chance(0.25):
            task["hooks"] = {"exit": {"template": "leaf"}}
        elif can_have_hooks and self._chance(0.15):
            state = self.random.choice(_STATES[1:])
            task["hooks"] = {"one": {"expression": f"{kind}['{name}'].status == '{state}'", "template": "leaf"}}
        if self._chance(0.25):
            self.pods[rf"(.*\.)?{name}(\(.*\))?"] = Deed(
                exit=self.random.choice([1, 2]), once=self._chance(0.4) and not self.is_plain
            )
        return task

    def _fill(self, task: Json, kind: str, before: list[Json]) -> None:
        value = "{{item}}" if "withItems" in task and self._chance(0.5) else task["name"]
        useful = [each for each in before if each["template"] in ("leaf", "given", "tried", "locked", "kept")]
        if useful and self._chance(0.5):
            value = f"{{{{{kind}.{self.random.choice(useful)['name']}.outputs.parameters.o}}}}"
        if task["template"] not in ("script", "wait") and self._chance(0.8):
            task["arguments"] = {"parameters": [{"name": "t", "value": value}]}
