"""Random pipelines in Argo's own controller, in one DAG and split, with `??`, `when`, `depends`, hooks and files.

A pipeline that is split runs the same pods with the same words and files. Where a task fails, others may not start that
would in one DAG, since they stand in a part that waits for it; how the run ends is the same.
"""

from __future__ import annotations

import json
import random
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.argo.test_runs import COMPONENTS, words
from tests.judges import runs
from tests.judges.runs import Deed, Run
from tests.support.examples import examples
from transpiler import compile_bytes
from transpiler.lower.partition import bounds, split

Json = Any
AS_IT_IS, MANY = 200, 100_000
SMALL = [pytest.param(seed, 24, 7, id=f"{seed}") for seed in range(25)]
LARGE = range(1_002, 1_002 + (examples(3) // 3 or 1))
"""Seeds of pipelines that are above the limit of a DAG. The controller needs most of a minute for one."""
AT_THE_LIMIT = [pytest.param(seed, 260, 200, id=f"{seed} at the limit") for seed in LARGE]
READ = {
    "inputs": [{"name": "d", "type": "CSV", "optional": True}],
    "outputs": [{"name": "o", "type": "CSV"}],
    "implementation": {
        "container": {
            "image": "alpine",
            "command": [
                "pass",
                {"if": {"cond": {"isPresent": "d"}, "then": [{"inputPath": "d"}]}},
                {"outputPath": "o"},
            ],
        }
    },
}


@pytest.fixture(autouse=True)
def controller() -> None:
    if runs.program() is None:
        pytest.skip("Argo's controller is not at hand: install Go, or run .ci/run")


@dataclass
class Graph:
    """A pipeline that grows task by task."""

    chance: random.Random
    tasks: dict[str, Json] = field(default_factory=dict)
    files: set[str] = field(default_factory=set)
    """Tasks that yield a file; others yield a text."""
    lacking: set[str] = field(default_factory=set)
    """Tasks that may have no output in a run that succeeds."""
    left_out: set[str] = field(default_factory=set)

    def add(self, near: int) -> None:
        """A task behind some of the last ones."""
        name, number = f"t{len(self.tasks)}", len(self.tasks)
        first = max(0, number - near) if self.chance.random() < 0.9 else 0
        most = min(self.chance.choice([0, 1, 1, 1, 2, 2, 3]), number - first)
        others = self.chance.sample([f"t{other}" for other in range(first, number)], most)
        task: Json = {}
        used = self.file(name, task, others) if self.chance.random() < 0.3 else self.text(name, task, others)
        self.wait(task, [other for other in others if other not in used])
        if "when" not in task and self.chance.random() < 0.15:
            task["when"] = self.chance.choice(["inputs.x == 'y'", "inputs.x == 'n'"])
        if self.chance.random() < 0.06:
            task["onExit"] = {"component": "e", "arguments": {"t": f"bye ${{{{ tasks.{name}.status }}}}"}}
        waits = {*used, *task.get("after", []), *re.findall(r"t\d+", task.get("depends", ""))}
        if "depends" in task or waits & self.left_out:
            self.left_out.add(name)
        if "when" in task or name in self.left_out:
            self.lacking.add(name)
        self.tasks[name] = task

    def file(self, name: str, task: Json, others: list[str]) -> list[str]:
        """Let a task read the first file that there is, and write one."""
        self.files.add(name)
        found = [other for other in others if other in self.files]
        sure = [other for other in found if other not in self.lacking][:1]
        if not sure:
            task.update(component="f", arguments={"t": name})
            return []
        chosen = [*(other for other in found if other in self.lacking), *sure]
        task.update(component="read", arguments={"d": either(chosen)})
        return chosen

    def text(self, name: str, task: Json, others: list[str]) -> list[str]:
        """Let a task take the first text that there is."""
        found = [other for other in others if other not in self.files]
        sure = [other for other in found if other not in self.lacking][:1]
        chosen = [*(other for other in found if other in self.lacking), *sure]
        value = either(chosen, "" if sure else " ?? 'none'") if chosen else "nothing"
        task.update(component="e", arguments={"t": f"{name} {value}"})
        return chosen

    def wait(self, task: Json, others: list[str]) -> None:
        """Let a task wait for others, or ask how one ended."""
        kind = self.chance.random()
        if others and kind < 0.15:
            logic = self.chance.choice(["{0}.Succeeded || {0}.Failed", "{0}.Failed", "({0}.Omitted || {0}.Succeeded)"])
            task["depends"] = logic.format(others.pop(0))
        elif others and kind < 0.3:
            task["when"] = f"tasks.{others.pop(0)}.status == 'Succeeded'"
        if others:
            task["after"] = others

    def manifest(self) -> Json:
        """The pipeline, which yields the first of two texts."""
        texts = [name for name in self.tasks if name not in self.files]
        chosen = self.chance.sample(texts, min(2, len(texts)))
        return {
            "name": "p",
            "inputs": {"x": "n"},
            "components": {**COMPONENTS, "read": READ},
            "tasks": self.tasks,
            "outputs": {"r": either(chosen, " ?? 'none'")} if chosen else {},
        }


def either(tasks: list[str], otherwise: str = "") -> str:
    return f"${{{{ {' ?? '.join(f'tasks.{task}.output' for task in tasks)}{otherwise} }}}}"


def compiled(manifest: Json, limit: int) -> list[Json]:
    """The objects of a manifest, where a DAG holds so few tasks."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(split, "MAX_TASKS", limit)
        if limit < AS_IT_IS:
            patch.setattr(bounds, "FEW_APART", max(1, min(bounds.FEW_APART, limit // 4)))
            patch.setattr(bounds, "MOST_APART", min(bounds.MOST_APART, limit // 2))
        result = compile_bytes("pipeline.yaml", json.dumps(manifest).encode(), Path(__file__).parent)
    assert result.text is not None, [each.message for each in result.diagnostics]
    return list(YAML(typ="safe").load_all(result.text))


def in_one(node: str) -> str:
    """A node as it is called where nothing is split."""
    return ".".join(part for part in node.split(".") if not re.fullmatch(r"part-\d+", part))


def view(went: Json) -> tuple[str, Json, dict[str, Json]]:
    """How a run ended, what it yielded, and each pod with its words and files."""
    pods = {
        in_one(pod["node"]): (words(pod), {name: in_one(str(source)) for name, source in (pod["files"] or {}).items()})
        for pod in went["pods"]
    }
    return went["phase"], went["outputs"], pods


@pytest.mark.parametrize(("seed", "size", "limit"), [*SMALL, *AT_THE_LIMIT])
def test_a_split_pipeline_runs_as_one_dag(seed: int, size: int, limit: int) -> None:
    chance = random.Random(seed)
    graph = Graph(chance)
    near = chance.choice([5, 30, 100])
    for _ in range(chance.randint(size * 4 // 5, size)):
        graph.add(near)
    manifest = graph.manifest()
    one, other = compiled(manifest, MANY), compiled(manifest, limit)
    failing = {rf"(.*\.)?{name}": Deed(exit=1) for name in graph.tasks if chance.random() < 0.04}
    whole, split_up, whole_failing, split_failing = map(
        view, runs.reports([Run(one), Run(other), Run(one, {}, failing), Run(other, {}, failing)])
    )
    assert whole == split_up
    assert whole[0] == "Succeeded"
    assert whole_failing[0] == split_failing[0]
    assert {node: whole_failing[2].get(node) for node in split_failing[2]} == split_failing[2]
