"""Files where a value is needed: Argo has no value of one that is stored, or that its own templates write."""

from __future__ import annotations

from transpiler.check.references.misplaced_references import report_file_as_value
from transpiler.dataflow.instances import Instance
from transpiler.diagnostics import Related, Report
from transpiler.model.expressions.search import references_of
from transpiler.model.expressions.tree import InputReference, OutputReference, Reference, whole_of
from transpiler.model.ports import Output
from transpiler.model.transport import Transport
from transpiler.resolve.files import may_be_file
from transpiler.resolve.scope import Call, Scope


def check_files_by_value(call: Call, callee: Instance, scope: Scope, report: Report) -> None:
    """An input file of the pipeline has no value for a string, a condition or a setting."""
    used = references_of((call.task.when, call.task.loop, call.task.settings))
    for argument in call.arguments.values():
        whole = whole_of(argument.value)
        if whole is None or not may_be_file(whole) or wants_value(argument.name, callee):
            used += references_of(argument.value)
    for reference in used:
        check_file_as_value(reference, scope, report)


def wants_value(name: str, callee: Instance) -> bool:
    """True for an input taken by value. What a group takes so, and what is declared as a file, is reported inside."""
    is_group = callee.scope is not None and callee.scope.parent is not None
    given = callee.component.input(name) if callee.component is not None else None
    is_declared = given is not None and given.artifact is not None
    return Transport.VALUE in callee.takes.get(name, Transport.NONE) and not is_group and not is_declared


def check_file_as_value(reference: Reference, scope: Scope, report: Report) -> None:
    """Report a file that Argo has no value of: one that is stored, or that a template of Argo's own writes."""
    home, origin = scope.origin(reference)
    given = home.input(origin.name) if isinstance(origin, InputReference) else None
    if given is not None and given.artifact is not None:
        report_file_as_value(reference, given, report)
    elif isinstance(origin, OutputReference) and (output := home.output_of(origin)) is not None:
        _check_output(reference, output, home.calls[origin.task], report)


def _check_output(reference: Reference, output: Output, producer: Call, report: Report) -> None:
    if producer.implementation.yields_file(output):
        message = f"the output `{output.name}` of `{producer.task.name}` is a file, and Argo has no value of it"
        hint = "declare it under `parameters` of the outputs too, or pass it to an input that is taken by path"
        related = (Related("declared as an artifact here", output.span),)
        report.error("type-mismatch", message, reference.span, hint, related)
