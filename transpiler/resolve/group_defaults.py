"""Defaults of what a group is given: a task around it that was skipped gives nothing, and then those inside count.

Argo takes the default of the template that an absent value is passed to. So where all that a group does with such a
value is to pass it to inputs with one default, that is the default of the group's own input.
"""

from __future__ import annotations

from msgspec.structs import replace

from transpiler.model.expressions.search import references_of
from transpiler.model.expressions.tree import InputReference, OutputReference, Reference, reference_of
from transpiler.model.ports import Input
from transpiler.resolve.amend import amend
from transpiler.resolve.scope import Scope, calls_of


def hand_on_defaults(*roots: Scope, seen: set[Scope] | None = None) -> None:
    """Give the inputs of every group below some scopes their defaults, the innermost first."""
    seen = set() if seen is None else seen
    for scope in roots:
        for call in calls_of(scope):
            if call.scope is None or call.scope in seen:
                continue
            seen.add(call.scope)
            hand_on_defaults(call.scope, seen=seen)
            if call.scope.parent is not None and call.component is not None:
                amend(call.scope, inputs=tuple(_with_default(given, call.scope) for given in call.scope.inputs))
                amend(call, component=replace(call.component, inputs=call.scope.inputs))


def _with_default(given: Input, group: Scope) -> Input:
    home, origin = group.origin(InputReference(given.name, given.span))
    producer = home.calls.get(origin.task) if isinstance(origin, OutputReference) else None
    if producer is None or producer.task.when is None or producer.loop is not None:
        return given
    targets = _targets(given.name, group)
    defaults = {target.default for target in targets if target is not None}
    if None in targets or len(defaults) != 1:
        return given
    return replace(given, default=defaults.pop(), default_span=next(each.default_span for each in targets if each))


def _targets(name: str, group: Scope) -> list[Input | None]:
    """The inputs that an input of a group is passed to as it is; None for any other use of it."""
    found: list[Input | None] = []
    for call in calls_of(group):
        for argument in call.arguments.values():
            whole = reference_of(argument.value)
            if _means(whole, name):
                found.append(call.component.input(argument.name) if call.component else None)
            else:
                found += [None for each in references_of(argument.value) if _means(each, name)]
        said = (call.task.when, call.task.loop, call.task.settings, tuple(hook.when for hook in call.hooks))
        found += [None for each in references_of(said) if _means(each, name)]
    return found + [None for each in references_of(group.outputs) if _means(each, name)]


def _means(reference: Reference | None, name: str) -> bool:
    return isinstance(reference, InputReference) and reference.name == name
