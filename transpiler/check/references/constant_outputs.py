"""Outputs of pipelines, groups and graph components that come from no task."""

from __future__ import annotations

from transpiler.diagnostics import Report
from transpiler.model.expressions.search import references_of
from transpiler.model.expressions.tree import FactReference, OutputReference, Text
from transpiler.model.values import Literal
from transpiler.resolve.scope import Scope


def check_constant_outputs(scope: Scope, report: Report) -> None:
    """An output must come from a task: callers know every other value themselves."""
    for output in scope.outputs:
        found = list(references_of(output))
        from_tasks = any(isinstance(each, (OutputReference, FactReference)) for each in found)
        if report.failed and any(report.says_something_at(each.span) for each in found):
            continue  # a name that nothing has may be that of a task
        if isinstance(output.value, Literal) or (isinstance(output.value, Text) and not from_tasks):
            report.error(
                "wrong-output",
                f"the output `{output.name}` does not come from a task",
                output.value_span,
                "write one reference, such as ${{ tasks.NAME.output }}"
                if scope.is_manifest
                else "write {taskOutput: {taskId: ..., outputName: ...}}",
            )
