"""Outputs that somebody takes or stores, and that the command of their component never writes."""

from __future__ import annotations

from transpiler.dataflow.instances import Instance, writes
from transpiler.diagnostics import Related, Report, Span
from transpiler.model.expressions.tree import OutputReference, Text
from transpiler.model.ports import Output
from transpiler.resolve.scope import Call


def check_unwritten(call: Call, caller: Instance, report: Report) -> None:
    """Outputs of other tasks that a call takes must be written."""
    for argument in call.arguments.values():
        if isinstance(argument.value, Text):
            check_written(argument.value, caller, report)


def check_written(value: Text, caller: Instance, report: Report) -> None:
    """An output that the command never writes would fail the run, not the compilation, in KFP."""
    for reference in value.references:
        if not isinstance(reference, OutputReference) or reference.is_results or caller.scope is None:
            continue
        found = caller.scope.output_of(reference)
        producer = caller.callees[reference.task]
        if found and not found.is_printed and not writes(producer, found.name):
            _never_written(reference.task, found, reference.output_span, report)


def check_stored_outputs(call: Call, callee: Instance, report: Report) -> None:
    """A stored output must be written by the command."""
    for storage in call.task.settings.storage:
        found = callee.component.output(storage.output) if callee.component else None
        if found and not writes(callee, storage.output):
            _never_written(call.task.name, found, storage.span, report)


def _never_written(task: str, output: Output, span: Span, report: Report) -> None:
    message = f"the command of task `{task}` never writes the output `{output.name}`"
    related = (Related("the output", output.span),)
    report.error(
        "output-never-written",
        message,
        span,
        "add an outputPath to the component's command, or an entry to `fileOutputs`",
        related,
    )
