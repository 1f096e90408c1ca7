"""A retried task with hooks → the task in a DAG of its own, which has the hooks.

Argo takes the result of a retried task from the last node below it, including hooks (see
`node_kinds`). Below a DAG, hooks are beside the tasks and hide nothing. Every template of the cluster with
hooks is treated alike, because it may be retried.
"""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from transpiler.diagnostics import Span
from transpiler.model.argo_data import Tree
from transpiler.model.component import Component
from transpiler.model.expressions.search import replaced
from transpiler.model.expressions.tree import Expression, OutputReference, Text, WorkflowReference, references
from transpiler.model.expressions.types import ANY
from transpiler.model.ports import Input, Output
from transpiler.model.settings import NO_SETTINGS
from transpiler.model.task import Argument, Dag, DagOutput
from transpiler.resolve.amend import adopt, amend
from transpiler.resolve.captures import Captures
from transpiler.resolve.group_defaults import hand_on_defaults
from transpiler.resolve.node_kinds import NodeKind, awaited_in, node_of
from transpiler.resolve.program import Program
from transpiler.resolve.scope import Call, HookCall, Scope, references_in

_OF_THE_TASK: Final = frozenset(["when", "continueOn", "depends", "dependencies"])
"""Argo's own fields of a task that determine when it runs, not what."""


def hides_an_end(program: Program) -> bool:
    """True when a task needs a DAG of its own."""
    return any(_hiding(scope, program) for scope in program.scopes)


def wrap_tries(program: Program) -> None:
    """Put a DAG around every task that needs one."""
    wrapped = False
    for scope in program.scopes:
        for call in _hiding(scope, program):
            _wrap(call, scope)
            wrapped = True
    if wrapped:
        hand_on_defaults(*program.roots)


def _hiding(scope: Scope, program: Program) -> list[Call]:
    """The tasks of a scope that need one."""
    with_hooks = [call for call in scope.calls.values() if call.hooks]
    if not with_hooks:
        return []
    # Tasks that wait for a group wait for the tasks in it.
    awaited = awaited_in(scope) if scope in program.roots else scope.calls.keys()
    kinds = {NodeKind.TRIES, NodeKind.UNKNOWN}
    return [
        call
        for call in with_hooks
        if _hides_its_end(call, is_awaited=call.task.name in awaited) and node_of(call, scope) in kinds
    ]


def _hides_its_end(call: Call, *, is_awaited: bool) -> bool:
    """True for a task with hooks whose results Argo may take as its own, or as another try of it."""
    return bool(call.hooks) and (is_awaited or not all(hook.is_exit for hook in call.hooks))


def _wrap(call: Call, scope: Scope) -> None:
    task, captures = call.task, Captures()

    def within_the_group(node: Expression) -> Expression:
        """References that are valid in every DAG of a run stay."""
        return node if all(isinstance(each, WorkflowReference) for each in references(node)) else captures.hand_on(node)

    around, within = _parted(task.settings.argo_task)
    inner = replace(task, when=None, depends=None, after=(), settings=replace(task.settings, argo_task=within))
    inside = Call(replaced(inner, within_the_group), call.component, call.scope)
    declared = _outputs(call, scope)
    span = task.span
    outputs = tuple(DagOutput(each.name, span, Text((_own(task.name, each.name, span),)), span) for each in declared)
    inputs = tuple(Input(name, ANY, span, optional=True) for name in captures.values)
    group = Scope(
        f"{scope.name}-{task.name}" if scope.parent else task.name,
        inputs,
        outputs,
        {task.name: inside},
        is_manifest=scope.is_manifest,
        parent=scope,
        retries_all=scope.retries_all,
    )
    arguments = tuple(Argument(name, value.span, Text((value,)), value.span) for name, value in captures.values.items())
    outer = replace(task, component=None, arguments=arguments, settings=replace(NO_SETTINGS, argo_task=around))
    component = Component(group.name, span, inputs, declared, Dag((), outputs))
    wrapping = replace(scope.calls[task.name], task=outer, component=component, scope=group)
    amend(scope, calls={**scope.calls, task.name: wrapping})
    adopt(group, inside)
    adopt(scope, wrapping)


def _own(task: str, output: str, span: Span) -> OutputReference:
    return OutputReference(task, output, span, span, span)


def _parted(given: Tree | None) -> tuple[Tree | None, Tree | None]:
    """Argo's own fields of a task: those of the DAG around, and those of the task in it."""
    if given is None or given.data.keys().isdisjoint(_OF_THE_TASK):
        return None, given
    around = {key: value for key, value in given.data.items() if key in _OF_THE_TASK}
    within = {key: value for key, value in given.data.items() if key not in _OF_THE_TASK}
    slots = [tuple(each for each in given.slots if (each.path[0] in _OF_THE_TASK) is known) for known in (True, False)]
    return replace(given, data=around, slots=slots[0]), replace(given, data=within, slots=slots[1]) if within else None


# ---------------------------------------------------------------------- outputs


def _outputs(call: Call, scope: Scope) -> tuple[Output, ...]:
    """The outputs of the task, and those that it does not declare and others use: of the cluster, or printed."""
    component = call.component
    assert component is not None
    if component.implementation.is_in_cluster:
        name_outputs(call, scope)
    used = [each for each in references_in(scope) if isinstance(each, OutputReference) and each.task == call.task.name]
    found = {each.output: scope.output_of(each) for each in used}
    used_ones = tuple(output for _, output in sorted(found.items(), key=str) if output is not None)
    if component.implementation.is_in_cluster:
        return used_ones
    return (*component.outputs, *(each for each in used_ones if component.output(each.name) is None))


def name_outputs(call: Call, scope: Scope) -> None:
    """Replace `.output` by `outputs.NAME`, because there may now be several outputs."""

    def named(node: Expression) -> Expression:
        is_it = isinstance(node, OutputReference) and node.task == call.task.name and node.output is None
        found = scope.output_of(node) if is_it and isinstance(node, OutputReference) else None
        return replace(node, output=found.name) if found is not None and isinstance(node, OutputReference) else node

    for name, each in scope.calls.items():
        hooks = tuple(
            HookCall(
                hook.name,
                replace(hook.call, task=replaced(hook.call.task, named)),
                hook.when and replaced(hook.when, named),
            )
            for hook in each.hooks
        )
        amend(each, hooks=hooks, task=each.task if name == call.task.name else replaced(each.task, named))
    amend(scope, outputs=replaced(scope.outputs, named))
