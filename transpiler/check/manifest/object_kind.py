"""The kind of object that a manifest becomes: required keys, and keys without effect."""

from __future__ import annotations

from typing import Final

from transpiler.argo.schedules import schedule_fault
from transpiler.diagnostics import Related, Report, Span
from transpiler.model.pipeline import Pipeline

_LOCATION: Final = "give it a location, such as artifact: {s3: {key: orders.csv}}"
_CRON_ALONE: Final = "delete it, or compile to a CronWorkflow"


def check_ignored_keys(pipeline: Pipeline, kind: str, report: Report) -> None:
    """The keys of the manifest that do not apply to an object of that kind."""
    said, passed = dict(pipeline.run_only), dict(pipeline.argo)
    found: list[tuple[str, Span | None, str]] = []
    if kind != "CronWorkflow":
        found.append(("schedule", pipeline.schedule.span if pipeline.schedule is not None else None, _CRON_ALONE))
        found.append(("argo: {cron: ...}", passed["cron"].span if "cron" in passed else None, _CRON_ALONE))
    if kind == "ClusterWorkflowTemplate":
        hint = "delete it, or compile to a WorkflowTemplate; a ClusterWorkflowTemplate has no namespace"
        metadata = passed.get("metadata")
        own = metadata.key_span("namespace") if metadata is not None and "namespace" in metadata else None
        found += [("namespace", said.get("namespace"), hint), ("namespace", own, hint)]
    if kind in {"WorkflowTemplate", "ClusterWorkflowTemplate"}:
        spec = passed.get("spec")
        given = spec.key_span("priority") if spec is not None and "priority" in spec else None
        found.append(("priority", given, "set it for each run: `argo submit --from ... --priority N`"))
    for key, span, hint in found:
        if span is not None:
            report.warning("ignored-field", f"`{key}` has no effect in a {kind}", span, hint)


def check_schedule(pipeline: Pipeline, kind: str, report: Report) -> None:
    """A CronWorkflow starts runs without arguments."""
    if kind != "CronWorkflow":
        return
    if pipeline.schedule is None:
        hint = "add `schedule:`, such as `schedule: 0 2 * * *`"
        report.error("missing-key", "a CronWorkflow needs a `schedule`", pipeline.span, hint)
        return
    for line, span in pipeline.schedule.cron:
        fault = schedule_fault(line)
        if fault:
            message = f"the schedule `{line}` is invalid: {fault}"
            report.error("wrong-value", message, span, "minute, hour, day, month, day of the week")
    for given in pipeline.inputs:
        hides_default = given.has_wrong_default or (given.written is not None and given.written.has_mistakes)
        if given.required and not hides_default:
            message = f"the schedule passes no value to the input `{given.name}`"
            related = (Related("the schedule", pipeline.schedule.span),)
            hint = _LOCATION if given.is_passed_file else "give it a default"
            report.error("missing-argument", message, given.span, hint, related)


def check_passed_files(pipeline: Pipeline, kind: str, report: Report) -> None:
    """Nobody can pass a file to a Workflow: `argo submit` passes parameters only, and `argo lint` refuses the rest."""
    for given in pipeline.inputs if kind == "Workflow" else ():
        if given.is_passed_file and given.required:
            message = f"nobody can pass the file `{given.name}` to a Workflow: `argo submit` passes only values"
            hint = f"{_LOCATION}; or compile to a WorkflowTemplate, whose callers pass it with `templateRef`"
            report.error("missing-argument", message, given.span, hint)
