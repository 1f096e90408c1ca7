"""References where nobody puts a value in: what a run only knows later than that is read, or never."""

from __future__ import annotations

from transpiler.diagnostics import Report
from transpiler.model.pipeline import Pipeline
from transpiler.model.settings import Settings, Slot
from transpiler.read.expressions import InputReference, WorkflowReference, references_of
from transpiler.resolve.edges import resolve_workflow
from transpiler.resolve.scope import Scope, calls_of
from transpiler.suggest import suggestion


def check_pipeline_places(pipeline: Pipeline, scope: Scope, report: Report) -> None:
    """References in what a manifest says of the whole run."""
    for slot in pipeline.slots:
        if slot.path[:2] == ("argo", "spec"):
            _of_the_run(slot, pipeline, scope, report)
        else:
            place = slot.path[0] if slot.path[0] != "argo" else slot.path[1]
            _misplaced(slot, f"nobody puts a value into `{place}`", "write the text itself", report)


def check_places(scope: Scope, report: Report) -> None:
    """References in Argo's own fields of a scope's tasks."""
    for call in calls_of(scope):
        for slot in _slots(call.task.settings):
            if "inline" in slot.path:
                message = "a template under `inline` sees only inputs of its own"
                hint = "give it an input, and pass that in the `arguments` beside `inline`"
                _misplaced(slot, message, hint, report)
            else:
                check_braces(slot, report)


def check_braces(slot: Slot, report: Report) -> None:
    """Three braces are another tag for Argo."""
    for part, following in zip(slot.text.parts, slot.text.parts[1:], strict=False):
        if isinstance(part, str) and part.endswith("{") and not isinstance(following, str):
            message = "`{` before a reference: Argo would read three braces as another tag"
            report.error("argo-tag", message, following.span, "put a space between them")


def _slots(settings: Settings) -> tuple[Slot, ...]:
    trees = (settings.argo_template, settings.argo_container, settings.argo_task)
    return (*settings.own, *(slot for tree in trees if tree is not None for slot in tree.slots))


def _of_the_run(slot: Slot, pipeline: Pipeline, scope: Scope, report: Report) -> None:
    """The spec is read before any task runs: it knows what the run was given, and the run itself."""
    check_braces(slot, report)
    for reference in references_of(slot.text):
        if isinstance(reference, InputReference):
            names = [given.name for given in pipeline.inputs]
            if reference.name not in names and "inputs" not in pipeline.open_names:
                hint = suggestion(reference.name, names, "inputs")
                report.error("unknown-input", f"there is no input `{reference.name}`", reference.span, hint)
        elif isinstance(reference, WorkflowReference):
            resolve_workflow(reference, scope, report)
        else:
            message = "only inputs of the pipeline and variables of the run are known here"
            report.error("misplaced-reference", message, reference.span, "say it of a task, under its own `argo`")


def _misplaced(slot: Slot, message: str, hint: str, report: Report) -> None:
    for reference in references_of(slot.text)[:1]:
        report.error("misplaced-reference", f"a reference cannot stand here: {message}", reference.span, hint)
