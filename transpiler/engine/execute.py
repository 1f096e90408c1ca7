"""One call of a template: what Argo's controller does with a node each time that it comes to it.

In this order: is it over; its timeout; limits of parallelism; locks; the cache; tries; and then what the template is.
"""

from __future__ import annotations

import json
from typing import Final

from transpiler.engine import agents, dag, limits, memo, pods, steps, suspend, tries
from transpiler.engine.arguments import with_inputs
from transpiler.engine.errors import BlockedError, CallError, TimedOutError, TooDeepError
from transpiler.engine.library import kind_of
from transpiler.engine.making import POD_KINDS, made, release, type_of
from transpiler.engine.names import pod_name
from transpiler.engine.nodes import NodeState
from transpiler.engine.protocol import Stop
from transpiler.engine.run import NEVER, Call, Run, Work
from transpiler.engine.times import go_duration
from transpiler.engine.trying import attempt
from transpiler.patterns import regex
from transpiler.plan.argo_objects import Node

_TIMES: Final = regex("(?i)now|ago|date|time|rand|uuid")
_DEEPEST: Final = 100
_VOLATILE: Final = ("workflow.duration", "workflow.outputs", "workflow[", "workflow.status", "workflow.failures")


def execute(run: Run, call: Call) -> NodeState | None:
    """Brings a node further, if it can go on. Raises what `errors.py` has; then the node is as far as it will come."""
    run.depth += 1
    try:
        return _execute(run, call)
    finally:
        run.depth -= 1


def _execute(run: Run, call: Call) -> NodeState | None:
    node = run.nodes.get(call.name)
    if run.depth >= _DEEPEST:
        _fail(run, node, call, str(TooDeepError()))
        raise TooDeepError
    if node is not None and node.is_over:
        release(run, node)
        return node
    work = _work(run, node, call)
    template = work.template
    if node is not None:
        _check_timeout(run, node, template)
    try:
        limits.check(run, template, node, call)
    except BlockedError as error:
        run.hold(call.up, call.key, is_whole=error.is_whole)
        if node is None and not _asks_time(run, work.raw):
            run.held[call.name] = work
        raise
    is_unlocked = False
    if template.get("synchronization"):
        node, is_unlocked = _lock(run, node, call, work)
        if not is_unlocked:
            return node
    if template.get("memoize") and (node is None or is_unlocked):
        node = _recall(run, node, call, work)
        if node.is_over:
            release(run, node)
            return node
    return _go_on(run, node, call, work)


def _go_on(run: Run, node: NodeState | None, call: Call, work: Work) -> NodeState:
    strategy = tries.strategy_of(run, work.template)
    if strategy is None:
        return begin(run, call, work, NEVER)
    return attempt(run, node, call, work, strategy, begin)


def _work(run: Run, node: NodeState | None, call: Call) -> Work:
    """What a node runs. Argo reads a template again each time, so it sees new outputs of the run: `_is_volatile`."""
    if node is not None and node.work is not None:
        found: Work = node.work
        if found.version == run.version or not _is_volatile(run, found.raw):
            return found
    held: Work | None = run.held.pop(call.name, None)
    if held is not None and held.version == run.version:
        return held
    try:
        context, raw = run.library.resolve(call.holder, call.context)
        kind = kind_of(raw)
        if not kind:
            raise CallError(f"template '{raw.get('name', '')}' type is unknown")
        local = {"node.name": call.name, f"{call.kind}.name": str(call.holder.get("name") or "")}
        if kind in POD_KINDS and tries.strategy_of(run, raw) is None:
            local["pod.name"] = pod_name(run.info.name, call.name, raw.get("name", ""))
        template = with_inputs(run, raw, call.arguments, local)
    except CallError as error:
        _fail(run, node, call, str(error))
        raise
    work = Work(call, template, context, raw, run.version)
    if node is not None and node.work is not None:
        node.work = work
    return work


