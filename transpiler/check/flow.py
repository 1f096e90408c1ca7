"""What can be wrong with when tasks run: loops, limits, schedules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from transpiler.diagnostics import Related, Report
from transpiler.model.component import Input
from transpiler.model.pipeline import Argument, Pipeline
from transpiler.model.types import WrongLiteral, literal_text
from transpiler.model.values import Literal
from transpiler.read.expressions import ItemReference, Text
from transpiler.resolve.scope import Call, Scope


def check_flow(scope: Scope, report: Report) -> None:
    """Run every rule about when the tasks of a scope run."""
    for call in scope.calls.values():
        for each in (call, *(hook.call for hook in call.hooks)):
            _items(each, report)
            _limits(each, report)


def _items(call: Call, report: Report) -> None:
    """Each item of a literal list must be what the input takes that it is passed to."""
    loop = call.loop
    for argument in call.arguments.values() if loop and loop.items else ():
        target = call.component.input(argument.name) if call.component else None
        reference = argument.value.plain_reference if isinstance(argument.value, Text) else None
        if target is not None and isinstance(reference, ItemReference) and loop and reference.name == loop.alias:
            _check_items(_values(call, reference), target, argument, report)


def _values(call: Call, reference: ItemReference) -> Iterator[object]:
    for item in call.loop.items or () if call.loop else ():
        if reference.key is None:
            yield item
        elif isinstance(item, tuple):
            yield dict(item).get(reference.key)


def _check_items(values: Iterable[object], target: Input, argument: Argument, report: Report) -> None:
    for value in values:
        if not isinstance(value, Literal):
            continue
        try:
            literal_text(value.value, value.written, target.type)
        except WrongLiteral as wrong:
            message = f"an item for input `{target.name}`: {wrong.message}"
            declared = (Related("the input", target.span),)
            report.error(wrong.code, message, argument.span, wrong.hint, declared)
            return


def _limits(call: Call, report: Report) -> None:
    """`parallelism` and `failFast` say something of loops and groups only."""
    task = call.task
    is_group = call.scope is not None and call.scope.group is not None
    if task.loop is not None or is_group:
        return
    for key, value in (("parallelism", task.parallelism), ("failFast", task.fail_fast)):
        if value is not None:
            message = f"`{key}` has no meaning for a single task"
            report.error("wrong-setting", message, task.span, "it belongs to a group, or a task with `forEach`")


def check_schedule(pipeline: Pipeline, kind: str, report: Report) -> None:
    """A CronWorkflow starts runs without anybody who could pass something."""
    if kind != "CronWorkflow":
        return
    if pipeline.schedule is None:
        hint = "add `schedule: {cron: ...}`"
        report.error("missing-key", "a CronWorkflow needs a `schedule`", pipeline.span, hint)
        return
    for given in pipeline.inputs:
        if given.required:
            message = f"the schedule passes nothing to the input `{given.name}`"
            related = (Related("the schedule", pipeline.schedule.span),)
            report.error("missing-argument", message, given.span, "give it a default", related)
