"""How long the tasks of a run took on this machine: without the time in which they waited for room to start."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct, field

from transpiler.cluster.progress import Step
from transpiler.plan.argo_objects import Node
from transpiler.runs.nodes import children


def pods_of(key: str, node: Node) -> list[str]:
    """The pods of the task at a node: several for several tries."""
    return children(node) if node.get("type") == "Retry" else [key]


class Times(Struct):
    """When pods started and ended in this process, in seconds of the clock, by their nodes."""

    started: dict[str, float] = field(default_factory=dict)
    ended: dict[str, float] = field(default_factory=dict)

    def seconds(self, pods: Sequence[str]) -> int | None:
        """From the start of the first of these pods, the tries of a task, to the end of the last; None if unknown."""
        if not pods or any(each not in self.started or each not in self.ended for each in pods):
            return None
        return round(max(0.0, max(self.ended[each] for each in pods) - min(self.started[each] for each in pods)))

    def of(self, step: Step, pods: Sequence[str]) -> Step:
        """A step with its own time, if that is known here; else with what the status has."""
        own = self.seconds(pods) if step.seconds is not None else None
        return step if own is None else step._replace(seconds=own)
