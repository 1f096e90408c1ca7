"""Inputs of a pipeline that nothing uses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from transpiler.argo.variables import ALL_ARGUMENTS
from transpiler.check.argo.nodes import fields_below, texts_below
from transpiler.diagnostics import Report
from transpiler.model.expressions.search import references_of
from transpiler.model.expressions.tree import InputReference, WorkflowReference
from transpiler.model.pipeline import Pipeline
from transpiler.patterns import regex
from transpiler.read.yaml.nodes import Map
from transpiler.resolve.program import Program
from transpiler.resolve.scope import Call, calls_of, stored_files_of

_TAG: Final = regex(r"(workflow|inputs)\.parameters(?:\.|\[['\"])([-\w]+)")
_ALL: Final = regex(r"workflow\.parameters(?:\.json)?(?![-\w.\[])")
"""All arguments of the run at once, as JSON."""


def check_unused_inputs(pipeline: Pipeline, program: Program, report: Report) -> None:
    """Inputs that no task uses; asked only when nothing is wrong, since a misspelt reference explains it.

    A template of the cluster may read any argument of the run: `{{workflow.parameters.NAME}}`.
    """
    calls = [call for scope in program.scopes for call in calls_of(scope)]
    texts = list(_texts(pipeline, calls))
    is_open = pipeline.workflow_template is not None or _calls_the_cluster(calls, pipeline)
    if is_open or any(_ALL.search(text) for _, text in texts):
        return
    said = references_of(
        (pipeline.dag, pipeline.on_exit, pipeline.hooks, pipeline.shared, pipeline.slots, pipeline.inputs)
    )
    if any(isinstance(each, WorkflowReference) and each.name in ALL_ARGUMENTS for each in said):
        return
    used = {reference.name for reference in said if isinstance(reference, InputReference)}
    used |= {name for roots, text in texts for root, name in _TAG.findall(text) if root in roots}
    for given in pipeline.inputs:
        if given.name not in used:
            report.warning(
                "unused-input",
                f"the input `{given.name}` is not used by any task",
                given.span,
                f"delete it, or use it as ${{{{ inputs.{given.name} }}}}",
            )


_RUN: Final = frozenset(["workflow"])
_DAG: Final = frozenset(["workflow", "inputs"])
"""Whose arguments tags can name: those of the run, and of the DAG that a task stands in."""


def _texts(pipeline: Pipeline, calls: Iterable[Call]) -> Iterator[tuple[frozenset[str], str]]:
    """Every text that Argo replaces tags in, with what they can name there; a template's `inputs` are its own."""
    shared = [part for each in pipeline.shared for part in (each.argo.template, each.argo.container)]
    for node in (*dict(pipeline.argo).values(), *shared):
        yield from _below(node, _DAG)
    for call in calls:
        task = call.task
        for _, stored in stored_files_of(call):
            yield from _below(stored.written, _DAG)
        yield from _below(task.argo.task, _DAG)
        for own in (task.template, task.argo.template, task.argo.container):
            yield from _below(own, _RUN)
        yield from ((_RUN, text) for text, _ in (call.component.texts if call.component else ()))


def _below(node: Map | None, roots: frozenset[str]) -> Iterator[tuple[frozenset[str], str]]:
    yield from ((roots, text) for text, _ in texts_below(node))


def _calls_the_cluster(calls: Iterable[Call], pipeline: Pipeline) -> bool:
    """True when some template of the cluster is called, in whatever way."""
    parts: list[Any] = [part for call in calls for part in (call.task.template, call.task.argo.task)]
    is_called = any(call.implementation.is_in_cluster for call in calls)
    return is_called or any(
        each.key == "templateRef"
        for part in (*parts, dict(pipeline.argo).get("spec"))
        for each in fields_below(part, "")
    )
