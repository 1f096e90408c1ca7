"""Hooks that would hide how their tasks ended, where no form of a Workflow lets Argo get it right.

Most are compiled to a DAG that has the hook (`resolve/tries.py`). Where Argo's own fields say that everything is
tried again, that DAG would be too; and hooks in Argo's own fields name what only they know.
"""

from __future__ import annotations

from typing import Final

from transpiler.diagnostics import Related, Report, Span
from transpiler.model.pipeline import Pipeline
from transpiler.model.template import RawTemplate
from transpiler.resolve.nodes import Node, awaited_in, node_of, retries_everything
from transpiler.resolve.resolve import Resolved
from transpiler.resolve.scope import Call, Scope, scopes_of

OWN_HOOKS: Final = ("hooks", "onExit")
"""Argo's fields of a task that make it have hooks."""


def check_hidden_ends(pipeline: Pipeline, resolved: Resolved, report: Report) -> None:
    """Report each hook for which the end of its task, or that of the run, would be lost."""
    everything = retries_everything(pipeline)
    roots = (resolved.tasks, resolved.on_exit)
    for scope in scopes_of(*roots):
        awaited = awaited_in(scope)
        for name, call in scope.calls.items():
            if everything is not None:
                _endless(call, everything, report, is_awaited=name in awaited)
            elif name in awaited or scope not in roots:
                _own(call, scope, report)
            if name in awaited or scope not in roots:
                _fails_fast(call, scope, report)


def _endless(call: Call, everything: Span, report: Report, *, is_awaited: bool) -> None:
    """Below a hook that is tried as well Argo does not find what waits; and what runs beside a task counts as a try."""
    name = call.task.name
    own = _own_spans(call) if is_awaited else []
    for span in [*(hook.call.task.span for hook in call.hooks if is_awaited or not hook.is_exit), *own]:
        message = f"the run would not end: Argo tries the hook again too, and loses what waits for `{name}`"
        if not is_awaited:
            message = f"Argo tries the hook again too, and takes its end for that of `{name}`"
        hint = "write `defaults: {retry: N}` in place of the `retryStrategy`: each task is then tried by itself"
        report.error("hidden-end", message, span, hint, (Related("everything is tried again", everything),))


def _fails_fast(call: Call, scope: Scope, report: Report) -> None:
    """A template of several that Argo ends before its time: it does not say what stands below it then."""
    implementation = call.component.implementation if call.component is not None else None
    if not isinstance(implementation, RawTemplate) or node_of(call, scope) is Node.TRIES:
        return
    if implementation.is_of_several and implementation.data.get("failFast") is True:
        name = call.task.name
        message = f"the run would not end when a part of `{name}` fails: Argo then loses what waits for it"
        span = implementation.node.key_span("failFast")
        report.error("hidden-end", message, span, "leave `failFast` out: what waits does not run anyhow")


def _own(call: Call, scope: Scope, report: Report) -> None:
    if node_of(call, scope) not in {Node.TRIES, Node.UNKNOWN}:
        return
    for span in _own_spans(call):
        may = "is" if node_of(call, scope) is Node.TRIES else "may be"
        message = f"`{call.task.name}` {may} tried again, and Argo takes the end of this hook for the end of the task"
        report.error("hidden-end", message, span, "write it as `onExit`, or among the `hooks`, of the task itself")


def _own_spans(call: Call) -> list[Span]:
    given = call.task.argo.task
    return [given.key_span(key) for key in OWN_HOOKS if key in given] if given is not None else []
