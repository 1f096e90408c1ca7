"""Values that can travel as files: artifacts that a task stores."""

from __future__ import annotations

from transpiler.model.expressions.tree import (
    REFERENCES,
    Boxed,
    Expression,
    InputReference,
    OutputReference,
    Reference,
    Text,
    alternatives,
    is_choice,
    references,
    whole_of,
)
from transpiler.model.ports import Input
from transpiler.resolve.scope import Call, Scope
from transpiler.resolve.types import is_folder


def may_be_file(node: Expression) -> bool:
    """True for a reference, and for outputs of tasks joined by `??`: these can be passed as a file.

    In a group, an input stands for a captured value.
    """
    if is_choice(node):
        return all(isinstance(each, (OutputReference, InputReference)) for each in alternatives(node))
    return isinstance(node, (Boxed, *REFERENCES))


def is_file(reference: Reference, scope: Scope) -> bool:
    """True for what a task yields as an artifact where that is asked for, and for an input of a DAG.

    What a loop collects is a list of values, an expression makes a value, and raw templates say themselves.
    """
    return _is_file(reference, scope, ())


def _is_file(reference: Reference, scope: Scope, seen: tuple[Call, ...]) -> bool:
    if isinstance(reference, InputReference):
        return True
    if not isinstance(reference, OutputReference) or reference.task not in scope.calls or reference.is_results:
        return False
    call = scope.calls[reference.task]
    if call.loop is not None:
        return is_folder(reference, scope)
    found = scope.output_of(reference)
    if found is not None and call.prints(found):
        return False
    known = call.implementation.yields_file(found) if found is not None else None
    if known is not None:
        return known
    if call.scope is None or found is None or call in seen:  # a recursive pipeline asks again
        return True
    values = (output.value for output in call.scope.outputs if output.name == found.name)
    return all(_is_stored(value, call.scope, (*seen, call)) for value in values)


def _is_stored(value: object, scope: Scope, seen: tuple[Call, ...]) -> bool:
    whole = whole_of(value)
    return whole is not None and may_be_file(whole) and all(_is_file(each, scope, seen) for each in references(whole))


def may_be_missing(node: object, scope: Scope) -> bool:
    """True for the file of a task that may be skipped, also where that stands in a group which the compiler made."""
    producer = scope.calls.get(node.task) if isinstance(node, OutputReference) else None
    if producer is None or not isinstance(node, OutputReference) or producer.loop is not None:
        return False
    found, inner = scope.output_of(node), producer.scope
    if producer.task.when is not None or inner is None or inner.parent is None or found is None:
        return producer.task.when is not None
    values = [output.value for output in inner.outputs if output.name == found.name]
    return any(isinstance(each, Text) and may_be_missing(each.whole, inner) for each in values)


def may_lack_files(reference: OutputReference, scope: Scope, seen: tuple[Call, ...] = ()) -> bool:
    """True for an output of a loop whose folder may be empty, since no item, or no task in an item, writes a file."""
    call, found = scope.calls[reference.task], scope.output_of(reference)
    if call.may_be_skipped or call.scope is None or found is None or call in seen:
        return call.may_be_skipped
    inside = call.scope.yielded(found.name)
    return inside is not None and may_lack_files(inside, call.scope, (*seen, call))


def has_default(node: object, target: Input, scope: Scope) -> bool:
    """True for the file of a task that may be skipped, where the default of an input counts then."""
    producer = scope.calls.get(node.task) if isinstance(node, OutputReference) else None
    return target.default is not None and producer is not None and producer.loop is None and producer.may_be_skipped
