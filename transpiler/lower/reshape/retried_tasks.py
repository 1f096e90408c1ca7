"""A retried task with hooks → the task in a DAG of its own, which has the hooks.

Argo takes the result of a retried task from the last node below it, including hooks (see
`node_kinds`). Below a DAG, hooks are beside the tasks and hide nothing. Every template of the cluster with
hooks is treated alike, because it may be retried.
"""

from __future__ import annotations

from transpiler.lower.reshape.wrapping import wrap
from transpiler.resolve.group_defaults import hand_on_defaults
from transpiler.resolve.node_kinds import NodeKind, awaited_in, node_of
from transpiler.resolve.program import Program
from transpiler.resolve.scope import Call, Scope


def hides_an_end(program: Program) -> bool:
    """True when a task needs a DAG of its own."""
    return any(_hiding(scope, program) for scope in program.scopes)


def wrap_tries(program: Program) -> None:
    """Put a DAG around every task that needs one."""
    wrapped = False
    for scope in program.scopes:
        for call in _hiding(scope, program):
            wrap(call, scope)
            wrapped = True
    if wrapped:
        hand_on_defaults(*program.roots)


def _hiding(scope: Scope, program: Program) -> list[Call]:
    """The tasks of a scope that need one."""
    with_hooks = [call for call in scope.calls.values() if call.hooks]
    if not with_hooks:
        return []
    # Tasks that wait for a group wait for the tasks in it.
    awaited = awaited_in(scope) if scope in program.roots else scope.calls.keys()
    kinds = {NodeKind.TRIES, NodeKind.UNKNOWN}
    return [
        call
        for call in with_hooks
        if _hides_its_end(call, is_awaited=call.task.name in awaited) and node_of(call, scope) in kinds
    ]


def _hides_its_end(call: Call, *, is_awaited: bool) -> bool:
    """True for a task with hooks whose results Argo may take as its own, or as another try of it."""
    return bool(call.hooks) and (is_awaited or not all(hook.is_exit for hook in call.hooks))
