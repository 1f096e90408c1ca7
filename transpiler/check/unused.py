"""Inputs of a pipeline that nothing uses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from transpiler.check.argo.nodes import texts_below
from transpiler.check.checks import tasks_of
from transpiler.diagnostics import Report
from transpiler.model.pipeline import Pipeline
from transpiler.read.expressions import InputReference, references_of
from transpiler.read.nodes import Map

_TAG: Final = re.compile(r"(workflow|inputs)\.parameters(?:\.|\[['\"])([-\w]+)")


def check_unused(pipeline: Pipeline, report: Report) -> None:
    """Inputs that no task uses; asked only when nothing is wrong, since a misspelt reference explains it."""
    said = references_of((pipeline.dag, pipeline.on_exit, pipeline.defaults, pipeline.slots, pipeline.inputs))
    used = {reference.name for reference in said if isinstance(reference, InputReference)} | set(_in_tags(pipeline))
    for given in pipeline.inputs if pipeline.workflow_template is None else ():
        if given.name not in used:
            report.warning(
                "unused-input",
                f"no task uses the input `{given.name}`",
                given.span,
                f"delete it, or use it as ${{{{ inputs.{given.name} }}}}",
            )


def _in_tags(pipeline: Pipeline) -> Iterator[str]:
    """The inputs that Argo's own fields name by tags; a template's `inputs` are its own."""
    roots = {"workflow", "inputs"}
    defaults = pipeline.argo_defaults
    for node in (*dict(pipeline.argo).values(), defaults.template, defaults.container):
        yield from _named(node, roots)
    for dag in (pipeline.dag, *([pipeline.on_exit] if pipeline.on_exit else [])):
        for task in tasks_of(dag):
            yield from _named(task.argo.task, roots)
            for own in (task.template, task.argo.template, task.argo.container):
                yield from _named(own, {"workflow"})


def _named(node: Map | None, roots: set[str]) -> Iterator[str]:
    for text, _ in texts_below(node):
        yield from (name for root, name in _TAG.findall(text) if root in roots)
