"""Names of tasks that are one name in Argo."""

from __future__ import annotations

from transpiler.argo.naming import PORT_NAME, task_name
from transpiler.diagnostics import Related, Report
from transpiler.resolve.scope import Scope


def check_task_names(scope: Scope, report: Report) -> None:
    """Argo allows only lower case and `-`, so `a_b` and `A-b` become the same name."""
    first: dict[str, str] = {}
    named = {name: call for name, call in scope.calls.items() if PORT_NAME.fullmatch(name)}  # others are reported
    for name, call in sorted(named.items(), key=lambda item: item[1].task.span[1:]):
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
