"""`parallelism` and `failFast` of tasks: limits of groups and loops."""

from __future__ import annotations

from transpiler.diagnostics import Report, Span
from transpiler.model.pipeline import Pipeline
from transpiler.resolve.scope import Call, Scope, calls_of


def check_fail_fast_of_all(pipeline: Pipeline, report: Report) -> None:
    """`failFast` of a manifest, for all its tasks."""
    if pipeline.fail_fast:
        _no_effect(pipeline.span, report)


def check_parallelism(scope: Scope, report: Report) -> None:
    """Run every rule about the limits of a scope's tasks."""
    for call in calls_of(scope):
        _limits(call, report)


def _limits(call: Call, report: Report) -> None:
    """`parallelism` and `failFast` say something of loops and groups only."""
    task = call.task
    is_group = call.scope is not None and call.scope.group is not None
    if task.naming_loop is not None or is_group or call.component is None:
        if task.fail_fast:
            _no_effect(task.span, report)
        return
    for key, value in (("parallelism", task.parallelism), ("failFast", task.fail_fast)):
        if value is not None:
            message = f"`{key}` does not apply to a single task"
            report.error("wrong-setting", message, task.span, "move it to a group, or a task with `forEach`")


def _no_effect(span: Span, report: Report) -> None:
    """Argo starts whatever can start, until all that is there has ended (`executeDAG` of v4.0.7)."""
    message = "`failFast: true` has no effect: after a failure, Argo still starts the others"
    report.warning("ignored-field", message, span, "delete it; let tasks wait for those that must succeed first")
