"""Tasks that may be omitted, and values that a call says an alternative to."""

from __future__ import annotations

from transpiler.model.expressions.absence import guarded
from transpiler.model.expressions.tree import Reference, Text
from transpiler.resolve.closure import dependents
from transpiler.resolve.scope import Call, Scope, asks_for_results, guarded_at_its_end


def may_be_omitted(scope: Scope) -> frozenset[str]:
    """Tasks that are omitted after other results of their dependencies, and their dependents."""
    asking = [name for name, call in scope.calls.items() if asks_for_results(call.task)]
    return frozenset(dependents(asking, {name: call.dependencies for name, call in scope.calls.items()}))


def guarded_in(call: Call) -> list[Reference]:
    """What a call, or its exit handler, uses and may be absent, because a `??` gives an alternative."""
    values = [argument.value for argument in call.arguments.values()]
    nodes = [node for value in values if isinstance(value, Text) for node in value.expressions]
    if call.task.when is not None:
        nodes.append(call.task.when)
    return [*(reference for node in nodes for reference in guarded(node)), *guarded_at_its_end(call)]
