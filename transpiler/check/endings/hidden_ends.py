"""Hooks that would hide the results of their tasks, in cases that no form of a Workflow can avoid.

Most are compiled to a DAG that has the hook (`lower/reshape/retried_tasks.py`). If Argo's own fields retry
every template, that DAG would be retried too; and hooks in Argo's own fields use names that only they know.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from transpiler.check.argo.calls import template_of
from transpiler.check.argo.graph import report_kept, waits_of
from transpiler.check.argo.nodes import by_name, name_of
from transpiler.check.endings.held_back import hooks_in
from transpiler.diagnostics import Related, Report, Span
from transpiler.model.expressions.search import references_of
from transpiler.model.expressions.tree import OutputReference
from transpiler.model.pipeline import Pipeline
from transpiler.read.yaml import fields
from transpiler.read.yaml.nodes import List, Map
from transpiler.resolve.node_kinds import (
    RETRY,
    NodeKind,
    awaited_in,
    may_be_kept,
    node_of,
    retries_everything,
    retries_itself,
)
from transpiler.resolve.program import Program
from transpiler.resolve.scope import Call, Scope

OWN_HOOKS: Final = ("hooks", "onExit")
"""Argo's fields of a task that make it have hooks."""


def check_hidden_ends(pipeline: Pipeline, program: Program, report: Report) -> None:
    """Report each hook for which the end of its task, or that of the run, would be lost."""
    everything = retries_everything(pipeline)
    spec = dict(pipeline.argo).get("spec")
    everything_is_default = spec is not None and spec.get("retryStrategy") is None
    templates = by_name(fields.mappings(spec, "templates")) if spec is not None else {}
    roots = program.roots
    if everything is not None:
        _of_the_run(program, spec, everything, report)
    for scope in program.scopes:
        awaited = awaited_in(scope)
        for name, call in scope.calls.items():
            if everything is not None:
                _endless(call, everything, report, is_awaited=name in awaited)
            elif name in awaited or scope not in roots:
                _own(call, scope, report)
            if everything is not None and name in awaited:
                _kept(call, everything, report, is_default=everything_is_default)
            elif everything is None:
                _printed(call, scope, report)
            if name in awaited or scope not in roots:
                _fails_fast(call, scope, report)
                _kept_within(call, templates, report)


def _of_the_run(program: Program, spec: Map | None, everything: Span, report: Report) -> None:
    """Hooks of a run that Argo retries as a whole: it takes each of them for a try."""
    own = [call.task.span for hook in program.hooks for call in hook.scope.calls.values()]
    raw = [span for _, span in hooks_in(spec)] if spec is not None else []
    for span in (*own, *raw):
        message = "Argo retries the run as a whole, takes this hook for one of its tries, and loses its result"
        hint = "replace the `retryStrategy` by `defaults: {retry: N}`, which retries each task by itself"
        report.error("hidden-end", message, span, hint, (Related("every template is retried", everything),))


def _endless(call: Call, everything: Span, report: Report, *, is_awaited: bool) -> None:
    """Below a retried hook, Argo does not find waiting tasks; and a hook that runs beside a task counts as a try."""
    name = call.task.name
    own = _own_spans(call) if is_awaited else []
    for span in [*(hook.call.task.span for hook in call.hooks if is_awaited or not hook.is_exit), *own]:
        message = f"the run would not end: Argo retries the hook too, and loses the tasks that wait for `{name}`"
        if not is_awaited:
            message = f"Argo retries the hook too, and takes its result as the result of `{name}`"
        hint = "replace the `retryStrategy` by `defaults: {retry: N}`, which retries each task by itself"
        report.error("hidden-end", message, span, hint, (Related("every template is retried", everything),))


def _kept(call: Call, everything: Span, report: Report, *, is_default: bool) -> None:
    """A cached result has no tries, below which Argo looks for waiting tasks; a DAG around it would be retried too."""
    if may_be_kept(call) and (is_default or retries_itself(call)):
        message = (
            f"the run never ends once the result of `{call.task.name}` is cached: Argo loses the tasks that wait for it"
        )
        hint = "replace the `retryStrategy` by `defaults: {retry: N}`, which retries each task by itself"
        report.error("hidden-end", message, _kept_at(call), hint, (Related("every template is retried", everything),))


def _kept_at(call: Call) -> Span:
    """The position of the setting that caches results."""
    settings = call.task.settings
    if settings.cache is not None:
        return settings.cache.span
    own = call.implementation.argo_node
    if own is not None and "memoize" in own:
        return own.key_span("memoize")
    given = call.task.argo.template
    return given.key_span("memoize") if given is not None and "memoize" in given else call.task.span


def _printed(call: Call, scope: Scope, report: Report) -> None:
    """A cached, retried task is compiled to a DAG (`plan/templates/kept_tries.py`), which has no standard output."""
    if call.scope is not None or not may_be_kept(call) or not retries_itself(call):
        return
    calls = scope.calls.values()
    hooks = (node for each in calls for hook in each.hooks for node in hook.references)
    for node in (*references_of(tuple(each.task for each in calls)), *hooks, *references_of(scope.outputs)):
        if not isinstance(node, OutputReference) or node.task != call.task.name:
            continue
        output = scope.output_of(node)
        if output is not None and call.prints(output):
            message = f"the standard output of `{node.task}` cannot come from a cache, because the task is retried too"
            hint = "write it to a file, and declare that as an output, in a template with `valueFrom: {path: ...}`"
            report.error("hidden-end", message, node.span, hint)


def _fails_fast(call: Call, scope: Scope, report: Report) -> None:
    """A template of tasks that Argo ends early, after which it does not find the tasks that wait for it."""
    own = call.implementation.argo_node
    if own is None or node_of(call, scope) is NodeKind.TRIES:
        return
    if call.implementation.is_of_several and own.get("failFast") is True:
        name = call.task.name
        message = f"the run never ends if a part of `{name}` fails: Argo loses the tasks that wait for it"
        span = own.key_span("failFast")
        report.error("hidden-end", message, span, "delete `failFast`: after a failure, waiting tasks do not run anyway")


def _kept_within(call: Call, templates: Mapping[str, Map], report: Report) -> None:
    """The parts of a template of tasks, below which waiting tasks hang; those inside are checked with its `dag`."""
    own = call.implementation.argo_node
    if own is None:
        return
    dag = fields.mapping(own, "dag")
    tasks = fields.mappings(dag, "tasks") if dag is not None else []
    awaited = {wait.task for task in tasks for wait in waits_of(task)}
    groups = fields.items(own, "steps")
    steps = [step for group in groups if isinstance(group, List) for step in group if isinstance(step, Map)]
    for part in [*(task for task in tasks if name_of(task) not in awaited), *steps]:
        template = template_of(part, templates)
        if template is not None and all(template.get(key) is not None for key in ("memoize", RETRY)):
            report_kept(part, report)


def _own(call: Call, scope: Scope, report: Report) -> None:
    if node_of(call, scope) not in {NodeKind.TRIES, NodeKind.UNKNOWN}:
        return
    for span in _own_spans(call):
        may = "is" if node_of(call, scope) is NodeKind.TRIES else "may be"
        message = f"`{call.task.name}` {may} retried, and Argo takes the result of this hook as the result of the task"
        report.error("hidden-end", message, span, "move it to `onExit` or `hooks` of the task itself")


def _own_spans(call: Call) -> list[Span]:
    given = call.task.argo.task
    return [given.key_span(key) for key in OWN_HOOKS if key in given] if given is not None else []
