"""A loop with limits that may fail: the group of it succeeds, and yields what the items yield that succeed.

A group that fails yields nothing, so the loop may fail inside of it. How the loop has ended leaves the group as one
more output, which stands for its status.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from msgspec.structs import replace

from transpiler.argo.naming import Names
from transpiler.lower.reshape.wrapping import name_outputs
from transpiler.model.expressions.search import replaced
from transpiler.model.expressions.tree import Binary, Expression, FactReference, OutputReference, Text
from transpiler.model.expressions.types import parse_type
from transpiler.model.ports import Output
from transpiler.model.task import Dag, DagOutput
from transpiler.resolve.amend import adopt, amend
from transpiler.resolve.scope import Call, HookCall, Scope, calls_of, references_in

_STATUS: Final = "status"


def let_items_fail(scope: Scope, name: str) -> None:
    """Let the loop in a group of its own fail there, and ask the group how it has ended."""
    call = scope.calls[name]
    group, component = call.scope, call.component
    assert group is not None
    assert component is not None
    inner = group.calls[name]
    amend(inner, task=replace(inner.task, may_fail=call.task.may_fail))
    asked = (each for each in references_in(scope) if isinstance(each, FactReference) and each.task == name)
    if not any(each.fact == _STATUS for each in asked):
        return
    name_outputs(call, scope)
    call, span = scope.calls[name], call.task.span
    output = Names(each.name for each in component.outputs).unique(_STATUS)
    value = Text((FactReference(name, _STATUS, span, span, span),))
    outputs = (*group.outputs, DagOutput(output, span, value, span))
    amend(group, outputs=outputs)
    declared = (*component.outputs, Output(output, parse_type("String"), span))
    amend(call, component=replace(component, outputs=declared, implementation=Dag((), outputs)))
    _ask(scope, name, output)


def _ask(scope: Scope, name: str, output: str) -> None:
    """Replace the status of a group by its output, or by its own if that is omitted."""

    def become(node: Expression) -> Expression:
        if not isinstance(node, FactReference) or node.task != name or node.fact != _STATUS:
            return node
        span = node.span
        return Binary("??", OutputReference(name, output, span, span, span), node, span)

    calls = {each: _said(call, become) for each, call in scope.calls.items()}
    amend(scope, calls=calls, outputs=replaced(scope.outputs, become))
    for call in calls_of(scope):
        adopt(scope, call)


def _said(call: Call, become: Callable[[Expression], Expression]) -> Call:
    """A call in other terms, with its exit handler; other hooks know no outputs."""
    hooks = tuple(
        HookCall(hook.name, _said(hook.call, become), hook.when and replaced(hook.when, become))
        if hook.is_exit
        else hook
        for hook in call.hooks
    )
    return replace(call, task=replaced(call.task, become), hooks=hooks)
