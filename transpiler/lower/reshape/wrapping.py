"""A DAG of the compiler's own around a task: Argo keeps in one what it would mix up, or not collect, without."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Final

from msgspec.structs import replace

from transpiler.diagnostics import Span
from transpiler.model.argo_data import Tree
from transpiler.model.component import Component
from transpiler.model.expressions.search import Replace, replaced
from transpiler.model.expressions.tree import Expression, OutputReference, Text, WorkflowReference, references
from transpiler.model.expressions.types import ANY
from transpiler.model.ports import Input, Output
from transpiler.model.settings import NO_SETTINGS
from transpiler.model.task import Argument, Dag, DagOutput
from transpiler.resolve.amend import adopt, amend
from transpiler.resolve.captures import Captures
from transpiler.resolve.scope import Call, HookCall, Scope, references_in

_OF_THE_TASK: Final = frozenset(["when", "continueOn", "depends", "dependencies"])
"""Argo's own fields of a task that determine when it runs, not what."""

More = Callable[[tuple[Output, ...], Replace], Iterable[tuple[Output, Text]]]
"""The outputs that the DAG adds, from those of the task, and what captures a reference from outside."""


def wrap(call: Call, scope: Scope, more: More = lambda *_: (), name: str = "") -> None:
    """Put a DAG around a task. It has the outputs of the task, its loop, and what decides when the task runs.

    The DAG has the name of the task, if not another one.
    """
    task, captures = call.task, Captures()

    def within_the_group(node: Expression) -> Expression:
        """References that are valid in every DAG of a run stay."""
        return node if all(isinstance(each, WorkflowReference) for each in references(node)) else captures.hand_on(node)

    around, within = _parted(task.settings.argo_task)
    settings = replace(task.settings, argo_task=within)
    inner = replace(task, when=None, depends=None, after=(), loop=None, may_fail=None, settings=settings)
    inside = Call(replaced(inner, within_the_group), call.component, call.scope)
    declared = _outputs(call, scope)
    added = list(more(declared, within_the_group))
    span = task.span
    outputs = tuple(DagOutput(each.name, span, Text((own(task.name, each.name, span),)), span) for each in declared)
    outputs += tuple(DagOutput(each.name, span, value, span) for each, value in added)
    inputs = tuple(Input(name, ANY, span, optional=True) for name in captures.values)
    group = Scope(
        name or (f"{scope.name}-{task.name}" if scope.parent else task.name),
        inputs,
        outputs,
        {task.name: inside},
        is_manifest=scope.is_manifest,
        parent=scope,
        retries_all=scope.retries_all,
    )
    arguments = tuple(Argument(name, value.span, Text((value,)), value.span) for name, value in captures.values.items())
    outer = replace(task, component=None, arguments=arguments, settings=replace(NO_SETTINGS, argo_task=around))
    yielded = (*declared, *(each for each, _ in added))
    component = Component(group.name, span, inputs, yielded, Dag((), outputs))
    wrapping = replace(scope.calls[task.name], task=outer, component=component, scope=group)
    amend(scope, calls={**scope.calls, task.name: wrapping})
    adopt(group, inside)
    adopt(scope, wrapping)


def own(task: str, output: str, span: Span) -> OutputReference:
    """An output of a task, in the DAG of that task."""
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
        name_outputs({call.task.name}, scope)
    said = [each for each in references_in(scope) if isinstance(each, OutputReference) and not each.is_results]
    used = [each for each in said if each.task == call.task.name]
    found = {each.output: scope.output_of(each) for each in used}
    used_ones = tuple(output for _, output in sorted(found.items(), key=str) if output is not None)
    if component.implementation.is_in_cluster:
        return used_ones
    return (*component.outputs, *(each for each in used_ones if component.output(each.name) is None))


def name_outputs(tasks: Collection[str], scope: Scope) -> None:
    """Replace `.output` of tasks by `outputs.NAME`, because there may now be several outputs."""

    def named(node: Expression) -> Expression:
        is_it = isinstance(node, OutputReference) and node.task in tasks and node.output is None
        found = scope.output_of(node) if is_it and isinstance(node, OutputReference) else None
        return replace(node, output=found.name) if found is not None and isinstance(node, OutputReference) else node

    rewrite(scope, named)


def rewrite(scope: Scope, become: Replace, *, only_exits: bool = False) -> None:
    """Replace references in the tasks of a scope, in their hooks (or exit handlers alone), and in its outputs."""
    for each in scope.calls.values():
        hooks = tuple(
            HookCall(
                hook.name,
                replace(hook.call, task=replaced(hook.call.task, become)),
                hook.when and replaced(hook.when, become),
            )
            if hook.is_exit or not only_exits
            else hook
            for hook in each.hooks
        )
        amend(each, hooks=hooks, task=replaced(each.task, become))
    amend(scope, outputs=replaced(scope.outputs, become))
