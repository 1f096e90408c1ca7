"""A run of a Workflow, as Argo's controller decides it: what runs, what is skipped, what is left out.

The rules are those of `workflow/controller/dag.go` (executeDAGTask, assessDAGPhase). How single tasks end, and whether
a `when` holds, is given.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.support.expand import Dag, Expansion, Task

ENDED = ("Succeeded", "Failed")
_TERM = re.compile(r"([a-z][-a-z0-9]*)(?:\.([A-Z][A-Za-z]+))?")


@dataclass
class Simulation:
    """`ends` tells how a single task ends, `holds` whether its `when` holds, each by the name of the task."""

    ends: Callable[[str], str]
    holds: Callable[[str], bool]
    phases: dict[str, str] = field(default_factory=dict)
    """Single task → how it ended."""

    def run(self, expansion: Expansion) -> str:
        """How the run ends."""
        return self.dag(expansion.entry)

    def dag(self, dag: Dag) -> str:
        """How a DAG ends: as the worst of its targets."""
        phases: dict[str, str] = {}
        branch: dict[str, str] = {}
        for name, task in dag.tasks.items():
            phases[name] = self.task(task, phases)
            behind = {branch[other] for other in task.asked}
            branch[name] = phases[name] if phases[name] in ENDED else "Failed" if "Failed" in behind else "Succeeded"
        waited_for = {other for task in dag.tasks.values() for other in task.asked}
        target = dag.node["dag"].get("target", "")
        targets = target.split(" ") if target else [name for name in dag.tasks if name not in waited_for]
        return "Failed" if "Failed" in {branch[name] for name in targets} else "Succeeded"

    def task(self, task: Task, phases: dict[str, str]) -> str:
        """How a task ends, after those of its DAG that it depends on."""
        phase = "Omitted"
        if _holds(task.node.get("depends", ""), phases):
            phase = "Skipped" if "when" in task.node and not self.holds(task.key) else self.ran(task)
        if task.dag is None:
            self.phases[task.key] = phase
        elif phase in {"Omitted", "Skipped"}:
            self.phases |= {leaf.key: phase for leaf in task.dag.leaves()}
        return phase

    def ran(self, task: Task) -> str:
        """How a task ends that runs."""
        return self.dag(task.dag) if task.dag else self.ends(task.key)


def _holds(depends: str, phases: dict[str, str]) -> bool:
    def value(found: re.Match[str]) -> str:
        name, result = found.groups()
        wanted = {result} if result else {"Succeeded", "Skipped", "Daemoned"}
        return str(phases[name] in wanted)

    if not depends:
        return True
    logic = _TERM.sub(value, depends).replace("&&", " and ").replace("||", " or ").replace("!", " not ")
    return bool(eval(logic))
