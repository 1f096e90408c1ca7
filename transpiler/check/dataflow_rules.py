"""What shows only once it is known who calls what: absent inputs, unwritten outputs, and Argo's limits."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from transpiler.check.files.file_texts import check_file_texts
from transpiler.check.files.loop_files import check_collected, check_files_of_loops
from transpiler.check.references.misplaced_references import report_file_as_value
from transpiler.check.tasks.caches import check_cache
from transpiler.dataflow.dataflow import Instance, Transport, passes_absence
from transpiler.diagnostics import Related, Report, Span
from transpiler.model.expressions.tree import InputReference, OutputReference, Reference, Text, references_of
from transpiler.model.expressions.types import literal_text, parse_type
from transpiler.model.implementation import Container
from transpiler.model.placeholders import JsonValue
from transpiler.model.ports import Output
from transpiler.model.task import Argument, Dag
from transpiler.model.template import RawTemplate, TemplateRef
from transpiler.model.values import Literal
from transpiler.resolve.files import is_choice
from transpiler.resolve.scope import Call, Scope


def check_instances(instances: Sequence[Instance], report: Report) -> None:
    """Rules about every use of every component."""
    _printed_in_loops(instances, report)
    for instance in instances:
        if instance.scope is None:
            continue
        for call, callee in instance.called:
            _absent(call, instance, report)
            _without_effect(call, callee, instance, report)
            _json_numbers(call, callee, instance, report)
            _unwritten(call, instance, report)
            check_files_of_loops(call, callee, instance.scope, report)
            _stored(call, callee, report)
            _files_by_value(call, callee, instance.scope, report)
            check_file_texts(call, callee, instance.scope, report)
            check_cache(call, callee, report)
        for output in instance.scope.outputs:
            if isinstance(output.value, Text) and output.name in instance.yields:
                _written(output.value, instance, report)
                check_collected(output.value, instance.scope, report)
                for reference in output.value.references if Transport.VALUE in instance.yields[output.name] else ():
                    _check_value(reference, instance.scope, report)


def _printed_in_loops(instances: Sequence[Instance], report: Report) -> None:
    """Argo reads what each item of a loop prints as JSON (workflow/controller, processAggregateNodeOutputs)."""
    seen: set[Call] = set()
    for scope, reference in (each for instance in instances for each in _wanted(instance)):
        call, output = scope.calls.get(reference.task), scope.output_of(reference)
        implementation = call.component.implementation if call is not None and call.component else None
        if call is None or call.loop is None or not isinstance(implementation, RawTemplate) or call in seen:
            continue
        if output is not None and output.name not in implementation.output_names:
            seen.add(call)
            message = (
                f"Argo reads what each item of `{call.task.name}` prints as JSON, and ends the run where it is none"
            )
            hint = "let it print JSON, or name an output parameter in place of what it prints"
            report.warning("loop-result", message, reference.span, hint)


def _wanted(instance: Instance) -> Iterator[tuple[Scope, OutputReference]]:
    """The outputs of tasks that other tasks of a DAG use, and those that its callers want of it."""
    scope = instance.scope
    if scope is not None:
        outputs = tuple(output for output in scope.outputs if output.name in instance.yields)
        for reference in references_of((tuple(call.task for call in scope.calls.values()), outputs)):
            if isinstance(reference, OutputReference):
                yield scope, reference


def _json_numbers(call: Call, callee: Instance, caller: Instance, report: Report) -> None:
    """A program that reads its values as JSON cannot read every number that Python can: `.5`, `1_000`, `007`."""
    for piece in callee.command.pieces if callee.command else ():
        argument = call.arguments.get(piece.name) if isinstance(piece, JsonValue) else None
        if argument is None or not isinstance(piece, JsonValue) or piece.kind not in {"Integer", "Float"}:
            continue
        text = _known_text(argument, piece.kind, caller)
        if text and not _is_json(text):
            message = f"`{text[:40]}` is no number in JSON, as which the component reads it"
            related = (Related("the component", piece.span),)
            report.error("type-mismatch", message, argument.span, "write it as 3, 0.5 or 1e-3", related)


def _known_text(argument: Argument, kind: str, caller: Instance) -> str:
    """What an argument passes, as far as it is known here: a literal, or the default of a manifest's input."""
    value = argument.value
    if isinstance(value, Literal):
        return literal_text(value.value, value.written, parse_type(kind))
    reference = value.plain_reference if isinstance(value, Text) and caller.component is None else None
    given = caller.scope.input(reference.name) if caller.scope and isinstance(reference, InputReference) else None
    return (given.default or "") if given else ""


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def _absent(call: Call, caller: Instance, report: Report) -> None:
    """An optional input that nobody passed cannot go on to a required one."""
    for argument in call.arguments.values():
        target = call.component.input(argument.name) if call.component else None
        if target and target.required and passes_absence(argument.value, caller):
            report.error(
                "missing-argument",
                f"task `{call.task.name}` needs `{target.name}`, and nobody passes it here",
                argument.span,
                "pass it where this component is used",
                (Related(f"`{target.name}` is required here", target.span),),
            )