def _is_volatile(run: Run, raw: Node) -> bool:
    """True for a template with variables of the run that change."""
    key = ("volatile", id(raw))
    if key not in run.cache:
        text = json.dumps(raw)
        run.cache[key] = kind_of(raw) in ("dag", "steps") and any(each in text for each in _VOLATILE)
    return bool(run.cache[key])


def _asks_time(run: Run, raw: Node) -> bool:
    """True for a template that may be another one at each time: `now`, `ago` and the like."""
    key = ("time", id(raw))
    if key not in run.cache:
        text = json.dumps(raw)
        run.cache[key] = "{{=" in text and _TIMES.search(text) is not None
    return bool(run.cache[key])


def _fail(run: Run, node: NodeState | None, call: Call, message: str) -> NodeState:
    if node is not None:
        return run.fail(node, message)
    return run.create(call, "Skipped", "Error", message)


def _type_of(template: Node) -> str:
    return "Retry" if template.get("retryStrategy") is not None else type_of(template)


def _check_timeout(run: Run, node: NodeState, template: Node) -> None:
    if not template.get("timeout") or node.phase != "Pending" or node.is_running_pod:
        return
    due = node.started + go_duration(template["timeout"])
    if run.now > due:
        run.mark(node, "Failed", str(TimedOutError()))
        if node.id in run.agents:
            run.orders.append(Stop(node.id, node.message))
        raise TimedOutError
    run.due_after(due)
    run.later(node)


def _lock(run: Run, node: NodeState | None, call: Call, work: Work) -> tuple[NodeState | None, bool]:
    template = work.template
    try:
        name, message = run.locks.acquire(template["synchronization"], run.nodes.id(call.name))
    except CallError as error:
        _fail(run, node, call, str(error))
        raise
    if name:
        if node is None:
            node = made(run, call, work, _type_of(template), "Pending", message)
        node.waits_for = name
        run.mark(node, node.phase, message)
        run.later(node)
        return node, False
    if node is not None and node.waits_for:
        node.waits_for = ""
        run.mark(node, node.phase, "")
    return node, True


def _recall(run: Run, node: NodeState | None, call: Call, work: Work) -> NodeState:
    template = work.template
    if node is not None and node.memo is not None and (node.phase == "Running" or node.is_running_pod or node.children):
        return node
    try:
        kept = memo.found(run, call, template)
    except CallError as error:
        _fail(run, node, call, str(error))
        raise
    if node is None:
        node = made(run, call, work, _type_of(template), "Pending")
        node.is_try = call.is_hook and kept is None and tries.strategy_of(run, template) is not None
    node.memo = memo.status(template["memoize"], hit=kept is not None)
    if kept is not None:
        node.outputs = kept.outputs or None
        run.mark(node, "Succeeded")
    return node


def begin(run: Run, call: Call, work: Work, deadline: float, *, is_try: bool = False) -> NodeState:
    """What the template is: a pod, a DAG, steps, a wait."""
    kind = kind_of(work.template)
    node = run.nodes.get(call.name)
    if node is None:
        phase = "Pending" if kind not in ("dag", "steps") else "Running"
        node = made(run, call, work, type_of(work.template), phase, is_try=is_try)
    if node.work is None:
        node.work = work
    try:
        _by_kind(run, call, node, work, kind, deadline)
    except CallError as error:
        run.fail(node, str(error))
        if not is_try:
            release(run, node)
        raise
    if node.is_over:
        release(run, node)
    return node


def _by_kind(run: Run, call: Call, node: NodeState, work: Work, kind: str, deadline: float) -> None:
    if kind == "dag":
        dag.go_on(run, node, is_exit=call.is_exit)
    elif kind == "steps":
        steps.go_on(run, node, is_exit=call.is_exit)
    elif kind == "suspend":
        suspend.go_on(run, node)
    elif kind in agents.KINDS:
        agents.start(run, call, node, work.template)
        _check_timeout(run, node, work.template)
    else:
        pods.start(run, call, node, work.template, deadline)
        if kind == "containerSet":
            pods.add_containers(run, call, node)
