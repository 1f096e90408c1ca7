"""`retries`, which Argo has only for a task that it tries again, in what it reads anew for each try."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from transpiler.diagnostics import Related, Report
from transpiler.model.argo_data import Slot
from transpiler.model.expressions.search import expressions_in, references_of, try_references_of
from transpiler.model.expressions.tree import TryReference, is_choice, walk
from transpiler.model.settings import Settings
from transpiler.resolve.node_kinds import is_tried_again
from transpiler.resolve.scope import Call, Scope, calls_of

_BEFORE: Final = frozenset(["annotations", "memoize", "retryStrategy", "synchronization", "timeout"])
"""The fields of a template that Argo reads before it starts a try."""
_VARIABLE: Final = 'declare `env: {TRY: "${{ retries }}"}`, and write `${{ env.TRY }}` in an argument'
_RETRY: Final = "add `retry:` to the task; a task removes a default with `null`"
_SETTING: Final = "use it in a setting of a task, such as `resources`, `env` or `labels`"


def check_try_references(scope: Scope, report: Report) -> None:
    """Every `retries` of a scope."""
    for call in calls_of(scope):
        found = try_references_of((call.task, tuple(hook.when for hook in call.hooks)))
        if not found:
            continue
        settings = call.task.settings
        fine = {id(each) for each in _read_for_each_try(settings)}
        passed = {id(each) for argument in call.arguments.values() for each in try_references_of(argument.value)}
        for each in found:
            if id(each) in fine:
                _tried(call, scope, each, report)
            else:
                _misplaced(each, _VARIABLE if id(each) in passed else _SETTING, report)
        _alternatives(call, report)
    for output in scope.outputs:
        if references_of(output):  # else it does not come from a task, which is reported
            for each in try_references_of(output):
                _misplaced(each, _SETTING, report)


def _read_for_each_try(settings: Settings) -> Iterator[TryReference]:
    """Those in what Argo reads anew for each try."""
    yield from try_references_of((settings.image, settings.service_account, settings.resources, settings.env))
    yield from try_references_of((settings.secrets, settings.env_from, settings.volumes, settings.tolerations))
    yield from try_references_of((settings.node_selector, settings.labels, settings.annotations, settings.storage))
    yield from try_references_of(settings.argo_container)
    own: tuple[Slot, ...] = settings.argo_template.slots if settings.argo_template is not None else ()
    yield from try_references_of(tuple(each for each in (*own, *settings.own) if each.path[0] not in _BEFORE))


def _alternatives(call: Call, report: Report) -> None:
    """Whether a value is absent is known in the DAG alone, where there is no try."""
    for expression in expressions_in(call.task.settings):
        for node in walk(expression):
            if is_choice(node) and (found := try_references_of(node)):
                message = "`retries` cannot be used in a `??`"
                report.error(
                    "misplaced-reference", message, found[0].span, "use it outside: `(x ?? 1) * (1 + retries)`"
                )
                break


def _tried(call: Call, scope: Scope, reference: TryReference, report: Report) -> None:
    if report.says_something_at(reference.span):
        return  # of `defaults`, and another task
    if not is_tried_again(call, scope) and not call.task.hides_keys:
        message = f"`retries` has no value in task `{call.task.name}`, which is not tried again"
        related = (Related("the task", call.task.span),)
        report.error("misplaced-reference", message, reference.span, _RETRY, related)


def _misplaced(reference: TryReference, hint: str, report: Report) -> None:
    message = "`retries` cannot be used here: Argo knows it only where it reads a task anew for each try"
    report.error("misplaced-reference", message, reference.span, hint)
