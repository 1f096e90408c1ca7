"""How a run ends, in tasks that run before: there `workflow.status` is `Running`, and no comparison finds another."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Final

from transpiler.check.expressions.never_equal import compared
from transpiler.diagnostics import Report
from transpiler.model.expressions.tree import Constant, Expression, WorkflowReference
from transpiler.resolve.program import Program
from transpiler.resolve.scope import Scope, calls_of, expressions_of, scopes_of

_HANDLER: Final = "onExit"
_ENDS: Final = frozenset(["Succeeded", "Failed", "Error"])
_INSTEAD: Final = "move the task to `onExit` of the pipeline, or test a task: `tasks.TASK.status == 'Failed'`"


def check_run_status(program: Program, report: Report) -> None:
    """Warn of each comparison with the end of the run in its tasks, and of a task that is named `onExit`."""
    at_the_end = set(scopes_of(*(root for root in program.roots if root is not program.tasks)))
    for scope in scopes_of(program.tasks):
        if scope not in at_the_end and scope.is_manifest:
            _tasks(scope, report)


def _tasks(scope: Scope, report: Report) -> None:
    _handler(scope, report)
    for call in calls_of(scope):
        for node in expressions_of(call):
            for end in islice(_asked(node), 1):
                if not report.says_something_at(end.span):
                    message = "`workflow.status` is `Running` until all tasks have ended, so this task never finds"
                    report.warning("never-equal", f"{message} `{end.value}`", end.span, _INSTEAD)


def _handler(scope: Scope, report: Report) -> None:
    call = scope.calls.get(_HANDLER)
    is_wrapped = call is not None and scope.group is not None and scope.group.span == call.task.span
    if call is not None and not is_wrapped:
        where = "at the top level" if scope.group is None else "beside `tasks`"
        message = f"`{_HANDLER}` is a task here, which runs like the others and not at the end"
        report.warning("ignored-field", message, call.task.span, f"move it out of `tasks`, {where}, or rename it")


def _asked(node: Expression) -> Iterator[Constant]:
    for value, other in compared(node):
        if isinstance(value, WorkflowReference) and value.name == "status" and other.value in _ENDS:
            yield other
