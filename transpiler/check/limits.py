"""What a cluster refuses because there is too much of it, as far as splitting has not helped."""

from __future__ import annotations

from collections.abc import Sequence

from transpiler.argo.limits import MAX_TASKS, MAX_TEMPLATES
from transpiler.diagnostics import Report, Span
from transpiler.resolve.dataflow import Instance

_REFUSED = "clusters with the full CRD (the default since Argo v4.0) refuse this Workflow"


def check_limits(instances: Sequence[Instance], where: Span, report: Report) -> None:
    """Warn about DAGs and Workflows over the limits of Argo's CRD. `where` stands for the pipeline."""
    for instance in instances:
        count = len(instance.scope.calls) if instance.scope else 0
        if count > MAX_TASKS:
            span = instance.component.span if instance.component else where
            message = f"{count:,} tasks that only one DAG can hold; Argo's CRD allows {MAX_TASKS}"
            hint = f"{_REFUSED}: they ask how each other ended, or stand in for each other; put some into groups"
            report.warning("too-many-tasks", message, span, hint)
    if len(instances) > MAX_TEMPLATES:
        message = f"{len(instances)} templates; Argo's CRD allows {MAX_TEMPLATES}"
        report.warning("too-many-templates", message, where, _REFUSED)
