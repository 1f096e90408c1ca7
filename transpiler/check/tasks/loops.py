"""Loops: their lists and ranges, and the inputs that get the items."""

from __future__ import annotations

from collections.abc import Iterator

from transpiler.argo.limits import MAX_ITEMS, is_int64
from transpiler.argo.sequences import digits_of
from transpiler.check.expressions.optional_inputs import Around, check_left_out
from transpiler.check.expressions.type_names import misspelt
from transpiler.check.references.unmarked_references import is_meant, warn_meant
from transpiler.check.tasks.literals import text_for
from transpiler.check.tasks.matrix import check_matrix
from transpiler.diagnostics import Related, Report
from transpiler.model.expressions.search import try_references_of
from transpiler.model.expressions.tree import InputReference, ItemReference, Text, reference_of
from transpiler.model.expressions.types import WrongLiteral, fits
from transpiler.model.ports import Input
from transpiler.model.task import Argument, Loop
from transpiler.model.values import Literal, Value
from transpiler.read.yaml.nodes import Map, Unusable
from transpiler.resolve.passed_inputs import passed_around
from transpiler.resolve.scope import Call, Scope, calls_of
from transpiler.resolve.types import INTEGER, LIST, is_folder, type_of_value


def check_written_loop(loop: Loop | None, report: Report) -> None:
    """A literal loop must have items, and no more than a run can hold."""
    if loop is None:
        return
    if loop.matrix is not None:
        check_matrix(loop.matrix, report)
        return
    if loop.items == ():
        report.error("wrong-value", "the list has no items", loop.span, "delete the task, or write the items")
    ends = (("range", loop.count), ("start", loop.start), ("end", loop.end))
    if loop.numbers is None or any(isinstance(value, Unusable) for _, value in ends):
        return
    are_right = [_check_number(value, name, loop.numbers, report) for name, value in ends if name in loop.numbers]
    if all(are_right) and _check_step(loop, loop.numbers, report):
        _check_length(loop, loop.numbers, report)


def _check_number(given: Value | None, name: str, value: Map, report: Report) -> bool:
    """False for an end of a sequence that no run can count to, which is reported."""
    if not isinstance(given, Literal):
        return True
    if name == "range" and given.value < 1:
        message = f"a range of {given.value} has no items"
        report.error("wrong-value", message, value.value_span(name), "delete the task, or write the number of its runs")
    elif not is_int64(given.value):
        report.error(
            "wrong-value", f"`{name}` needs more than 64 bits", value.value_span(name), "write a smaller number"
        )
    else:
        return True
    return False


def _check_step(loop: Loop, value: Map, report: Report) -> bool:
    """A step leads somewhere, and Argo itself writes no numbers of one: what does can write digits alone."""
    if value.get("step") == 0:
        hint = "delete it to count up, or write -1 to count down"
        report.error("wrong-value", "the step of a range cannot be 0", value.value_span("step"), hint)
    elif not is_int64(loop.step):
        report.error(
            "wrong-value", "`step` needs more than 64 bits", value.value_span("step"), "write a smaller number"
        )
    elif loop.step != 1 and loop.format and digits_of(loop.format) is None:
        message = f"a loop with a `step` cannot use the format `{loop.format}`"
        report.error("wrong-value", message, value.value_span("format"), "use %d, %3d or %03d, with any text around it")
    else:
        return True
    return False


def _check_length(loop: Loop, value: Map, report: Report) -> None:
    """A sequence that stands in the manifest has numbers, and not more than a run can hold."""
    length = loop.length
    if length == 0 and "end" in value:
        way = ("-1", "down") if loop.step > 0 else ("1", "up")
        hint = f"write `step: {way[0]}` to count {way[1]}, or delete the task"
        message = "the loop has no items, because its end is before its start: the task never runs"
        report.warning("empty-range", message, value.value_span("end"), hint)
    elif length is not None and length > MAX_ITEMS:
        key = "range" if "range" in value else "end"
        message = f"the loop has {length:,} items; a run can have {MAX_ITEMS:,}"
        report.error(
            "wrong-value", message, value.value_span(key), "let each task process several items, or nest two loops"
        )


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
    axes = [(axis.source, LIST) for axis in (loop.matrix.axes if loop.matrix is not None else ())]
    ends = [(value, INTEGER) for value in (loop.count, loop.start, loop.end)]
    for value, wanted in ((loop.source, LIST), *axes, *ends):
        if not isinstance(value, Text) or try_references_of(value):
            continue  # which is reported
        given = type_of_value(value, scope)
        if not fits(given, wanted) or (wanted is LIST and is_file_of_a_loop_of(value, scope)):
            hint = _list_of(value, scope) if wanted is LIST else ""
            message = f"the loop takes {'a JsonArray' if wanted is LIST else 'an Integer'}, not {given.shown}"
            report.error("type-mismatch", message, loop.span, misspelt(given) or hint or "use a whole number")
        check_left_out(value, wanted, Around(lambda: passed_around(scope)), scope, report)


def _list_of(value: Text, scope: Scope) -> str:
    """The way to a list for a loop."""
    reference = value.plain_reference
    given = scope.input(reference.name) if isinstance(reference, InputReference) and scope.is_manifest else None
    if given is None:
        return "let a task yield the list as JSON, with the type JsonArray"
    return (
        f"declare `{given.name}: {{type: JsonArray}}`, or split it: `${{{{ split(inputs.{given.name}, ',') }}}}`"
        if given.type.name == "String"
        else f"declare `{given.name}: {{type: JsonArray}}`"
    )


def is_file_of_a_loop_of(value: Text, scope: Scope) -> bool:
    """True for a value that is a file which each item of another loop writes."""
    return value.plain_reference is not None and is_folder(value.plain_reference, scope)


def _items(call: Call, scope: Scope, report: Report) -> None:
    """Each item of a literal list must have the type of the input that gets it."""
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
        reference = reference_of(argument.value)
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
