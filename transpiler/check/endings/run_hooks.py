"""Hooks of the run whose nodes Argo cannot tell from those of tasks."""

from __future__ import annotations

from transpiler.argo.naming import task_name
from transpiler.diagnostics import Related, Report
from transpiler.resolve.program import Program

_HOOKS = "hooks"
"""What Argo puts between the name of a run and that of its hook (`generateLifeHookNodeName` of v4.0.7)."""


def check_run_hooks(program: Program, report: Report) -> None:
    """A task in a group `hooks` has the node `RUN.hooks.NAME`, and so has the hook of that name."""
    groups = [call for name, call in program.tasks.calls.items() if task_name(name) == _HOOKS]
    inside = {task_name(name): each for call in groups if call.scope for name, each in call.scope.calls.items()}
    for hook in program.hooks:
        other = inside.get(hook.name)
        for call in hook.scope.calls.values() if other is not None else ():
            assert other is not None
            message = f"Argo would take the hook `{hook.name}` for the task `{other.task.name}` of the group `{_HOOKS}`"
            related = (Related("the task", other.task.span),)
            report.error("duplicate-name", message, call.task.span, "rename the hook, or the group", related)
