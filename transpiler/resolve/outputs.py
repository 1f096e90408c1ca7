"""The types of what groups and sub-pipelines yield: known when all around them, and all inside, is resolved."""

from __future__ import annotations

from msgspec.structs import replace

from transpiler.model.component import Component
from transpiler.model.expressions.tree import OutputReference
from transpiler.model.expressions.types import ANY
from transpiler.model.ports import RESULT, Output
from transpiler.resolve.amend import amend
from transpiler.resolve.scope import Scope, calls_of, references_in, scopes_of
from transpiler.resolve.types import type_of_value


def type_outputs(*roots: Scope) -> None:
    """Give every group and sub-pipeline below some scopes the types of its outputs."""
    known: dict[Scope, Component] = {}
    for scope in roots:
        _type_calls(scope, known)


def _type_calls(scope: Scope, known: dict[Scope, Component]) -> None:
    """The calls of a scope, in topological order: what a group is given has its type before the group has."""
    for call in calls_of(scope):
        inner, component = call.scope, call.component
        if inner is None or component is None or not inner.is_manifest:
            continue
        if inner not in known:
            known[inner] = component  # for a pipeline that calls itself: of no type
            _type_calls(inner, known)
            values = {each.name: each.value for each in inner.outputs if each.value}
            outputs = (replace(each, type=type_of_value(values[each.name], inner)) for each in component.outputs)
            known[inner] = replace(component, outputs=tuple(outputs))
        amend(call, component=known[inner])


def with_printed(component: Component) -> tuple[Output, ...]:
    """The outputs of a component, of types that are not known yet, and what its program prints."""
    outputs = tuple(replace(each, type=ANY) for each in component.outputs)
    if not component.prints_result:
        return outputs
    return (*outputs, Output(RESULT, ANY, component.span, is_printed=True))


def drop_unused_prints(*roots: Scope) -> None:
    """Let a loop that is a group yield what its items print only if something uses it: nobody has asked before."""
    for scope in scopes_of(*roots):
        asked = [each for each in references_in(scope) if isinstance(each, OutputReference)]
        used = {each.task for each in asked if _is_printed(each, scope)}
        for call in calls_of(scope):
            component, inner = call.component, call.scope
            if component is not None and inner is not None and call.task.name not in used:
                kept = tuple(each for each in component.outputs if not each.is_printed)
                if kept != component.outputs:
                    names = {each.name for each in kept}
                    amend(inner, outputs=tuple(each for each in inner.outputs if each.name in names))
                    amend(call, component=replace(component, outputs=kept))


def _is_printed(reference: OutputReference, scope: Scope) -> bool:
    output = scope.output_of(reference)
    return output is not None and output.is_printed
