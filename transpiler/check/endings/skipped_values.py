"""Values that a run may not have: outputs of tasks that are skipped or fail, and facts that a task has not.

Argo ends a run where the output of a skipped task is missing, and never ends one that waits for the output of a
failed task (workflow/controller/dag.go of v4.0.7).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from transpiler.argo.phases import ENDED
from transpiler.argo.template_kinds import WITH_EXIT_CODE
from transpiler.diagnostics import Related, Report
from transpiler.model.depends import holds_without, results
from transpiler.model.expressions.absence import guarded
from transpiler.model.expressions.search import expressions_in
from transpiler.model.expressions.tree import (
    Expression,
    FactReference,
    OutputReference,
    Reference,
    reference_of,
    references,
)
from transpiler.model.expressions.types import Type
from transpiler.resolve.choices import ALWAYS_KNOWN
from transpiler.resolve.node_kinds import NodeKind, node_of
from transpiler.resolve.outcomes import can_hold
from transpiler.resolve.scope import Call, HookCall, Scope
from transpiler.resolve.types import type_of

_INSTEAD: Final = {"Integer": "0", "Float": "0.0", "Boolean": "false", "JsonArray": "[]", "JsonObject": "'{}'"}
"""Type → an example value in an expression; an object as a JSON string."""


def check_skipped_values(scope: Scope, report: Report) -> None:
    """Every reference to a task in a scope's tasks and outputs."""
    for call in scope.calls.values():
        for node in _nodes(call, call, scope):
            _check(node, call, scope, report)
        for hook in call.hooks:
            if hook.is_exit:
                _check_at_the_end(hook, call, scope, report)
    for output in scope.outputs:
        for node in expressions_in(output.value):
            _check(node, None, scope, report)


def _check_at_the_end(hook: HookCall, call: Call, scope: Scope, report: Report) -> None:
    """What an exit handler uses of other tasks; its own task is judged with the hooks."""
    for node in [*_nodes(hook.call, call, scope), *([hook.when] if hook.when is not None else [])]:
        safe = {id(reference) for reference in guarded(node)}
        for reference in references(node):
            if not isinstance(reference, (OutputReference, FactReference)) or reference.task == call.task.name:
                continue
            if isinstance(reference, FactReference):
                _fact(reference, scope, report)
            when = None if hook.when is node else hook.when
            is_sure = when is not None and is_for_success(when, reference.task, scope)
            if id(reference) not in safe and not is_sure and not _asked_before(reference, node, call, scope):
                _unguarded(reference, call, scope, report)


def _nodes(call: Call, awaiting: Call, scope: Scope) -> Iterator[Expression]:
    """The expressions of a task, except arguments that Argo omits if their value is absent.

    `awaiting` is the call that waits for what the task uses: the task itself, or that of its exit handler.
    """
    for argument in call.arguments.values():
        target = call.component.input(argument.name) if call.component else None
        reference = reference_of(argument.value)
        is_left_out = target is not None and target.default is not None and isinstance(reference, OutputReference)
        if not is_left_out or (reference is not None and _ends_badly(reference, awaiting, scope)):
            yield from expressions_in(argument.value)
    task = call.task
    yield from expressions_in((task.loop, task.settings))
    if task.when is not None:
        yield task.when


def _check(node: Expression, call: Call | None, scope: Scope, report: Report) -> None:
    safe = {id(reference) for reference in guarded(node)}
    for reference in references(node):
        if isinstance(reference, FactReference):
            _fact(reference, scope, report)
        if id(reference) not in safe and not _asked_before(reference, node, call, scope):
            _unguarded(reference, call, scope, report)


def _asked_before(reference: Reference, node: Expression, call: Call | None, scope: Scope) -> bool:
    """True if the `when` of a task lets it run only after a success: Argo evaluates it before inserting values.

    In a loop it may use the item, and is evaluated later.
    """
    when = call.task.when if call is not None and call.loop is None else None
    if when is None or node is when or not isinstance(reference, (OutputReference, FactReference)):
        return False
    return is_for_success(when, reference.task, scope)


def is_for_success(condition: Expression, task: str, scope: Scope) -> bool:
    """True for a condition that is true only after the success of a task."""
    others = [end for end in ENDED if end != "Succeeded"]
    return task in scope.calls and not any(can_hold(condition, task, end, scope) for end in others)


