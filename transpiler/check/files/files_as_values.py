"""Files where a value is needed: Argo has no value of one that is stored, or that its own templates write."""

from __future__ import annotations

from transpiler.check.references.misplaced_references import report_file_as_value
from transpiler.dataflow.dataflow import Instance, Transport
from transpiler.diagnostics import Related, Report
from transpiler.model.expressions.tree import InputReference, OutputReference, Reference, Text, references_of
from transpiler.model.template import RawTemplate, TemplateRef
from transpiler.resolve.files import is_choice
from transpiler.resolve.scope import Call, Scope


def check_files_by_value(call: Call, callee: Instance, scope: Scope, report: Report) -> None:
    """A file among the pipeline's inputs has no value that a text, a condition or a setting could hold."""
    used = references_of((call.task.when, call.task.loop, call.task.settings))
    for argument in call.arguments.values():
        whole = argument.value.whole if isinstance(argument.value, Text) else None
        by_value = callee.scope is None and Transport.VALUE in callee.takes.get(argument.name, Transport.NONE)
        if whole is None or not is_choice(whole) or by_value:  # a DAG hands on what stands by itself
            used += references_of(argument.value)
    for reference in used:
        check_value(reference, scope, report)


def check_value(reference: Reference, scope: Scope, report: Report) -> None:
    """Report a file that Argo has no value of: one that is stored, or that a template of Argo's own writes."""
    home, origin = scope.origin(reference)
    given = home.input(origin.name) if isinstance(origin, InputReference) else None
    if given is not None and given.artifact is not None:
        report_file_as_value(reference, given, report)
    elif isinstance(origin, OutputReference) and (output := home.output_of(origin)) is not None:
        component = home.calls[origin.task].component
        raw = component.implementation if component else None
        in_the_cluster = isinstance(raw, TemplateRef) and raw.declares(output.name) and output.type.is_custom
        if in_the_cluster or (isinstance(raw, RawTemplate) and output.name in raw.output_artifacts):
            message = f"the output `{output.name}` of `{origin.task}` is a file, and Argo has no value of it"
            hint = "name it among the `parameters` of its outputs too, or pass it to an input that is taken by path"
            related = (Related("an artifact here", output.span),)
            report.error("type-mismatch", message, reference.span, hint, related)
