"""Files that may be absent and go into a group: a value goes in as a list of one or none, and no file can."""

from __future__ import annotations

from transpiler.diagnostics import Related, Report
from transpiler.read.expressions import InputReference, OutputReference, references_of
from transpiler.resolve.dataflow import Instance, Way
from transpiler.resolve.scope import Scope
from transpiler.resolve.types import type_of


def check_absent_files(instance: Instance, report: Report) -> None:
    """Report each `??` that a scope passes or yields as a file, where one side stands outside and may be absent."""
    scope = instance.scope
    assert scope is not None
    for call, callee in instance.called:
        for argument in call.arguments.values():
            if Way.PATH in callee.takes.get(argument.name, Way.NONE):
                _check(argument.value, scope, report)
    for output in scope.outputs:
        files = [each for each in references_of(output.value) if type_of(each, scope)[0].is_custom]
        if files and instance.yields.get(output.name):
            _check(output.value, scope, report)


def _check(value: object, scope: Scope, report: Report) -> None:
    for reference in references_of(value):
        if isinstance(reference, InputReference) and reference.is_boxed:
            home, origin = scope.origin(reference)
            task = origin.task if isinstance(origin, OutputReference) else ""
            group = scope.group.name if scope.group is not None else scope.name
            message = f"the file of task `{task}` may be absent, and no such file can go into the group `{group}`"
            hint = f"put `{task}` into the group too, or let the group yield its file and choose outside of it"
            related = (Related("the task", home.calls[task].task.span),) if task in home.calls else ()
            report.error("skipped-producer", message, reference.span, hint, related)
