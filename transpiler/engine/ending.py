"""How a run goes from its entry to its end: hooks of the run, its handler of the exit, and what stops it."""

from __future__ import annotations

import json

from transpiler.engine import gojson, hooks, texts
from transpiler.engine.errors import BlockedError, CallError, TimedOutError, TooDeepError
from transpiler.engine.names import pod_name
from transpiler.engine.nodes import NodeState
from transpiler.engine.protocol import Stop
from transpiler.engine.run import NEVER, Call, Run, Shutdown
from transpiler.engine.texts import TagError
from transpiler.engine.times import rfc3339
from transpiler.engine.variables import set_variables
from transpiler.plan.argo_objects import Node

_LATE = "Step exceeded its deadline"
_OF_RUNS = {"Skipped": "Succeeded", "Omitted": "Succeeded"}


def begin(run: Run) -> None:
    """A run starts: its variables are known from here on."""
    run.started = run.now
    run.shutdown = Shutdown(str(run.spec.get("shutdown") or ""))
    try:
        set_variables(run)
    except CallError as error:
        _end(run, "Failed", f"failed to set global parameters: {error}")


def look(run: Run) -> None:
    """One look at the whole run: what changed since the last one goes on."""
    is_first = not run.phase
    if is_first:
        run.phase = "Running"
        run.nodes.changes += 1
        if not _has_locks(run):
            return
    if run.spec.get("suspend"):
        return
    _set(run, "workflow.status", "" if is_first else run.phase)
    if run.library.asks_duration:
        _set(run, "workflow.duration", f"{max(0.0, run.now - run.started):.6f}")
    run.due_after(run.deadline)
    entry = _entry(run)
    if entry is None or run.finished is not None:
        return
    _set(run, "workflow.status", _OF_RUNS.get(entry.phase, entry.phase))
    if entry.is_over or hooks.others(run.spec) or hooks.exit_hook(run, run.spec):
        _set(run, "workflow.failures", _failures(run))
    if _run_hooks(run, entry) and entry.is_over:
        _finish(run, entry)


def _set(run: Run, name: str, value: str) -> None:
    if run.globals.get(name) != value:
        run.globals[name] = value
        run.version += 1


def _has_locks(run: Run) -> bool:
    if not run.spec.get("synchronization"):
        return True
    try:
        name, message = run.locks.acquire(run.spec["synchronization"], "")
    except CallError as error:
        _end(run, "Failed", f"Failed to acquire the synchronization lock. {error}")
        return False
    run.message = message
    return not name


def _entry(run: Run) -> NodeState | None:
    node = run.nodes.get(run.info.name)
    if node is not None and node.is_over:
        return node
    arguments = run.spec.get("arguments") or {}
    call = Call(run.info.name, {"template": run.spec.get("entrypoint") or ""}, "steps", run.library.local, arguments)
    return _called(run, call, "entry template execution")


def _called(run: Run, call: Call, what: str) -> NodeState | None:
    try:
        return run.execute(run, call)
    except BlockedError:
        return None
    except (CallError, TooDeepError, TimedOutError) as error:
        _end(run, "Error", f"error in {what}: {error}")
        return None


def _failures(run: Run) -> str:
    failed = [_failure(run, each) for each in run.nodes.by_name.values() if each.has_failed]
    text = gojson.written(failed, is_sorted=False) if failed else "null"
    return json.dumps(text, ensure_ascii=False)


def _failure(run: Run, node: NodeState) -> Node:
    template = node.template or (node.template_ref or {}).get("template", "")
    return {
        "displayName": node.display,
        "message": node.message,
        "templateName": template,
        "phase": node.phase,
        "podName": pod_name(run.info.name, node.name, template),
        "finishedAt": rfc3339(node.finished or node.started),
    }


def _run_hooks(run: Run, entry: NodeState) -> bool:
    """Hooks of the run whose time has come; True if those that started are over."""
    started: list[NodeState | None] = []
    try:
        for name, hook in hooks.others(run.spec).items():
            node_name = f"{run.info.name}.hooks.{name}"
            if not hook.get("expression"):
                raise CallError(f"Expression required for hook {node_name}")
            if texts.is_true(hook["expression"], run.globals) or run.nodes.get(node_name) is not None:
                started.append(_hook(run, entry, node_name, hook))
    except (CallError, TagError, BlockedError, TooDeepError, TimedOutError) as error:
        run.fail(entry, str(error))
        return True
    return all(each is not None and each.is_over for each in started)


