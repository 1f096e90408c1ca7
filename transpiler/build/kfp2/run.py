"""KFP v2's placeholders for the run that a component is part of (kfp.dsl's `PIPELINE_…`), in Argo's tags."""

from __future__ import annotations

from typing import Final

TAGS: Final = {
    "pipeline_job_name": "{{workflow.name}}",
    "pipeline_job_resource_name": "{{workflow.name}}",
    "pipeline_job_uuid": "{{workflow.uid}}",
    "pipeline_job_create_time_utc": "{{workflow.creationTimestamp.RFC3339}}",
    "pipeline_task_name": "{{tasks.name}}",
    "pipeline_task_uuid": "{{pod.name}}",
}
"""Placeholder → the tag that means the same. `tasks.name` is the DAG task, in the pod of a task too
(Argo's workflow/controller/operator.go, executeTemplate)."""

NOT_HERE: Final = {
    "pipeline_root": "a run has no folder: Argo's artifact repository determines where files are stored",
    "workspace_path": "there is no volume that all tasks share",
    "pipeline_job_schedule_time_utc": "use pipeline_job_create_time_utc",
}
"""Placeholder → why plain Argo has nothing like it."""


def with_run_tags(text: str) -> str:
    """A default in which placeholders stand, as kfp.dsl.PIPELINE_JOB_NAME_PLACEHOLDER does."""
    for name, tag in TAGS.items():
        text = text.replace(f"{{{{$.{name}}}}}", tag)
    return text
