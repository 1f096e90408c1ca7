"""A template that is tried again: a node of the type Retry, with a child for each try."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from transpiler.engine import tries
from transpiler.engine.arguments import with_values
from transpiler.engine.errors import CallError
from transpiler.engine.library import kind_of
from transpiler.engine.making import POD_KINDS, made, release
from transpiler.engine.names import pod_name
from transpiler.engine.nodes import NodeState
from transpiler.engine.run import Call, Run, Work
from transpiler.plan.argo_objects import Node

Begin = Callable[..., NodeState]
"""Starts what a template is: `execute.begin`."""
_ERROR_POLICIES: Final = frozenset(["Always", "OnError", "OnTransientError"])


def attempt(run: Run, node: NodeState | None, call: Call, work: Work, strategy: Node, begin: Begin) -> NodeState:
    """Brings a node with tries further: ends it with its last try, or starts another. Raises CallError."""
    around = node or made(run, call, work, "Retry", "Running", is_try=call.is_hook)
    around.todo = {}
    try:
        next_ = tries.look(run, around, strategy)
    except CallError as error:
        run.fail(around, str(error))
        raise
    if not next_.goes_on:
        return around
    known = tries.tries_of(run, around)
    last = known[-1] if known else None
    if around.is_over and _is_all_over(run, around):
        around.outputs = last.outputs if last is not None else around.outputs
        release(run, around)
        return around
    if last is not None and not last.is_over:
        trying = last.work.call
        if work.version != last.work.version:
            before = known[-2] if len(known) > 1 else None
            last.work = _work_of_try(run, trying, work, len(known) - 1, before)
        work = last.work
    else:
        trying, work = _next_try(run, around, call, work, known)
    child = _begun(
        run, around, tries.policy_of(strategy), lambda: begin(run, trying, work, next_.deadline, is_try=True)
    )
    if not around.is_over and child.is_over:
        again = run.execute(run, call)
        return again or around
    return around


def _is_all_over(run: Run, node: NodeState) -> bool:
    """True if whatever comes after a node is over: what has not come yet does not count."""
    seen, waiting = {node.name}, [node]
    while waiting:
        each = waiting.pop()
        if not each.children and not each.is_over:
            return False
        new = [child for child in run.nodes.children(each) if child.name not in seen]
        seen.update(child.name for child in new)
        waiting += new
    return True


def _next_try(run: Run, around: NodeState, call: Call, work: Work, known: list[NodeState]) -> tuple[Call, Work]:
    name = f"{around.name}({len(known)})"
    home = call.boundary or around
    trying = Call(
        name,
        call.holder,
        call.kind,
        call.context,
        call.arguments,
        call.boundary,
        is_exit=call.is_exit,
        is_hook=call.is_hook,
        up=around,
        key=len(known),
    )
    try:
        mine = _work_of_try(run, trying, work, len(known), known[-1] if known else None)
    except CallError as error:
        run.create(trying, "Skipped", "Error", str(error), is_try=True)
        run.nodes.connect(around, name, home)
        raise
    run.nodes.connect(around, name, home)
    return trying, mine


def _work_of_try(run: Run, trying: Call, work: Work, number: int, before: NodeState | None) -> Work:
    local = tries.variables(number, before)
    if kind_of(work.template) in POD_KINDS:
        local["pod.name"] = pod_name(run.info.name, trying.name, work.template.get("name", ""))
    template = with_values(run, work.template, local)
    return Work(trying, template, work.context, work.raw, work.version)


def _begun(run: Run, around: NodeState, policy: str, begin: Callable[[], NodeState]) -> NodeState:
    """A try that was started; one that cannot be is an error, which may be tried again."""
    try:
        return begin()
    except CallError as error:
        child = tries.tries_of(run, around)[-1:]
        if not child or policy not in _ERROR_POLICIES:
            release(run, around)
            raise
        return run.fail(child[0], str(error))
