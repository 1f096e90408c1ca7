"""What the items of a loop print, where that is used."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from transpiler.dataflow.instances import Instance
from transpiler.diagnostics import Report
from transpiler.model.expressions.search import references_of
from transpiler.model.expressions.tree import OutputReference
from transpiler.resolve.scope import Call, Scope


def check_printed_in_loops(instances: Sequence[Instance], report: Report) -> None:
    """Argo reads what each item of a loop prints as JSON (workflow/controller, processAggregateNodeOutputs)."""
    seen: set[Call] = set()
    for scope, reference in (each for instance in instances for each in _wanted(instance)):
        call, output = scope.calls.get(reference.task), scope.output_of(reference)
        if call is None or call.loop is None or call.implementation.is_in_cluster or call in seen:
            continue
        if output is not None and call.prints(output):
            seen.add(call)
            message = f"Argo parses what each item of `{call.task.name}` prints as JSON, and ends the run if it is not"
            hint = "let it print JSON, or use an output that it declares instead of its standard output"
            report.warning("loop-result", message, reference.span, hint)


def _wanted(instance: Instance) -> Iterator[tuple[Scope, OutputReference]]:
    """The outputs of tasks that other tasks of a DAG use, and those that its callers want of it."""
    scope = instance.scope
    if scope is not None:
        outputs = tuple(output for output in scope.outputs if output.name in instance.yields)
        for reference in references_of((tuple(call.task for call in scope.calls.values()), outputs)):
            if isinstance(reference, OutputReference):
                yield scope, reference
