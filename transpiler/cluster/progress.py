"""The status of a run → its steps in the user's terms. Every text in it comes from the cluster, and is not trusted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from msgspec import Struct, field

from transpiler.argo.phases import ENDED
from transpiler.plan.argo_objects import Node
from transpiler.runs.found import Found
from transpiler.runs.nodes import FAILED, children, is_hit, mapping, name_of, nodes_of, seconds, text, values
from transpiler.runs.runs import Runs
from transpiler.runs.titles import title_of

_SHOWN: Final = ("Pod", "Suspend", "HTTP", "Plugin", "Skipped", "Retry")
"""Types of nodes that are a task of the user, or a try of it; all others are what holds these, but for a cached DAG."""
_NEVER_RAN: Final = ("Skipped", "Omitted")


class Step(NamedTuple):
    """A task of a run, with the tasks around it, and its phase."""

    name: str
    phase: str
    message: str = ""
    seconds: int | None = None
    """How long it took, once it has ended."""
    since: str = ""
    """When it got this far, as a text that can be compared."""
    outputs: Mapping[str, str] = {}
    """What it yields as values."""


class Progress(Struct):
    """A run that is asked for again and again: what has changed since the last time."""

    runs: Runs
    _seen: dict[str, str] = field(default_factory=dict)

    def changes(self, workflow: Node) -> Iterator[Step]:
        """The steps whose phase is another one than before, those that have ended first."""
        return (step for _, step in self.news(workflow))

    def news(self, workflow: Node) -> Iterator[tuple[str, Step]]:
        """The same, with the ids of their nodes; without the end of a run that is one pod, which is that of the run."""
        for key, step in steps_of(workflow, self.runs):
            if self._seen.get(key) != step.phase:
                self._seen[key] = step.phase
                if key != name_of(workflow) or step.phase not in ENDED or is_hit(nodes_of(workflow)[key]):
                    yield key, step


def steps_of(workflow: Node, runs: Runs) -> list[tuple[str, Step]]:
    """The steps of a run by the ids of their nodes, in the order in which they got where they are.

    A task with tries is one step, and each of its tries that failed another one. `runs` are those of its manifest.
    """
    nodes, known = nodes_of(workflow), runs.found(workflow)
    tries = {child for each in nodes.values() if each.get("type") == "Retry" for child in children(each)}
    shown = {key: node for key, node in nodes.items() if _is_shown(key, node, known)}
    found = [(key, _step(key, node, nodes, known, tries)) for key, node in shown.items()]
    told = [(key, step) for key, step in found if step.phase in FAILED or key not in tries]
    return sorted(told, key=lambda pair: (pair[1].phase not in ENDED, pair[1].since, pair[1].name))


def run_step(workflow: Node) -> Step:
    """The run itself."""
    status = mapping(workflow.get("status"))
    took = _whole(seconds(status))
    return Step(name_of(workflow), text(status.get("phase")) or "Pending", text(status.get("message")), took)


def outputs_of(workflow: Node) -> dict[str, str]:
    """The outputs of the pipeline that are values: those of the node that the run starts with."""
    return values(mapping(nodes_of(workflow).get(name_of(workflow))))


def _is_shown(key: str, node: Node, known: Found) -> bool:
    """True for a node that is a task; the compiler has added others."""
    is_added = known.homes.get(key, ()) is None and bool(node.get("boundaryID"))
    return (node.get("type") in _SHOWN or is_hit(node)) and node.get("phase") not in (None, "") and not is_added


def _step(key: str, node: Node, nodes: Mapping[str, Node], known: Found, tries: set[str]) -> Step:
    name = title_of(key, nodes, known, tries)
    phase, since = text(node.get("phase")), text(node.get("finishedAt") or node.get("startedAt"))
    took = None if phase in _NEVER_RAN else _whole(seconds(node))
    return Step(name, phase, text(node.get("message")), took, since, values(node))


def _whole(took: float | None) -> int | None:
    return None if took is None else round(took)
