"""Ends of earlier attempts and runs: which of them count, and why a task runs again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from transpiler.engine.protocol import Ended, Pod
from transpiler.executors.container import claims_of
from transpiler.executors.errors import TaskError
from transpiler.executors.patch import patched
from transpiler.local.folder import Kept
from transpiler.plan.argo_objects import Node
from transpiler.runs.nodes import children, mapping, name_of, nodes_of


def worth_keeping(
    pods: Mapping[str, Pod], ends: Mapping[str, Ended], workflow: Node, before: Mapping[str, Kept] | None = None
) -> dict[str, Kept]:
    """The ends of a run that count for another attempt, by the ids of their nodes.

    Those that succeeded, and the failed tries of what then succeeded; all, if the run has succeeded nevertheless.
    Nothing of what ran because the run had ended. `before`: the ends of earlier attempts that counted in this one.
    """
    has_succeeded = mapping(workflow.get("status")).get("phase") == "Succeeded"
    nodes, run, before = nodes_of(workflow), name_of(workflow), before or {}
    tries = set()
    for node in nodes.values():
        if node.get("type") == "Retry" and node.get("phase") == "Succeeded":
            tries.update(children(node))
    last = (f"{run}.onExit", f"{run}.hooks.")
    ends = {key: before[key].end if key in before else end for key, end in ends.items()}
    made = Made.of(pods, ends)
    found = {}
    for key, end in ends.items():
        counts = end.phase == "Succeeded" or key in tries or has_succeeded
        if counts and key in pods and not pods[key].name.startswith(last):
            found[key] = before.get(key) or Kept(pods[key], end, made.read_by(pods[key]))
    return found


class Made:
    """When the files of a run were made, by their keys."""

    def __init__(self) -> None:
        self._at: dict[str, float] = {}

    @classmethod
    def of(cls, pods: Mapping[str, Pod], ends: Mapping[str, Ended]) -> Made:
        """That of all pods that have ended."""
        found = cls()
        for node, end in ends.items():
            if node in pods:
                found.add(end)
        return found

    def add(self, end: Ended) -> None:
        """A pod has ended; its end is as it was first."""
        self._at |= dict.fromkeys(end.files.values(), end.at)

    def read_by(self, pod: Pod) -> dict[str, list[float]]:
        """Each key that a pod reads, with the times at which its files were made: many for a folder."""
        return {key: self.at(key) for key in (file.key for file in pod.inputs.files) if key}

    def at(self, key: str) -> list[float]:
        """The times at which what a key names was made."""
        if key in self._at:
            return [self._at[key]]
        return sorted(at for each, at in self._at.items() if each.startswith(f"{key}/"))


def changes(before: Kept, now: Pod, made: Made) -> str:
    """Why the end of an earlier pod does not count for this one; empty if it does.

    What a task leaves on a volume is no part of its end, and each run has volumes of its own. So a task that has one
    runs again in each run; an attempt goes on with the volumes of its run.
    """
    pod = before.pod
    if before.run and (path := _volume(now)):
        return f"its volume at {path} was made anew"
    for name, value in now.inputs.values.items():
        if pod.inputs.values.get(name) != value:
            return f"its input `{name}` has changed"
    for name in _made_anew(before, now, made):
        return f"its input `{name}` was made anew"
    if pod.inputs != now.inputs:
        return "its inputs have changed"
    if pod.outputs != now.outputs or pod.wants_result != now.wants_result:
        return "what is wanted of it has changed"
    return "" if pod.spec == now.spec else "what it runs has changed"


def _volume(pod: Pod) -> str:
    """Where a pod has a claim; empty if it has none."""
    try:
        return next(iter(claims_of(patched(pod))), "")
    except TaskError:  # what is wrong with its patch is told when it runs
        return next(iter(claims_of(pod)), "")


def _made_anew(before: Kept, now: Pod, made: Made) -> Iterator[str]:
    for file in now.inputs.files:
        if file.key in before.reads and before.reads[file.key] != made.at(file.key):
            yield file.name


def failure(end: Ended) -> str:
    """Why a task runs again that an earlier attempt has ended."""
    return f"it had ended as {end.phase}" + (f": {end.message}" if end.message else "")
