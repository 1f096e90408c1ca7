"""The phase of a DAG: it runs while anything below it does, and ends as its targets did.

A target that was left out has the phase of the branch that led to it, a failure first.
"""

from __future__ import annotations

from collections import deque

from transpiler.engine.dag_plan import Plan
from transpiler.engine.nodes import FAILED, NodeState
from transpiler.engine.run import Run
from transpiler.plan.argo_objects import Node


def phase_of(run: Run, node: NodeState, plan: Plan, dag: Node) -> str:
    """The phase of a DAG, Running if it has not ended."""
    if node.going or (node.boundary is None and _has_open_hook(run, node)):
        return "Running"
    fails_fast = dag.get("failFast") is not False
    phase = "Succeeded"
    first: dict[str, str] | None = None
    for name in plan.targets:
        target = run.nodes.get(f"{node.name}.{name}")
        branch = branch_of(target, node, {}) if target is not None and _is_below(target, node) else ""
        if target is not None and branch in FAILED and not target.is_completed:
            first = _first_failures(run, node) if first is None else first
            branch = first.get(target.name, branch)
        if not branch:
            phase = "Running"
            if not fails_fast:
                break
        elif branch in FAILED and not _goes_on(plan.tasks[name], branch):
            phase = branch
            if fails_fast:
                break
    return phase


def _first_failures(run: Run, top: NodeState) -> dict[str, str]:
    """The nodes that a failure leads to, with Failed or Error: as the branch that Argo comes by first has ended."""
    found: dict[str, str] = {}
    waiting = deque((each, "Succeeded") for each in run.nodes.children(top))
    seen = {(each.name, phase) for each, phase in waiting}
    while waiting:
        node, phase = waiting.popleft()
        if node.is_completed:
            phase = node.phase
        if phase in FAILED:
            found.setdefault(node.name, phase)
        for each in _behind(run, node):
            if (each.name, phase) not in seen:
                seen.add((each.name, phase))
                waiting.append((each, phase))
    return found


def _behind(run: Run, node: NodeState) -> list[NodeState]:
    """What comes after a node; its tries count only by what comes after them."""
    children = [*run.nodes.children(node)]
    if node.type != "Retry":
        return children
    return [end for each in reversed(children) for end in ([each] if each.is_hook else [*run.nodes.children(each)])]


def _has_open_hook(run: Run, entry: NodeState) -> bool:
    return any(each.is_hook and (each.going or not each.is_over) for each in run.nodes.children(entry))


def _goes_on(task: Node, phase: str) -> bool:
    wanted = task.get("continueOn") or {}
    return bool(wanted.get("error" if phase == "Error" else "failed"))


def _is_below(node: NodeState, top: NodeState) -> bool:
    """True if a node comes after the start of a DAG: what waits for a DAG that failed fast does not, and never ends."""
    seen = {node.id}
    waiting = [node]
    while waiting:
        for parent in waiting.pop().parents:
            if parent is top:
                return True
            if parent.id not in seen:
                seen.add(parent.id)
                waiting.append(parent)
    return False


def branch_of(node: NodeState, top: NodeState, known: dict[str, str]) -> str:
    """The phase of the branch that ends in a node; empty if no branch of the DAG `top` leads to it."""
    if node.is_completed:
        return node.phase
    if node.id not in known:
        known[node.id] = ""
        found = [_from(each, top, known) for each in node.parents]
        failed = [each for each in found if each in FAILED]
        known[node.id] = (failed or [each for each in found if each] or [""])[0]
    return known[node.id]


def _from(parent: NodeState, top: NodeState, known: dict[str, str]) -> str:
    if parent is top:
        return "Succeeded"
    if parent.is_try and parent.up is not None and parent.up.type == "Retry":
        parent = parent.up
    return branch_of(parent, top, known)
