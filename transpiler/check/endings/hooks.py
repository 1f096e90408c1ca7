"""Hooks: the values of tasks that they can use; and hooks that Argo never evaluates.

A hook runs beside the DAG of its task, at the end of the task or before.
"""

from __future__ import annotations

from typing import Final

from transpiler.argo.phases import ENDED, OF_A_TASK
from transpiler.check.endings.skipped_values import instead_of, is_a_file, is_for_success
from transpiler.diagnostics import Report
from transpiler.model.expressions.absence import guarded
from transpiler.model.expressions.search import expressions_in
from transpiler.model.expressions.tree import FactReference, OutputReference, references
from transpiler.resolve.node_kinds import awaited_in, ends_unseen
from transpiler.resolve.outcomes import can_hold
from transpiler.resolve.scope import Call, HookCall, Scope

_IN_HOOKS: Final = "status"
"""The only fact of its task that a hook can use (workflow/controller/hooks.go, exit_handler.go)."""


def check_hooks(scope: Scope, report: Report) -> None:
    """Every hook of a scope's tasks."""
    awaited = awaited_in(scope)
    for call in scope.calls.values():
        for hook in call.hooks:
            if not hook.is_exit:
                _others(hook, call, scope, report)
            _hook(hook, call, scope, report)
            if call.task.name in awaited:
                _never_asked(hook, call, scope, report)


def _others(hook: HookCall, call: Call, scope: Scope, report: Report) -> None:
    """A hook that runs beside its task can use the inputs of the DAG, but no other task: Argo inserts no values."""
    for reference in hook.references:
        if not isinstance(reference, (OutputReference, FactReference)) or reference.task == call.task.name:
            continue
        if reference.task in scope.calls:  # else it is reported
            message = f"a hook of `{call.task.name}` cannot use another task"
            hint = f"use `onExit`, which runs when `{call.task.name}` has ended, and can use other tasks"
            report.error("hook-reference", message, reference.task_span, hint)


def _hook(hook: HookCall, call: Call, scope: Scope, report: Report) -> None:
    """A hook can use the status of its task in its `when`, and after the end its outputs, if there are any."""
    said = (tuple(hook.call.arguments.values()), hook.call.task.settings)
    is_for_one = hook.when is not None and is_for_success(hook.when, call.task.name, scope)
    for node in [*expressions_in(said), *([hook.when] if hook.when is not None else [])]:
        safe = {id(reference) for reference in guarded(node)}
        for reference in references(node):
            if not isinstance(reference, (OutputReference, FactReference)) or reference.task != call.task.name:
                continue
            is_sure = id(reference) in safe or (is_for_one and node is not hook.when)
            instead = "" if is_sure else _instead_in_a_hook(reference, scope)
            found = _trouble(reference, hook, node is hook.when, instead)
            if found:
                report.error("hook-reference", found[0], reference.span, found[1])


def _instead_in_a_hook(reference: OutputReference | FactReference, scope: Scope) -> str:
    """The alternative to write; for a file, the condition that it exists."""
    if is_a_file(reference, scope):
        return f"`when: tasks.{reference.task}.status == 'Succeeded'` beside it"
    return f"`... ?? {instead_of(reference, scope)}`"


def _never_asked(hook: HookCall, call: Call, scope: Scope, report: Report) -> None:
    """Argo notices the end of several pods when it starts dependent tasks, and then evaluates only `exit` hooks."""
    if hook.when is None or hook.is_exit or not ends_unseen(call, scope):
        return
    name = call.task.name
    if not any(can_hold(hook.when, name, phase, scope) for phase in OF_A_TASK if phase not in ENDED):
        message = f"Argo does not evaluate this hook after `{name}` ends, because other tasks depend on `{name}`"
        report.error("hook-reference", message, hook.when.span, "use `onExit` with the same `when`")


def _trouble(
    reference: OutputReference | FactReference, hook: HookCall, is_condition: bool, instead: str
) -> tuple[str, str] | None:
    """The mistake of a reference to the task of a hook, and a hint.

    `instead` is the alternative for a missing value; empty if the reference has one.
    """
    task = reference.task
    if not hook.is_exit and (not is_condition or isinstance(reference, OutputReference)):
        what = f"the `when` of a hook of `{task}`" if is_condition else f"a hook that runs beside `{task}`"
        values = "its outputs" if is_condition else "its values"
        return f"{what} cannot use {values}", "remove it, or use `onExit`"
    if isinstance(reference, FactReference) and reference.fact != _IN_HOOKS:
        return f"a hook cannot use the `{reference.fact}` of its task", f"use `tasks.{task}.status`"
    if isinstance(reference, OutputReference) and instead:
        return f"the hook also runs if `{task}` fails, and then there is no output", f"write {instead}"
    return None
