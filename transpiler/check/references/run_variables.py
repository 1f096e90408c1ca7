"""Variables that a run may lack: its labels and annotations, its priority, the time it was scheduled for.

Argo puts nothing in for a variable that a run has not: the program gets the tag itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from transpiler.argo.variables import GLOBAL_OUTPUT, is_sometimes
from transpiler.diagnostics import Report
from transpiler.model.expressions.absence import guarded
from transpiler.model.expressions.search import expressions_in
from transpiler.model.expressions.tree import Expression, WorkflowReference, references
from transpiler.model.pipeline import Pipeline
from transpiler.read.yaml import fields
from transpiler.read.yaml.nodes import Map
from transpiler.resolve.program import Program
from transpiler.resolve.scope import calls_of, expressions_of

_SAY: Final = {
    "labels": "declare it in the `labels` of the pipeline",
    "annotations": "declare it in the `annotations` of the pipeline",
    "priority": "set it: `priority: N` of the pipeline",
    "scheduledTime": "add a `schedule`",
}


def check_run_variables(pipeline: Pipeline, program: Program, kind: str, report: Report) -> None:
    """Report each use of a variable that a run of the pipeline may lack, and that says nothing of what counts then."""
    if not pipeline.is_complete:
        return
    known = set(_known(pipeline, kind))
    for node in expressions_of_the_run(pipeline, program):
        safe = {id(each) for each in guarded(node)}
        for reference in references(node):
            if isinstance(reference, WorkflowReference) and id(reference) not in safe:
                _check(reference, known, kind, report)


def _check(reference: WorkflowReference, known: set[str], kind: str, report: Report) -> None:
    name = reference.name
    if name.startswith(GLOBAL_OUTPUT) or name in known or not is_sometimes(name):
        return
    root = name.partition(".")[0]
    message = f"a run of a {kind} may not have `workflow.{name}`: the tag would be passed as a string"
    if name == "scheduledTime":
        message = "only a run that a schedule starts has `workflow.scheduledTime`: the tag would be passed as a string"
    instead = {"scheduledTime": "workflow.creationTimestamp", "priority": "0"}.get(root, "'none'")
    hint = f"give an alternative: ${{{{ {_written(name)} ?? {instead} }}}}, or {_SAY[root]}"
    report.error("unknown-variable", message, reference.span, hint)


def _written(name: str) -> str:
    root, _, rest = name.partition(".")
    if not rest:
        return f"workflow.{root}"
    return f"workflow.{root}.{rest}" if rest.isidentifier() else f"workflow.{root}['{rest}']"


def expressions_of_the_run(pipeline: Pipeline, program: Program) -> Iterator[Expression]:
    """Every expression of a pipeline."""
    for slot in pipeline.slots:
        yield from expressions_in(slot.text)
    for scope in program.scopes:
        for each in (*scope.inputs, *scope.outputs):
            yield from expressions_in(each)
        for call in calls_of(scope):
            yield from expressions_of(call)


# ---------------------------------------------------------------------- the variables of a run


def _known(pipeline: Pipeline, kind: str) -> Iterator[str]:
    """The variables that every run of the pipeline has, of those that not every run has."""
    passed = dict(pipeline.argo)
    spec = passed.get("spec")
    if kind == "CronWorkflow":
        yield "scheduledTime"
    if spec is not None and "priority" in spec:
        yield "priority"
    yield from (f"labels.{name}" for name, _ in pipeline.labels)
    if kind == "Workflow":  # else these are of the template, and not of its runs
        yield from (f"annotations.{name}" for name, _ in pipeline.annotations)
        yield from _named(passed.get("metadata"))
    yield from _named(fields.mapping(spec, "workflowMetadata") if spec is not None else None)


def _named(metadata: Map | None) -> Iterator[str]:
    for key, root in (("labels", "labels"), ("labelsFrom", "labels"), ("annotations", "annotations")):
        names = fields.mapping(metadata, key) if metadata is not None else None
        yield from (f"{root}.{name}" for name in names or ())
