"""Results in `depends` that a task does not have: those of loops, and some of one that may fail."""

from __future__ import annotations

from transpiler.diagnostics import Related, Report
from transpiler.model.depends import LOOP_RESULTS, results
from transpiler.resolve.scope import Scope


def check_loop_results(scope: Scope, report: Report) -> None:
    """A task asks how all items of a loop ended, or any of them; a single task has no such result."""
    for call in scope.calls.values():
        for result in results(call.task.depends) if call.task.depends is not None else ():
            asked = scope.calls.get(result.task)
            if asked is not None and asked.task.may_fail and result.result in {*LOOP_RESULTS, "Daemoned"}:
                message = f"`{result.result}` cannot be asked of a task with `mayFail`"
                hint = f"use `after: [{result.task}]`, and `when: tasks.{result.task}.status == 'Succeeded'`"
                report.error("wrong-value", message, result.span, hint, (Related("it may fail", asked.task.may_fail),))
                continue
            if asked is not None and result.result in LOOP_RESULTS and asked.loop is None:
                message = f"only a task with `forEach` has the result `{result.result}`"
                if asked.limited is not None:
                    message = f"a loop with limits or hooks ends as a single task, without the result `{result.result}`"
                report.error("wrong-value", message, result.span, "write `.Succeeded` or `.Failed`")
