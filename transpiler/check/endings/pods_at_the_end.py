"""Tasks of an `onExit` that exceed a limit of pods by themselves: Argo cannot delay pods there (`lower/lanes.py`)."""

from __future__ import annotations

from math import inf

from transpiler.diagnostics import Related, Report
from transpiler.model.task import Limit
from transpiler.resolve.pods import pods_under_limits
from transpiler.resolve.scope import Call, Scope


def check_pods_at_the_end(on_exit: Scope | None, limit: Limit | None, report: Report) -> None:
    """Report each task that may start more pods than the limit; those of several tasks can wait for each other."""
    for each in pods_under_limits(on_exit, limit) if on_exit is not None else ():
        if each.limit is not None:
            for name, most in each.pods.items():
                if most > each.limit.most:
                    _report(each.scope.calls[name], each.limit, report, is_sure=most < inf)


def _report(call: Call, limit: Limit, report: Report, *, is_sure: bool) -> None:
    """Report such a task; as a warning if the number of its pods is known only in the run or the cluster."""
    pods = f"{limit.most} pod{'' if limit.most == 1 else 's'}"
    message = f"`{call.task.name}` may start more than {pods} at once, which Argo cannot delay in `onExit`"
    hint = "delete this limit, or move it to groups of the tasks that run before the end"
    say = report.error if is_sure else report.warning
    say("held-back", message, call.task.span, hint, (Related("the limit", limit.span),))
