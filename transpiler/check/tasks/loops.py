"""Loops: what they run over, and what each item is passed to."""

from __future__ import annotations

from collections.abc import Iterator

from transpiler.check.expressions.optional_inputs import check_left_out
from transpiler.check.expressions.type_names import misspelt
from transpiler.check.references.unmarked_references import is_meant, warn_meant
from transpiler.check.tasks.literals import text_for
from transpiler.diagnostics import Related, Report
from transpiler.model.expressions.tree import ItemReference, Text
from transpiler.model.expressions.types import WrongLiteral, fits
from transpiler.model.ports import Input
from transpiler.model.task import Argument
from transpiler.model.values import Literal
from transpiler.resolve.scope import Call, Scope, calls_of
from transpiler.resolve.types import INTEGER, LIST, is_folder, type_of_value


def check_loops(scope: Scope, report: Report) -> None:
    """Run every rule about the loops of a scope."""
    for call in calls_of(scope):
        _items(call, scope, report)
        _source(call, scope, report)


def _source(call: Call, scope: Scope, report: Report) -> None:
    """What a loop runs over is a JSON list, and what it counts with are whole numbers."""
    loop = call.loop
    if loop is None:
        return
    for value, wanted in ((loop.source, LIST), (loop.count, INTEGER), (loop.start, INTEGER), (loop.end, INTEGER)):
        if not isinstance(value, Text):
            continue
        given = type_of_value(value, scope)
        if not fits(given, wanted) or (loop.source is value and is_file_of_a_loop_of(value, scope)):
            hint = "let a task yield the list as JSON, with the type JsonArray" if wanted is LIST else ""
            message = f"the loop takes {'a JsonArray' if wanted is LIST else 'an Integer'}, not {given.shown}"
            report.error("type-mismatch", message, loop.span, misspelt(given) or hint or "use a whole number")
        check_left_out(value, wanted, scope, report)


def is_file_of_a_loop_of(value: Text, scope: Scope) -> bool:
    """True for a value that is a file which each item of another loop writes."""
    return value.plain_reference is not None and is_folder(value.plain_reference, scope)


def _items(call: Call, scope: Scope, report: Report) -> None:
    """Each item of a literal list must be what the input takes that it is passed to."""
    loop = call.loop
    for item in loop.items or () if loop else ():
        names = [name for name, _ in item] if isinstance(item, tuple) else []
        hidden = next((name for name in names if any(each.startswith(f"{name}.") for each in names)), None)
        if hidden is not None and loop is not None:
            message = f"Argo would not find the key `{hidden}` of an item, because another key starts with `{hidden}.`"
            report.error("wrong-value", message, loop.span, "rename one of the keys")
            break
    for argument in call.arguments.values() if loop and loop.items else ():
        target = call.component.input(argument.name) if call.component else None
        reference = argument.value.plain_reference if isinstance(argument.value, Text) else None
        if target is not None and isinstance(reference, ItemReference) and loop and reference.name == loop.alias:
            for value in _values(call, reference):
                if not _check_item(value, target, argument, call, scope, report):
                    break
                text = value.value if isinstance(value, Literal) else None
                warn_meant(text, call, scope, loop.span, report)


def _values(call: Call, reference: ItemReference) -> Iterator[object]:
    for item in call.loop.items or () if call.loop else ():
        if reference.key is None:
            yield item
        elif isinstance(item, tuple):
            yield dict(item).get(reference.key)


def _check_item(value: object, target: Input, argument: Argument, call: Call, scope: Scope, report: Report) -> bool:
    """False for an item that the input does not take, which is reported."""
    if isinstance(value, tuple) and target.type.name == "String":
        return True  # the JSON of a mapping is a text
    given = Literal({}, "") if isinstance(value, tuple) else value
    if not isinstance(given, Literal):
        return True
    try:
        text_for(call, given, target)
    except WrongLiteral as wrong:
        message = f"an item for input `{target.name}`: {wrong.message}"
        declared = (Related("the input", target.span),)
        code = "literal-reference" if is_meant(given.value, call, scope) else wrong.code
        report.error(code, message, argument.span, wrong.hint, declared)
        return False
    return True
