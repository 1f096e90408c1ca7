"""References in fields that Argo reads before it can substitute values."""

from __future__ import annotations

from transpiler.check.references.unknown_variables import check_variable
from transpiler.check.tasks.injection import check_injection
from transpiler.diagnostics import Related, Report
from transpiler.model.argo_data import Slot
from transpiler.model.component import Component
from transpiler.model.expressions.search import references_of
from transpiler.model.expressions.tree import InputReference, Reference, WorkflowReference
from transpiler.model.pipeline import Pipeline
from transpiler.model.ports import Input
from transpiler.model.settings import Settings
from transpiler.read.schema.misplaced import REFERENCE
from transpiler.resolve.program import Program
from transpiler.resolve.scope import Scope, calls_of
from transpiler.suggest import suggestion


def check_misplaced_in_the_run(pipeline: Pipeline, scope: Scope, report: Report) -> None:
    """References in the keys that concern the whole run."""
    for slot in pipeline.slots:
        if slot.path[:2] == ("argo", "spec"):
            check_braces(slot, report)
            _of_the_run(slot, scope, report)
        else:
            place = slot.path[0] if slot.path[0] != "argo" else slot.path[1]
            _misplaced(slot, f"a reference in `{place}` is not replaced", "write the text itself", report)


def check_hidden_in_run_hooks(program: Program, report: Report) -> None:
    """The `when` of a hook of the run can use the arguments of the run, and no hidden input."""
    for hook in program.hooks:
        for call in hook.scope.calls.values():
            for reference in references_of(call.task.when):
                given = hook.scope.input(reference.name) if isinstance(reference, InputReference) else None
                if given is not None and given.hidden:
                    _hidden(reference, given, report)


def check_misplaced_references(scope: Scope, report: Report) -> None:
    """References in Argo's own fields of a scope's tasks, and in where the files of its inputs are stored."""
    for given in scope.inputs:
        for slot in given.artifact.slots if given.artifact is not None else ():
            _of_the_run(slot, scope, report)
    for call in calls_of(scope):
        check_injection(call, report)
        for slot in _slots(call.task.settings):
            if slot.path[:2] == ("inputs", "parameters"):
                message = "an input of a template cannot use another input"
                _misplaced(slot, message, "pass the value in the `arguments` of the task", report)
            else:
                check_braces(slot, report)


def check_component_texts(component: Component, report: Report) -> None:
    """A component has no references. `$` and a tag of Argo's would be both, the value with a `$` before it."""
    for text, span in component.texts:
        if REFERENCE.search(text) and not report.says_something_at(span):
            message = "a component cannot contain references; it can use only its own inputs"
            hint = "write {inputValue: NAME}, and pass the value in `arguments`; Argo's own tags have no `$`"
            report.error("misplaced-reference", message, span, hint)
    for slot in component.implementation.argo_slots:
        for reference in references_of(slot.text)[:1]:
            _in_a_template(reference, component, report)


def _in_a_template(reference: Reference, component: Component, report: Report) -> None:
    """Several tasks can run the template, so a reference would mean something else in each."""
    message = "a template of `components` cannot contain references; it can use only its own inputs"
    name = reference.name if isinstance(reference, InputReference) else "NAME"
    hint = f"write {{{{inputs.parameters.{name}}}}}"
    if component.input(name) is None:
        hint += f", declare it with `inputs: {{parameters: [{{name: {name}}}]}}`"
    report.error("misplaced-reference", message, reference.span, f"{hint}, and pass the value in `arguments`")


def check_braces(slot: Slot, report: Report) -> None:
    """Three braces are another tag for Argo."""
    for part, following in zip(slot.text.parts, slot.text.parts[1:], strict=False):
        if isinstance(part, str) and part.endswith("{") and not isinstance(following, str):
            message = "`{` before a reference: Argo would read the three braces as another tag"
            report.error("argo-tag", message, following.span, "put a space between them")


def _slots(settings: Settings) -> tuple[Slot, ...]:
    trees = (settings.argo_template, settings.argo_container, settings.argo_task)
    return (*settings.own, *(slot for tree in trees if tree is not None for slot in tree.slots))


def _of_the_run(slot: Slot, scope: Scope, report: Report) -> None:
    """Fields that are read before any task runs can use the arguments of the run, and its variables."""
    for reference in references_of(slot.text):
        if isinstance(reference, InputReference):
            _input(reference, scope, report)
        elif isinstance(reference, WorkflowReference):
            check_variable(reference, scope, report)
        else:
            message = "only inputs of the pipeline and variables of the run can be used here"
            report.error("misplaced-reference", message, reference.span, "move it to a task")


def _input(reference: InputReference, scope: Scope, report: Report) -> None:
    given = scope.input(reference.name)
    if given is not None and given.artifact is not None:
        report_file_as_value(reference, given, report)
    elif given is not None and given.hidden:
        _hidden(reference, given, report)
    elif given is None and "inputs" not in scope.incomplete_names:
        hint = suggestion(reference.name, [each.name for each in scope.inputs], "inputs")
        report.error("unknown-input", f"there is no input `{reference.name}`", reference.span, hint)


def _hidden(reference: Reference, given: Input, report: Report) -> None:
    message = f"`{given.name}` is hidden: it is not among the arguments of a run, which are read here"
    related = (Related("hidden here", given.span),)
    report.error("misplaced-reference", message, reference.span, "delete `hidden`", related)


def report_file_as_value(reference: Reference, given: Input, report: Report) -> None:
    """Report a file of the pipeline's inputs where a value is needed."""
    message = f"`{given.name}` is a file, and a value is required here"
    hint = "pass it to an input that the component takes by path"
    report.error("type-mismatch", message, reference.span, hint, (Related("declared as a file here", given.span),))


def _misplaced(slot: Slot, message: str, hint: str, report: Report) -> None:
    for reference in references_of(slot.text)[:1]:
        report.error("misplaced-reference", f"a reference cannot be used here: {message}", reference.span, hint)
