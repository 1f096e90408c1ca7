"""The rules, in the order they run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from transpiler.argo.naming import task_name
from transpiler.check.calls import check_calls
from transpiler.check.component import check_component
from transpiler.check.literals import check_default, check_literals
from transpiler.diagnostics import Related, Report
from transpiler.model.component import Component
from transpiler.model.pipeline import Pipeline
from transpiler.read.expressions import InputReference, Text
from transpiler.resolve.scope import Scope


def check_pipeline(pipeline: Pipeline, scope: Scope, report: Report) -> None:
    """Every rule about a manifest and the graph components below it."""
    _task_names(scope, report)
    for given in pipeline.inputs:
        check_default(given, report)
    for component in inline_components(pipeline):
        check_component(component, report, is_used=True)
    check_scopes(scope, report)


def inline_components(pipeline: Pipeline) -> Iterator[Component]:
    """Components that the manifest holds itself."""
    for found in (*(value for _, value in pipeline.components), *(task.component for task in pipeline.dag.tasks)):
        if isinstance(found, Component):
            yield found


def check_scopes(scope: Scope, report: Report) -> None:
    """The rules about tasks, for a scope and each scope below it once."""
    waiting, seen = [scope], set()
    while waiting:
        current = waiting.pop()
        if current not in seen:
            seen.add(current)
            check_calls(current, report)
            check_literals(current, report)
            waiting.extend(call.scope for call in current.calls.values() if call.scope)


def _task_names(scope: Scope, report: Report) -> None:
    """Argo knows lower case and `-` only, so `a_b` and `A-b` are one name there."""
    first: dict[str, str] = {}
    for name, call in sorted(scope.calls.items(), key=lambda item: item[1].task.span[1:]):
        argo_name = task_name(name)
        if argo_name in first:
            other = scope.calls[first[argo_name]].task.span
            report.error(
                "duplicate-name",
                f"tasks `{first[argo_name]}` and `{name}` are both `{argo_name}` in Argo",
                call.task.span,
                "rename one of them",
                (Related("the other task", other),),
            )
        else:
            first[argo_name] = name


def check_unused(pipeline: Pipeline, report: Report) -> None:
    """Inputs that no task uses; asked only when nothing is wrong, since a misspelt reference explains it."""
    used = {reference.name for reference in _references(pipeline) if isinstance(reference, InputReference)}
    for given in pipeline.inputs:
        if given.name not in used:
            report.warning(
                "unused-input",
                f"no task uses the input `{given.name}`",
                given.span,
                f"delete it, or use it as ${{{{ inputs.{given.name} }}}}",
            )


def _references(pipeline: Pipeline) -> Iterable[object]:
    for task in pipeline.dag.tasks:
        for argument in task.arguments:
            if isinstance(argument.value, Text):
                yield from argument.value.references
