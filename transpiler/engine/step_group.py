"""A group of steps that runs: its steps with their values, which of them started, and when all are over."""

from __future__ import annotations

from msgspec import Struct, field

from transpiler.engine import hooks, when
from transpiler.engine.errors import BlockedError, CallError, RequeueError, TimedOutError, TooDeepError
from transpiler.engine.hooks import Around
from transpiler.engine.items import is_loop
from transpiler.engine.library import Context
from transpiler.engine.nodes import NodeState
from transpiler.engine.resolve import expanded, resolved
from transpiler.engine.run import Call, Run
from transpiler.engine.scope import Scope
from transpiler.plan.argo_objects import Node


class Group(Struct):
    """A group of steps that runs."""

    node: NodeState
    steps: list[Node] | None = None
    """Its steps with their values, an entry for each item."""
    places: dict[str, Node] = field(default_factory=dict)
    """The same, by the names of their nodes."""
    has_hooks: bool = False
    is_held: bool = False
    """True if a hook failed: then Argo waits for the steps that run."""
    next: int = 0
    going: dict[str, None] = field(default_factory=dict)
    """The nodes that are not over, or whose hooks are not."""


class Frame(Struct):
    """What steps remember while they run. `scope`: what the groups before have left."""

    scope: Scope
    context: Context
    is_exit: bool
    groups: list[Group] = field(default_factory=list)


def look(run: Run, node: NodeState, frame: Frame, group: Group, written: list[Node]) -> None:
    """Brings a group further, and ends it when all is over. Raises CallError, by which it fails."""
    if group.node.is_over and not group.is_held:
        return
    if group.steps is None:
        try:
            group.steps = _steps(run, frame, group.node, node, written)
        except RequeueError as error:
            run.never_resolved = str(error)
            run.hold(node, group.node.name, is_whole=False)
            return
        group.places = {f"{group.node.name}.{step['name']}": step for step in group.steps}
        group.has_hooks = any(hooks.others(step) for step in group.steps)
    changed = _start(run, node, frame, group)
    if changed is None or group.is_held:
        return
    try:
        is_over = _are_over(run, node, frame, group, changed)
    except CallError as error:
        group.is_held = True
        run.fail(group.node, str(error))
        return
    if is_over:
        _finish(run, group)


def _steps(run: Run, frame: Frame, group: NodeState, node: NodeState, written: list[Node]) -> list[Node]:
    found: dict[int, Node] = {}
    variables = run.variables(frame.scope.values)
    try:
        for place in (len(written) - 1, *range(len(written) - 1)):  # Argo tells the error of the last one first
            found[place] = resolved(run, written[place], frame.scope, in_dag=False, variables=variables)
    except CallError as error:
        raise CallError(f"failed to resolve references: {error}") from error
    steps: list[Node] = []
    for step in (found[place] for place in range(len(written))):
        items = expanded(run, step, frame.scope)
        if is_loop(step) and not items:
            call = _call(node, frame, group, step)
            run.create(call, "Skipped", "Skipped", "Skipped, empty params")
            run.nodes.connect(group, call.name, node)
        steps += items
    return steps


def _call(node: NodeState, frame: Frame, group: NodeState, step: Node) -> Call:
    name = f"{group.name}.{step['name']}"
    return Call(
        name,
        step,
        "steps",
        frame.context,
        step.get("arguments") or {},
        node,
        is_exit=frame.is_exit,
        up=node,
        key=name,
    )


def _start(run: Run, node: NodeState, frame: Frame, group: Group) -> list[str] | None:
    """Starts what has not started, and brings on what changed: the nodes looked at; None if the group has to wait."""
    todo, node.todo = node.todo, {}
    changed = [name for name in (group.going if group.has_hooks else todo) if name in group.places]
    found = [name for name in changed if isinstance(name, str) and run.nodes.get(name) is not None]
    if not all(_step(run, node, frame, group, group.places[name]) for name in found):
        return None
    steps = group.steps or []
    while group.next < len(steps) and not group.is_held:
        step = steps[group.next]
        if not _step(run, node, frame, group, step):
            return None
        name = f"{group.node.name}.{step['name']}"
        if run.nodes.get(name) is None:
            break
        found.append(name)
        group.next += 1
    return found


def _step(run: Run, node: NodeState, frame: Frame, group: Group, step: Node) -> bool:
    call = _call(node, frame, group.node, step)
    condition = step.get("when") or ""
    if run.nodes.get(call.name) is None:
        try:
            is_wanted = when.is_met(condition)
        except CallError as error:
            run.create(call, "Skipped", "Error", str(error))
            run.nodes.connect(group.node, call.name, node)
            raise
        if not is_wanted:
            run.create(call, "Skipped", "Skipped", f"when '{condition}' evaluated false")
            run.nodes.connect(group.node, call.name, node)
            return True
    try:
        child = run.execute(run, call)
    except BlockedError as error:
        child = error.node
    except TooDeepError:
        child = run.nodes.get(call.name)
    except TimedOutError as error:
        run.mark(group.node, "Failed", str(error))
        return False
    except CallError as error:
        run.nodes.connect(group.node, call.name, node)
        message = f"step group deemed errored due to child {call.name} error: {error}"
        raise CallError(message) from error
    if child is not None:
        run.nodes.connect(group.node, call.name, node)
        group.going[call.name] = None
    return True


def _are_over(run: Run, node: NodeState, frame: Frame, group: Group, changed: list[str]) -> bool:
    """True if all steps and their hooks are over."""
    for name in changed:
        if name not in group.going:
            continue
        child, step = run.nodes.by_name[name], group.places[name]
        around = Around(child, node, frame.context, f"steps.{step['name']}")
        others, hook = hooks.others(step), hooks.exit_hook(run, step)
        if others or hook is not None:
            frame.scope.values[f"steps.{child.display}.status"] = child.phase
        if others and not hooks.run_hooks(run, others, around, frame.scope):
            return False
        if child.is_over and (not child.is_completed or hooks.run_exit(run, hook, around, frame.scope)):
            del group.going[name]
    return group.next == len(group.places) and not group.going


def _finish(run: Run, group: Group) -> None:
    for child in run.nodes.children(group.node):
        wanted = (group.places.get(child.name) or {}).get("continueOn") or {}
        if child.has_failed and not wanted.get("error" if child.phase == "Error" else "failed"):
            run.mark(group.node, "Failed", f"child '{child.id}' failed")
            return
    run.mark(group.node, "Succeeded")
