"""Times of a scheduled run that are written in another time zone than that of the schedule."""

from __future__ import annotations

from transpiler.check.references.run_variables import expressions_of_the_run
from transpiler.diagnostics import Report
from transpiler.model.expressions.tree import Expression, FunctionCall, WorkflowReference, alternatives, walk
from transpiler.model.pipeline import Pipeline
from transpiler.resolve.program import Program


def check_time_zones(pipeline: Pipeline, program: Program, kind: str, report: Report) -> None:
    """Warn of `formatTime` without a zone, where the schedule has one: a night run may get the day before."""
    zone = dict(pipeline.schedule.fields).get("timezone") if pipeline.schedule is not None else None
    if kind != "CronWorkflow" or not isinstance(zone, str) or zone in {"", "UTC", "Etc/UTC"}:
        return
    for root in expressions_of_the_run(pipeline, program):
        for node in walk(root):
            if isinstance(node, FunctionCall) and node.name == "formatTime" and len(node.arguments) == 2:
                _check(node, zone, report)


def _check(node: FunctionCall, zone: str, report: Report) -> None:
    if any(map(_is_of_the_run, alternatives(node.arguments[0]))):
        message = f"the times of a run are in the time zone of Argo's controller, usually UTC, not in {zone}"
        hint = f"name the zone: formatTime(time, format, '{zone}'), or 'UTC' to keep the other"
        report.warning("time-zone", message, node.span, hint)


def _is_of_the_run(node: Expression) -> bool:
    if isinstance(node, FunctionCall) and node.name in {"addDays", "addHours"} and node.arguments:
        return any(map(_is_of_the_run, alternatives(node.arguments[0])))
    return isinstance(node, WorkflowReference) and node.name in {"scheduledTime", "creationTimestamp"}
