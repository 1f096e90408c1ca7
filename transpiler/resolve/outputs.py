"""The types of what groups and sub-pipelines yield: known when all around them, and all inside, is resolved."""

from __future__ import annotations

from msgspec.structs import replace

from transpiler.model.component import Component
from transpiler.model.expressions.types import ANY
from transpiler.model.ports import RESULT, Output
from transpiler.resolve.amend import amend
from transpiler.resolve.scope import Scope, calls_of
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
