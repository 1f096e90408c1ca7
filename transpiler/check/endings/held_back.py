"""Pods that a limit must not delay: hooks, and exit handlers in Argo's own fields.

Argo delays a task above a limit. But if a hook is delayed, its task becomes an error, and with it
the run (workflow/controller/hooks.go of v4.0.7); `lower/lanes.py` handles the end of a run.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import inf

from transpiler.argo.template_kinds import BRANCHES
from transpiler.check.argo.nodes import by_name, text_of
from transpiler.diagnostics import Related, Report, Span
from transpiler.model.pipeline import Pipeline
from transpiler.model.task import EXIT, Limit
from transpiler.read.yaml import fields
from transpiler.read.yaml.nodes import Map
from transpiler.resolve.outcomes import can_hold_in_a_run
from transpiler.resolve.pods import pods_of, pods_of_template
from transpiler.resolve.program import Program, RunHook
from transpiler.resolve.scope import Scope, scopes_of

Found = tuple[str, Span]


def check_held_back(pipeline: Pipeline, program: Program, report: Report) -> None:
    """Hooks beside a limit that is reached when they run at a bad time; those at an end of a task can wait."""
    hooks: list[Found] = []
    for scope in program.scopes:
        own = list(_hooks(scope))
        hooks += own
        if own and scope.parallelism is not None and pods_of(scope) > scope.parallelism:
            _report(own, _limit_of(scope), report, is_sure=pods_of(scope) < inf)
    for hook in program.hooks:
        _in_a_hook(hook, report)
    limit, spec = pipeline.parallelism, dict(pipeline.argo).get("spec")
    if limit is None:
        return
    if spec is not None:
        _at_the_end(spec, limit, report)
        hooks += hooks_in(spec)
    tasks = max(pods_of(each) for each in (program.tasks, program.on_exit) if each is not None)
    beside = [hook for hook in program.hooks if _is_beside(hook)]
    most = tasks + len(hooks) + sum(pods_of(hook.scope) for hook in beside)
    last = sum(pods_of(hook.scope) for hook in program.hooks)
    if (hooks or beside) and most > limit.most:
        _report([*hooks, *_found(beside)], limit.span, report, is_sure=most < inf)
    elif program.hooks and last > limit.most:
        _report(_found(program.hooks), limit.span, report, is_sure=last < inf)


def _in_a_hook(hook: RunHook, report: Report) -> None:
    """A limit of the hook itself, or in it, delays its own pods."""
    for scope in scopes_of(hook.scope):
        if scope.parallelism is not None and pods_of(scope) > scope.parallelism:
            _report(_found([hook]), _limit_of(scope), report, is_sure=pods_of(scope) < inf)


def _is_beside(hook: RunHook) -> bool:
    """True for a hook of the run that may start while tasks run."""
    call = hook.scope.calls.get(hook.name)
    when = call.task.when if call is not None else None
    return when is None or can_hold_in_a_run(when, "Running", hook.scope)


def _found(hooks: Iterable[RunHook]) -> Iterator[Found]:
    for hook in hooks:
        for call in hook.scope.calls.values():
            yield f"the hook `{hook.name}`", call.task.span


def _report(found: Iterable[Found], limit: Span, report: Report, *, is_sure: bool) -> None:
    """Report pods that cannot wait; as a warning if their number is known only in the run or the cluster."""
    say = report.error if is_sure else report.warning
    for what, span in found:
        message = f"{what} cannot wait: if a limit delays it, the run ends with an error"
        hint = "remove the limit, or use a task, or an `onExit`, instead"
        say("held-back", message, span, hint, (Related("the limit", limit),))


def _hooks(scope: Scope) -> Iterator[Found]:
    for call in scope.calls.values():
        for hook in call.hooks:
            if not hook.is_exit:
                yield f"the hook `{hook.name}`", hook.call.task.span


def _limit_of(scope: Scope) -> Span:
    """The position of the limit of a scope; its first task if the limit is in another file."""
    said = scope.group.parallelism if scope.group is not None else None
    return said.span if said is not None else next(iter(scope.calls.values())).task.span


def hooks_in(spec: Map) -> Iterator[Found]:
    """The hooks of the run in Argo's own fields."""
    hooks = fields.mapping(spec, "hooks")
    for name in hooks if hooks is not None else ():
        if hooks is not None and name != EXIT:
            yield f"the hook `{name}`", hooks.key_span(name)


def _at_the_end(spec: Map, limit: Limit, report: Report) -> None:
    """An `onExit` of several pods, which are not put in lanes. An error only if all of them are known."""
    templates = by_name(fields.mappings(spec, "templates"))
    hooks = fields.mapping(spec, "hooks")
    at_exit = fields.mapping(hooks, EXIT) if hooks is not None else None
    for parent, key in ((spec, "onExit"), (at_exit, "template")):
        template = templates.get(text_of(parent, key))
        if parent is not None and template is not None and any(kind in template for kind in BRANCHES):
            found = [(f"the template `{text_of(parent, key)}`", parent.value_span(key))]
            _report(found, limit.span, report, is_sure=limit.most < pods_of_template(template, templates) < inf)
