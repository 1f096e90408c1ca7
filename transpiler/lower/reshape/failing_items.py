"""A loop with limits that may fail: the group of it succeeds, and yields what the items yield that succeed.

A group that fails yields nothing, so the loop may fail inside of it. How the loop has ended leaves the group as one
more output, which stands for its status.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from msgspec.structs import replace

from transpiler.argo.naming import Names
from transpiler.lower.reshape.wrapping import name_outputs, rewrite
from transpiler.model.expressions.tree import Binary, Expression, FactReference, OutputReference, Text
from transpiler.model.expressions.types import parse_type
from transpiler.model.ports import Output
from transpiler.model.task import Dag, DagOutput
from transpiler.resolve.amend import adopt, amend
from transpiler.resolve.scope import Call, Scope, calls_of, references_in

_STATUS: Final = "status"


def let_items_fail(scope: Scope, names: Collection[str]) -> None:
    """Let loops in groups of their own fail there, and ask each group how its loop has ended."""
    for name in names:
        inner = _group(scope.calls[name]).calls[name]
        amend(inner, task=replace(inner.task, may_fail=scope.calls[name].task.may_fail))
    facts = (each for each in references_in(scope) if isinstance(each, FactReference) and each.fact == _STATUS)
    asked = {each.task for each in facts}.intersection(names)
    if not asked:
        return
    name_outputs(asked, scope)
    outputs = {name: _yield_status(scope.calls[name]) for name in asked}

    def become(node: Expression) -> Expression:
        """The output in place of the status of a group, or its own status if that is omitted."""
        if not isinstance(node, FactReference) or node.task not in outputs or node.fact != _STATUS:
            return node
        span = node.span
        return Binary("??", OutputReference(node.task, outputs[node.task], span, span, span), node, span)

    rewrite(scope, become, only_exits=True)  # other hooks know no outputs
    for call in calls_of(scope):
        adopt(scope, call)


def _group(call: Call) -> Scope:
    assert call.scope is not None
    return call.scope


def _yield_status(call: Call) -> str:
    """Let the group of a loop yield how the loop has ended; the name of that output."""
    group, component, name, span = _group(call), call.component, call.task.name, call.task.span
    assert component is not None
    output = Names(each.name for each in component.outputs).unique(_STATUS)
    value = Text((FactReference(name, _STATUS, span, span, span),))
    outputs = (*group.outputs, DagOutput(output, span, value, span))
    amend(group, outputs=outputs)
    declared = (*component.outputs, Output(output, parse_type("String"), span))
    amend(call, component=replace(component, outputs=declared, implementation=Dag((), outputs)))
    return output
