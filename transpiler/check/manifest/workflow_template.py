"""A manifest that runs a template of the cluster instead of tasks (`workflowTemplateRef`)."""

from __future__ import annotations

from transpiler.diagnostics import Report
from transpiler.model.pipeline import Pipeline


def check_tasks_beside(pipeline: Pipeline, report: Report) -> None:
    """The template determines everything that runs, so the manifest has no tasks of its own."""
    for key, span in pipeline.workflow_template.beside if pipeline.workflow_template is not None else ():
        message = f"`{key}` cannot be combined with `workflowTemplateRef`, which determines everything that runs"
        hint = "delete it; to call a single template of the cluster, use `templateRef` in a task"
        report.error("conflicting-keys", message, span, hint)


def check_template_kind(pipeline: Pipeline, kind: str, report: Report) -> None:
    """A template of the cluster is run by a Workflow or CronWorkflow, and cannot be part of another template."""
    if pipeline.workflow_template is not None and kind not in {"Workflow", "CronWorkflow"}:
        message = f"a {kind} cannot be a reference to another template"
        hint = "compile it to a Workflow, or add a `schedule`"
        report.error("wrong-setting", message, pipeline.workflow_template.span, hint)
