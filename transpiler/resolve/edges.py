"""Who waits for whom: the edges that references, `after` and `depends` make. Reports names that outputs do not have."""

from __future__ import annotations

from collections.abc import Iterable

from transpiler.diagnostics import Hint, Related, Report, Span
from transpiler.model.component import Component
from transpiler.model.depends import results
from transpiler.model.expressions.search import references_of
from transpiler.model.expressions.tree import FactReference, ItemReference, OutputReference, Reference
from transpiler.model.ports import RESULT
from transpiler.model.task import DagOutput, Loop
from transpiler.patterns import regex
from transpiler.resolve.amend import amend
from transpiler.resolve.cycles import Edges, report_cycles
from transpiler.resolve.foreign_names import sorted_output
from transpiler.resolve.names import Level
from transpiler.resolve.scope import Call, HookCall, Scope
from transpiler.suggest import did_you_mean, suggestion

_NAME = regex(r"[A-Za-z_]\w*(?:-\w+)*")
"""A name that needs no brackets."""


def connect(scope: Scope, calls: Iterable[Call], level: Level, report: Report) -> Scope:
    """Fill a scope with its calls, and resolve the references between them.

    Calls come out in lexicographic topological order.
    """
    amend(scope, calls={call.task.name: call for call in calls})
    edges: Edges = {}
    for call in scope.calls.values():
        for reference in references_of(call.task):
            _resolve(reference, call, scope, edges, report)
        for hook in call.hooks:
            _resolve_hook(hook, call, scope, edges, report)
        _wait(call, level, edges, report)
    for output in scope.outputs:
        _resolve_output(output, scope, report)
    dependencies: dict[str, set[str]] = {}
    for producer, consumer in edges:
        dependencies.setdefault(consumer, set()).add(producer)
    for name, producers in dependencies.items():
        amend(scope.calls[name], dependencies=frozenset(producers))
    in_the_file = sorted(scope.calls, key=lambda task: scope.calls[task].task.span[1:])
    amend(scope, calls={task: scope.calls[task] for task in report_cycles(in_the_file, edges, report)})
    return scope


def _resolve(reference: Reference, call: Call | None, scope: Scope, edges: Edges, report: Report) -> None:
    if isinstance(reference, ItemReference) and call is not None:
        _resolve_item(reference, call, report)
    elif isinstance(reference, (OutputReference, FactReference)) and reference.task in scope.calls:
        if call is not None:
            edges.setdefault((reference.task, call.task.name), reference.span)
        if isinstance(reference, OutputReference):
            check_output(reference, scope, report)


def _resolve_hook(hook: HookCall, call: Call, scope: Scope, edges: Edges, report: Report) -> None:
    """A hook runs beside the DAG, so it knows its own task and what the DAG was given.

    An exit handler also knows what its task has waited for, so the task waits for what the handler uses.
    """
    for reference in hook.references:
        if not isinstance(reference, (OutputReference, FactReference)) or reference.task == call.task.name:
            _resolve(reference, None, scope, {}, report)
        elif hook.is_exit:
            _resolve(reference, call, scope, edges, report)


def check_output(reference: OutputReference, scope: Scope, report: Report) -> None:
    """Report an output that a task does not have."""
    call = scope.calls[reference.task]
    component, is_known = call.component, scope.output_of(reference) is not None
    if component is None:
        return
    if reference.is_results:
        if not is_known:
            _report_results(reference, call, report)
        return
    if component.has_incomplete_ports or _sorted(reference, call, report):
        return
    if component.implementation.is_in_cluster or call.task.is_repeated or is_known:
        return
    names = [output.name for output in component.outputs]
    inside = call.scope
    declared = (Related("the group" if inside and inside.group else "the component", component.span),)
    if reference.output is not None:
        known = _with_result(reference.output, names, component) if scope.is_manifest else names
        hint = _closest(reference, reference.output, known)
        report.error(
            "unknown-output",
            f"task `{reference.task}` has no output `{reference.output}`",
            reference.span if isinstance(hint, Hint) and not hint.word else reference.output_span,
            hint,
            declared,
        )
    elif names:
        report.error(
            "unknown-output",
            f"task `{reference.task}` has {len(names)} outputs, so `.output` is ambiguous",
            reference.output_span,
            f"write `tasks.{reference.task}.outputs.NAME`: " + suggestion("", names, "outputs"),
            declared,
        )
    else:
        report.error(
            "unknown-output",
            f"task `{reference.task}` has no outputs",
            reference.output_span,
            "to wait for the task, use `after`" + (_or_printed(reference, component) if scope.is_manifest else ""),
            declared,
        )


