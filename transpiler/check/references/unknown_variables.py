"""Variables that no run has: `workflow.NAME` of a name that Argo does not know, or not there."""

from __future__ import annotations

import re

from transpiler.argo.variables import ALL_ARGUMENTS, KEPT_BY_NAME, PARTS_OF_A_TIME, WORKFLOW_VARIABLES
from transpiler.diagnostics import Report
from transpiler.model.expressions.tree import WorkflowReference
from transpiler.resolve.scope import Scope, references_in
from transpiler.suggest import suggestion


def check_variables(scope: Scope, report: Report) -> None:
    """Every variable that a scope names."""
    for reference in references_in(scope):
        if isinstance(reference, WorkflowReference):
            check_variable(reference, scope, report)


def check_variable(reference: WorkflowReference, scope: Scope, report: Report) -> None:
    """Report a variable that a run does not have."""
    name, _, rest = reference.name.partition(".")
    if (name in WORKFLOW_VARIABLES and not rest) or reference.name in ALL_ARGUMENTS:
        return
    if name == "creationTimestamp":
        _part_of_a_time(reference, rest, report)
        return
    if name in KEPT_BY_NAME and rest:
        return
    if re.fullmatch(r"outputs\.parameters\.[-\w]+", reference.name):
        return  # whether anything has that global name is known when all is resolved
    if reference.name == "failures":
        if not scope.is_at_the_end:
            message = "`workflow.failures` is available only at the end of the run"
            report.error("unknown-variable", message, reference.span, "use it in `onExit` of the pipeline")
        return
    hint = suggestion(name, WORKFLOW_VARIABLES, "variables")
    if name == "parameters":
        hint = "write `inputs.NAME`"
    report.error(
        "unknown-variable",
        f"a run has no variable `workflow.{reference.name}`",
        reference.span,
        hint or "the variables are " + ", ".join(WORKFLOW_VARIABLES),
    )


def _part_of_a_time(reference: WorkflowReference, part: str, report: Report) -> None:
    if part not in PARTS_OF_A_TIME:
        hint = "the parts are " + ", ".join(PARTS_OF_A_TIME)
        report.error("unknown-variable", f"a time in Argo has no part `{part}`", reference.span, hint)
