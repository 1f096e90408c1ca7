"""Arguments that a component needs, or does without, once it is known which of its optional inputs are passed."""

from __future__ import annotations

from transpiler.dataflow.instances import Instance, passes_absence
from transpiler.diagnostics import Related, Report
from transpiler.model.expressions.tree import InputReference, reference_of
from transpiler.model.task import Argument
from transpiler.resolve.scope import Call


def check_absent_arguments(call: Call, caller: Instance, report: Report) -> None:
    """An omitted optional input cannot be passed to a required one."""
    for argument in call.arguments.values():
        target = call.component.input(argument.name) if call.component else None
        if target and target.required and passes_absence(argument.value, caller) and not _is_told(argument, caller):
            report.error(
                "missing-argument",
                f"task `{call.task.name}` requires `{target.name}`, which is not passed here",
                argument.span,
                "pass it to each task that uses this component",
                (Related(f"`{target.name}` is required here", target.span),),
            )


def _is_told(argument: Argument, caller: Instance) -> bool:
    """True for an input that the caller's own caller had to pass, where that is reported."""
    reference = reference_of(argument.value)
    given = caller.scope.input(reference.name) if caller.scope and isinstance(reference, InputReference) else None
    return given is not None and given.required


def check_arguments_without_effect(call: Call, callee: Instance, caller: Instance, report: Report) -> None:
    """An argument of an input that no placeholder of the component uses, as it is called here."""
    for argument in call.arguments.values():
        if argument.name not in callee.takes and not passes_absence(argument.value, caller):
            message = f"the argument `{argument.name}` has no effect: the component does not use it here"
            report.warning("unused-argument", message, argument.name_span, "delete it, or correct the component")
