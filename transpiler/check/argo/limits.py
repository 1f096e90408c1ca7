"""The limits of a cluster that splitting cannot avoid."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from transpiler.argo.labels import MAX_ANNOTATIONS, annotation_bytes
from transpiler.argo.limits import MAX_INPUTS, MAX_OBJECT_BYTES, MAX_REQUEST_BYTES, MAX_TASKS
from transpiler.dataflow.instances import Instance
from transpiler.diagnostics import Report, Span
from transpiler.model.pipeline import Pipeline
from transpiler.model.transport import Transport

_REFUSED: Final = "clusters with the full CRD (the default since Argo v4.0) refuse this"


def check_dag_limits(instances: Sequence[Instance], where: Span, report: Report) -> None:
    """Warn about DAGs over the limits of Argo's CRD. `where` is the position of the pipeline."""
    for instance in instances:
        span = instance.component.span if instance.component else where
        count = len(instance.scope.calls) if instance.scope else 0
        if count > MAX_TASKS:
            message = f"{count:,} tasks must stay in one DAG; Argo's CRD allows {MAX_TASKS}"
            hint = f"{_REFUSED}: put some of the tasks that test, or replace, each other's results into groups"
            report.warning("too-many-tasks", message, span, hint)
        taken = sum(Transport.VALUE in way for way in instance.takes.values())
        if instance.component is not None and taken > MAX_INPUTS:
            message = f"`{instance.component.name}` takes {taken:,} values; Argo's CRD allows {MAX_INPUTS}"
            hint = f"{_REFUSED}: pass a JSON list or a file instead of single values"
            report.warning("too-many-inputs", message, span, hint)


def check_annotations(pipeline: Pipeline, report: Report) -> None:
    """Refuse annotations of the run, of which the description is one, that Kubernetes does not store."""
    size = annotation_bytes((*pipeline.annotations, ("workflows.argoproj.io/description", pipeline.description)))
    span = dict(pipeline.run_only).get("annotations", pipeline.span)
    report_annotations(size, span, report)


def report_annotations(size: int, span: Span, report: Report) -> None:
    """Report annotations of one object that are too much."""
    if size > MAX_ANNOTATIONS:
        message = f"the annotations have {size:,} bytes; Kubernetes allows {MAX_ANNOTATIONS:,} for one object"
        report.error(
            "too-large",
            message,
            span,
            "shorten the descriptions and annotations, or move long texts into a file or an image",
        )


def check_object_size(
    objects: Sequence[int], expensive: Sequence[tuple[str, int, int]], written: int, where: Span, report: Report
) -> None:
    """Warn about objects over the size limit. `objects` are the bytes of JSON of each, `written` those of the YAML.

    A run keeps a copy of every template that it calls by `templateRef` in its own status, which is stored with it. So
    several objects can contain more than one, but a run of them is stored as one.
    """
    total = sum(objects)
    if total <= MAX_OBJECT_BYTES:
        return
    most = ", ".join(_share(name, size, tasks, total) for name, size, tasks in expensive)
    message = (
        f"{total:,} bytes of JSON ({written:,} of YAML), {-(-total * 100 // MAX_OBJECT_BYTES)}% of what Argo stores"
        f" in one object; most of it: {most}"
    )
    several = f"it is written as {len(objects)} objects, but a" if len(objects) > 1 else "a"
    hint = f"{several} run is stored as a whole: it needs Argo's offloading of node status"
    if total > MAX_REQUEST_BYTES:
        hint += f", and an etcd with a limit above the default of {MAX_REQUEST_BYTES:,} bytes"
    if max(objects) > MAX_OBJECT_BYTES:
        hint = f"one DAG with its arguments has {max(objects):,} bytes, which no cluster can store"
    hint += "; replace similar tasks by one with `forEach`, and move long strings into files or images"
    report.warning("too-large", message, where, hint)


def _share(name: str, size: int, tasks: int, total: int) -> str:
    percent = f"{size * 100 // total}%"
    if not tasks:
        return f"{name} {percent}"
    return f"`{name}` {percent} ({tasks:,} task{'' if tasks == 1 else 's'})"
