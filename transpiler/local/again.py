"""Going on with a run: what of it counts, and why a task runs again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from transpiler.engine.protocol import Ended, Pod
from transpiler.local.folder import Kept
from transpiler.plan.argo_objects import Node
from transpiler.runs.nodes import children, name_of, nodes_of


def worth_keeping(pods: Mapping[str, Pod], ends: Mapping[str, Ended], workflow: Node) -> dict[str, Kept]:
    """The ends of a run that has failed which count for another attempt, by the ids of their nodes.

    Those that succeeded, and the failed tries of what then succeeded; nothing of what ran because the run had ended.
    """
    nodes, run = nodes_of(workflow), name_of(workflow)
    tries = set()
    for node in nodes.values():
        if node.get("type") == "Retry" and node.get("phase") == "Succeeded":
            tries.update(children(node))
    last = (f"{run}.onExit", f"{run}.hooks.")
    found = {}
    for key, end in ends.items():
        counts = end.phase == "Succeeded" or key in tries
        if counts and key in pods and not pods[key].name.startswith(last):
            found[key] = Kept(pods[key], end)
    return found


def changes(before: Pod, now: Pod, remade: Iterable[str]) -> str:
    """Why the end of an earlier pod does not count for this one; empty if it does.

    `remade`: the keys of files that tasks have stored anew in this attempt.
    """
    for name, value in now.inputs.values.items():
        if before.inputs.values.get(name) != value:
            return f"its input `{name}` has changed"
    anew = tuple(remade)
    for file in now.inputs.files:
        if file.key and any(each == file.key or each.startswith(f"{file.key}/") for each in anew):
            return f"its input `{file.name}` was made anew"
    if before.inputs != now.inputs:
        return "its inputs have changed"
    if before.outputs != now.outputs or before.wants_result != now.wants_result:
        return "what is wanted of it has changed"
    return "" if before.spec == now.spec else "what it runs has changed"


def failure(end: Ended) -> str:
    """Why a task runs again that an earlier attempt has ended."""
    return f"it had ended as {end.phase}" + (f": {end.message}" if end.message else "")