def _unguarded(reference: Reference, call: Call | None, scope: Scope, report: Report) -> None:
    """An output of a task that may be skipped, or may have failed when this one runs."""
    producer = scope.calls.get(reference.task) if isinstance(reference, (OutputReference, FactReference)) else None
    if producer is None or not isinstance(reference, (OutputReference, FactReference)):
        return
    if isinstance(reference, OutputReference) and producer.component and scope.output_of(reference) is None:
        return  # an unknown output is reported
    if isinstance(reference, FactReference):
        name, is_needed = reference.fact, reference.fact not in ALWAYS_KNOWN
    else:
        name, is_needed = "output", producer.loop is None
    if call is None and scope.may_lack_files and is_a_file(reference, scope):
        return  # the run then has no such file
    hint = _way_out(reference, name, scope)
    if is_needed and producer.task.when is not None:
        report.error(
            "skipped-producer",
            f"task `{reference.task}` may be skipped, and then has no {name}",
            reference.span,
            f"{hint}; or put both into a group with the `when`",
            (Related("it runs only if this is true", producer.task.when.span),),
        )
    elif isinstance(reference, OutputReference) and _may_have_failed(producer, call, is_needed=is_needed):
        assert producer.task.may_fail is not None
        message = f"task `{reference.task}` may fail, and then has no output"
        related = (Related("the run goes on then", producer.task.may_fail),)
        report.error("skipped-producer", message, reference.span, hint, related)
    elif is_needed and call is not None and isinstance(reference, OutputReference) and _fails(reference, call):
        assert call.task.depends is not None
        said = next(each for each in results(call.task.depends) if each.task == reference.task)
        message = f"this task also runs if `{reference.task}` fails, and then there is no output"
        report.error(
            "skipped-producer", message, reference.span, hint, (Related("it waits for this result", said.span),)
        )


def _may_have_failed(producer: Call, call: Call | None, *, is_needed: bool) -> bool:
    """True for the output of a task with `mayFail`, unless the call runs only after its success."""
    depends, name = call.task.depends if call is not None else None, producer.task.name
    if not is_needed or not _may_lack_outputs(producer):
        return False
    if depends is None:
        return True
    asked = [each.result for each in results(depends) if each.task == name]
    return not asked or not all(asked) or holds_without(depends, name)  # its name alone stands for any end


def _may_lack_outputs(producer: Call) -> bool:
    """True for a task whose failure does not end the run; what a loop yields is the list of items that succeed."""
    return producer.task.may_fail is not None and producer.limited is None


def _way_out(reference: OutputReference | FactReference, name: str, scope: Scope) -> str:
    if is_a_file(reference, scope):
        return f"run this task only after a success: `when: tasks.{reference.task}.status == 'Succeeded'`"
    if isinstance(reference, OutputReference) and reference.output is not None:
        name = f"outputs.{reference.output}" if reference.output.isidentifier() else f"outputs['{reference.output}']"
    return f"give an alternative: ${{{{ tasks.{reference.task}.{name} ?? {instead_of(reference, scope)} }}}}"


def is_a_file(reference: Reference, scope: Scope) -> bool:
    """True for an output of a type of its own: no text can take its place."""
    return isinstance(reference, OutputReference) and type_of(reference, scope)[0].is_custom


def instead_of(reference: Reference, scope: Scope) -> str:
    """An example of an alternative to an absent value, of the type of the output."""
    return instead_of_type(type_of(reference, scope)[0]) if isinstance(reference, OutputReference) else "'none'"


def instead_of_type(kind: Type) -> str:
    """An example of an alternative of a type."""
    return _INSTEAD.get(kind.name, "'none'")


def _ends_badly(reference: Reference, call: Call, scope: Scope) -> bool:
    """True when a call runs after a failure of the producer: Argo knows no value then, as it does for a skipped one."""
    producer = scope.calls.get(reference.task) if isinstance(reference, OutputReference) else None
    return _fails(reference, call) or (producer is not None and _may_lack_outputs(producer))


def _fails(reference: Reference, call: Call) -> bool:
    """True when a task runs although the one that it takes an output of did not succeed."""
    depends = call.task.depends
    return isinstance(reference, OutputReference) and depends is not None and holds_without(depends, reference.task)


def _fact(reference: FactReference, scope: Scope, report: Report) -> None:
    """A fact that only pods have, of a task that is none or several."""
    call = scope.calls.get(reference.task)
    if call is None or call.component is None or _has(reference.fact, call, scope):
        return
    report.error(
        "unknown-output",
        f"{_what(call, scope)} has no `{reference.fact}`",
        reference.fact_span,
        "use its `status`, or one of its outputs",
        (Related("the task", call.task.span),),
    )


def _what(call: Call, scope: Scope) -> str:
    if call.loop is not None:
        return "a loop"
    if call.scope is not None:
        return "a group of tasks"
    return "a task with hooks that may be retried" if _is_wrapped(call, scope) else "this kind of task"


def _is_wrapped(call: Call, scope: Scope) -> bool:
    """True for a task that becomes a DAG with the task in it (`lower/reshape/retried_tasks.py`)."""
    return bool(call.hooks) and node_of(call, scope) in {NodeKind.TRIES, NodeKind.UNKNOWN}


def _has(fact: str, call: Call, scope: Scope) -> bool:
    if fact in ALWAYS_KNOWN:
        return True
    if call.loop is not None or call.scope is not None or call.component is None or _is_wrapped(call, scope):
        return False
    implementation = call.component.implementation
    if implementation.is_in_cluster:
        return True
    if fact == "ip":
        return call.is_daemon
    return implementation.argo_node is None or not WITH_EXIT_CODE.isdisjoint(implementation.argo_fields)