def _sorted(reference: OutputReference, call: Call, report: Report) -> bool:
    """Report `outputs.parameters.NAME`, unless an output has that name: a template of the cluster may have any."""
    found = sorted_output(reference)
    component = call.component
    assert component is not None
    if found is None or component.output(str(reference.output)) is not None or call.task.is_repeated:
        return False
    if not call.task.hides_keys:
        span, hint = found
        message = f"`{reference.output}` is no output of task `{reference.task}`: outputs are not sorted by kind"
        report.error("unknown-output", message, span, hint, (Related("the task", call.task.span),))
    return True


def _closest(reference: OutputReference, name: str, names: list[str]) -> str:
    """The hint for an unknown output: the reference to one that looks like it."""
    close = did_you_mean(name, names)
    if close and _NAME.fullmatch(close) is None and reference.span.text.endswith(f".{name}"):
        meant = f"tasks.{reference.task}.outputs['{close}']"
        return Hint(f"did you mean `{meant}`?", f"{reference.span.text[: -len(name) - 1]}['{close}']")
    return suggestion(name, names, "outputs")


def _or_printed(reference: OutputReference, component: Component) -> str:
    """The hint for what a program prints, where the component runs one."""
    return f"; what it prints is `tasks.{reference.task}.outputs.{RESULT}`" if component.prints_result else ""


def _with_result(name: str, names: list[str], component: Component) -> list[str]:
    """The outputs of a component, and what its program prints where that may be meant."""
    return [*names, RESULT] if component.prints_result and did_you_mean(name, [RESULT]) else names


def _report_results(reference: OutputReference, call: Call, report: Report) -> None:
    if call.task.hides_keys:
        return
    message = f"task `{reference.task}` has no `results`, because it has no `forEach`"
    hint = f"write `tasks.{reference.task}.output`, or `tasks.{reference.task}.outputs.NAME`"
    report.error("unknown-output", message, reference.output_span, hint, (Related("the task", call.task.span),))


def _resolve_item(reference: ItemReference, call: Call, report: Report) -> None:
    """A key that an item of a literal list does not have."""
    loop = call.loop
    if loop is None or loop.alias != reference.name or loop.source is not None:
        return
    for number, keys in enumerate(loop.keys, start=1):
        if keys is not None and reference.key is not None and reference.key not in keys:
            message, hint = _without_key(reference.key, number, keys, loop)
            report.error("unknown-name", message, reference.span, hint, (Related("the loop", loop.span),))
            return


def _without_key(key: str, number: int, keys: tuple[str, ...], loop: Loop) -> tuple[str, str]:
    """What to say about an item without a key: where others have it, that item is the mistake."""
    if not any(other is not None and key in other for other in loop.keys):
        hint = suggestion(key, keys, "keys") if keys else f"write `{loop.alias}`; the items are not mappings"
        return f"an item of the loop has no `{key}`", hint
    close = did_you_mean(key, keys)
    hint = f"write `{key}` for its `{close}`" if close else f"add `{key}` to it"
    return f"item {number} of the loop has no `{key}`, which others have", hint


def _wait(call: Call, level: Level, edges: Edges, report: Report) -> None:
    """`after` and `depends`, which name tasks of the same DAG."""
    for other, span in call.task.after:
        if _is_here(other, span, level, report):
            edges.setdefault((other, call.task.name), span)
    for result in results(call.task.depends) if call.task.depends else ():
        if _is_here(result.task, result.span, level, report):
            edges.setdefault((result.task, call.task.name), result.span)


def _is_here(task: str, span: Span, level: Level, report: Report) -> bool:
    if task in level.tasks:
        return True
    if any(task in each for each in level.tasks_outwards):
        message = f"`{task}` is a task outside this group, for which a task inside cannot wait"
        report.error("unknown-task", message, span, "move it to `after` of the group")
    elif not level.hides_tasks:
        hint = "" if report.is_long else suggestion(task, level.tasks, "tasks")
        report.error("unknown-task", f"there is no task `{task}`", span, hint)
    return False


def _resolve_output(output: DagOutput, scope: Scope, report: Report) -> None:
    for reference in references_of(output):
        _resolve(reference, None, scope, {}, report)
