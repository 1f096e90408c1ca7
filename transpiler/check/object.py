"""The third list of rules: about the finished object, which nothing changes any more."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from transpiler.argo.versions import NEWEST
from transpiler.check.argo.limits import check_dag_limits, check_object_size
from transpiler.check.argo.pass_through import check_called_templates, check_merged_templates
from transpiler.check.manifest.images import check_unused_images
from transpiler.dataflow.instances import Dataflow
from transpiler.diagnostics import Report
from transpiler.model.pipeline import Pipeline
from transpiler.resolve.program import Program


class Finished(NamedTuple):
    """The facts about an object that the rules judge."""

    templates: Mapping[str, Collection[str]]
    """The name of each template, also of those in Argo's own fields, with the names of its fields."""
    objects: Sequence[int]
    """The bytes of each object that it is stored as, in JSON."""
    expensive: Sequence[tuple[str, int, int]]
    """The templates that take most of them: name, bytes, number of tasks."""
    written: int
    """The bytes of the YAML."""
    images: Sequence[str] = ()
    """The images as the manifest has them, if an environment writes others."""


def check_object(finished: Finished, pipeline: Pipeline, lowered: Program, dataflow: Dataflow, report: Report) -> None:
    """Every rule about the object. `lowered` is the pipeline that it runs, with its dataflow."""
    check_dag_limits(dataflow.instances, pipeline.span, report)
    check_merged_templates(pipeline, finished.templates, report)
    check_called_templates(pipeline, lowered, finished.templates, report)
    check_unused_images(pipeline.images, finished.images, report)
    if not report.failed:
        check_object_size(finished.objects, finished.expensive, finished.written, pipeline.span, report)


def check_object_in(
    version: str, node: Mapping[str, Any], pipeline: Pipeline, lowered: Program, report: Report
) -> None:
    """Every rule about the object for the version of Argo that it is for; the newest has no such rule."""
    if version != NEWEST:
        from transpiler.check.argo.versions import check_in_version  # noqa: PLC0415 - only older versions need it

        check_in_version(node, pipeline, lowered, version, report)