def _hook(run: Run, entry: NodeState, name: str, hook: Node) -> NodeState | None:
    holder: Node = {key: hook[key] for key in ("template", "templateRef") if key in hook}
    call = Call(name, holder, "steps", run.library.local, hook.get("arguments") or {}, is_hook=True, up=entry, key=name)
    try:
        node = run.execute(run, call)
    except BlockedError as error:
        if error.node is None:
            raise
        node = error.node
    run.nodes.connect(entry, name, entry)
    return node


def _finish(run: Run, entry: NodeState) -> None:
    hook = hooks.exit_hook(run, run.spec)
    handler: NodeState | None = None
    name = f"{run.info.name}.onExit"
    if hook is not None and (run.nodes.get(name) is not None or run.shutdown.allows(is_exit=True)):
        holder: Node = {key: hook[key] for key in ("template", "templateRef") if key in hook}
        call = Call(name, holder, "steps", run.library.local, hook.get("arguments") or {}, is_exit=True, is_hook=True)
        handler = _called(run, call, "exit template execution ")
        if handler is None or not handler.is_over:
            return
    phase = _OF_RUNS.get(entry.phase, entry.phase)
    if phase == "Succeeded":
        if handler is not None and handler.has_failed:
            _end(run, handler.phase, handler.message)
        else:
            _end(run, "Succeeded", "")
    elif run.shutdown.how:
        _end(run, phase, f"Stopped with strategy '{run.shutdown.how}'")
    else:
        _end(run, phase, entry.message)


def _end(run: Run, phase: str, message: str) -> None:
    run.phase, run.message, run.finished = phase, message, run.now
    run.nodes.changes += 1
    entry = run.nodes.get(run.info.name)
    if phase == "Error" and entry is not None and entry.phase == "Running":
        run.mark(entry, "Error", "Workflow operation error")


def _is_of_exit(node: NodeState) -> bool:
    """True for what a handler of an exit does, as Argo sees it: by the names of the nodes around, without tries."""
    around: NodeState | None = node
    while around is not None and not around.display.endswith(".onExit"):
        around = around.boundary
    return around is not None


def stop(run: Run) -> None:
    """Somebody ends the run: pods end, unless they belong to a handler of an exit and the run is only stopped."""
    how = run.shutdown.how
    for node in [*run.pods.values()]:
        is_pod = node.id not in run.agents
        if not run.shutdown.allows(is_exit=node.work.call.is_exit if is_pod else _is_of_exit(node)):
            _kill(run, node, f"workflow shutdown with strategy:  {how}" if is_pod else f"Stopped with strategy '{how}'")
    for node in [*run.nodes.by_name.values()]:
        if not node.is_over:
            run.nodes.notice(node)


def end_waiting(run: Run) -> None:
    """What waits for somebody fails once the run is stopped, or its time is up; so does what may not start any more."""
    if run.shutdown.how:
        for node in [*run.asked.values()]:
            if not run.shutdown.allows(is_exit=_is_of_exit(node)):
                run.asked.pop(node.id)
                run.mark(node, "Failed", f"Stopped with strategy '{run.shutdown.how}'")
    _check_deadline(run)


def _kill(run: Run, node: NodeState, why: str) -> None:
    """Ends a pod, and its hooks with it, which Argo takes for its containers."""
    if node.is_over:
        return
    run.mark(node, "Failed", why)
    if node.id in run.pods:
        run.nodes.starts(node, runs=False)
        run.orders.append(Stop(node.id, why))
        if node.id not in run.agents:
            run.given_up.add(node.id)
    for child in run.nodes.children(node):
        _kill(run, child, why)


def _check_deadline(run: Run) -> None:
    """After the deadline of a run, what waits or runs fails, but for what handlers of exits do."""
    if run.deadline == NEVER or run.now <= run.deadline:
        return
    for node in [*run.nodes.by_name.values()]:
        if node.is_over:
            continue
        is_pod = node.id in run.pods
        if is_pod and not (_is_of_exit(node) if node.id in run.agents else node.work.call.is_exit):
            _kill(run, node, _LATE)
        elif _is_of_exit(node):
            continue
        elif node.phase == "Pending" or node.type == "Suspend":
            run.asked.pop(node.id, None)
            run.mark(node, "Failed", _LATE)
        else:
            run.nodes.notice(node)