def _without_effect(call: Call, callee: Instance, caller: Instance, report: Report) -> None:
    for argument in call.arguments.values():
        if argument.name not in callee.takes and not passes_absence(argument.value, caller):
            message = f"the argument `{argument.name}` has no effect: nothing in the component uses it here"
            report.warning("unused-argument", message, argument.name_span, "delete it, or correct the component")


def _unwritten(call: Call, caller: Instance, report: Report) -> None:
    for argument in call.arguments.values():
        if isinstance(argument.value, Text):
            _written(argument.value, caller, report)


def _written(value: Text, caller: Instance, report: Report) -> None:
    """An output that the command never writes would fail the run, not the compilation, in KFP."""
    for reference in value.references:
        if not isinstance(reference, OutputReference) or caller.scope is None:
            continue
        found = caller.scope.output_of(reference)
        producer = caller.callees[reference.task]
        if found and not _writes(producer, found.name):
            _never_written(reference.task, found, reference.output_span, report)


def _files_by_value(call: Call, callee: Instance, scope: Scope, report: Report) -> None:
    """A file among the pipeline's inputs has no value that a text, a condition or a setting could hold."""
    used = references_of((call.task.when, call.task.loop, call.task.settings))
    for argument in call.arguments.values():
        whole = argument.value.whole if isinstance(argument.value, Text) else None
        by_value = callee.scope is None and Transport.VALUE in callee.takes.get(argument.name, Transport.NONE)
        if whole is None or not is_choice(whole) or by_value:  # a DAG hands on what stands by itself
            used += references_of(argument.value)
    for reference in used:
        _check_value(reference, scope, report)


def _check_value(reference: Reference, scope: Scope, report: Report) -> None:
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


def _stored(call: Call, callee: Instance, report: Report) -> None:
    """What is to be stored must be written."""
    for storage in call.task.settings.storage:
        found = callee.component.output(storage.output) if callee.component else None
        if found and not _writes(callee, storage.output):
            _never_written(call.task.name, found, storage.span, report)


def _never_written(task: str, output: Output, span: Span, report: Report) -> None:
    message = f"task `{task}` never writes its output `{output.name}`"
    related = (Related("the output", output.span),)
    report.error("output-never-written", message, span, "the component's command has no outputPath for it", related)


def _writes(producer: Instance, output: str) -> bool:
    assert producer.component is not None
    implementation = producer.component.implementation
    if isinstance(implementation, (RawTemplate, TemplateRef)):
        return True
    if isinstance(implementation, Dag):
        return any(given.name == output for given in implementation.outputs)
    if isinstance(implementation, Container) and output in implementation.fixed_paths:
        return True
    return producer.command is not None and output in producer.command.written
