"""What can be wrong with when tasks run: loops, limits, schedules."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from transpiler.argo.schedules import schedule_fault
from transpiler.check.expressions.literals import text_for
from transpiler.check.expressions.optional_inputs import check_left_out
from transpiler.check.expressions.type_names import misspelt
from transpiler.check.references.unmarked_references import is_meant, warn_meant
from transpiler.diagnostics import Related, Report, Span
from transpiler.model.expressions.tree import ItemReference, Text
from transpiler.model.expressions.types import WrongLiteral, fits
from transpiler.model.pipeline import Pipeline
from transpiler.model.ports import Input
from transpiler.model.task import Argument
from transpiler.model.values import Literal
from transpiler.resolve.scope import Call, Scope, calls_of
from transpiler.resolve.types import INTEGER, LIST, is_folder, type_of_value


def check_flow(scope: Scope, report: Report) -> None:
    """Run every rule about when the tasks of a scope run."""
    for call in calls_of(scope):
        _items(call, scope, report)
        _source(call, scope, report)
        _limits(call, report)


def _source(call: Call, scope: Scope, report: Report) -> None:
    """What a loop runs over is a JSON list, and what it counts with are whole numbers."""
    loop = call.loop
    if loop is None:
        return
    for value, wanted in ((loop.source, LIST), (loop.count, INTEGER), (loop.start, INTEGER), (loop.end, INTEGER)):
        if not isinstance(value, Text):
            continue
        given = type_of_value(value, scope)
        if not fits(given, wanted) or (loop.source is value and is_file_of_a_loop_of(value, scope)):
            hint = "let a task yield the list as JSON, with the type JsonArray" if wanted is LIST else ""
            message = f"the loop takes {'a JsonArray' if wanted is LIST else 'an Integer'}, not {given.shown}"
            report.error("type-mismatch", message, loop.span, misspelt(given) or hint or "use a whole number")
        check_left_out(value, wanted, scope, report)


def is_file_of_a_loop_of(value: Text, scope: Scope) -> bool:
    """True for a value that is a file which each item of another loop writes."""
    return value.plain_reference is not None and is_folder(value.plain_reference, scope)


def _items(call: Call, scope: Scope, report: Report) -> None:
    """Each item of a literal list must be what the input takes that it is passed to."""
    loop = call.loop
    for item in loop.items or () if loop else ():
        names = [name for name, _ in item] if isinstance(item, tuple) else []
        hidden = next((name for name in names if any(each.startswith(f"{name}.") for each in names)), None)
        if hidden is not None and loop is not None:
            message = f"Argo would not find the key `{hidden}` of an item, because another key starts with `{hidden}.`"
            report.error("wrong-value", message, loop.span, "rename one of the keys")
            break
    for argument in call.arguments.values() if loop and loop.items else ():
        target = call.component.input(argument.name) if call.component else None
        reference = argument.value.plain_reference if isinstance(argument.value, Text) else None
        if target is not None and isinstance(reference, ItemReference) and loop and reference.name == loop.alias:
            for value in _values(call, reference):
                if not _check_item(value, target, argument, call, scope, report):
                    break
                text = value.value if isinstance(value, Literal) else None
                warn_meant(text, call, scope, loop.span, report)


def _values(call: Call, reference: ItemReference) -> Iterator[object]:
    for item in call.loop.items or () if call.loop else ():
        if reference.key is None:
            yield item
        elif isinstance(item, tuple):
            yield dict(item).get(reference.key)


def _check_item(value: object, target: Input, argument: Argument, call: Call, scope: Scope, report: Report) -> bool:
    """False for an item that the input does not take, which is reported."""
    if isinstance(value, tuple) and target.type.name == "String":
        return True  # the JSON of a mapping is a text
    given = Literal({}, "") if isinstance(value, tuple) else value
    if not isinstance(given, Literal):
        return True
    try:
        text_for(call, given, target)
    except WrongLiteral as wrong:
        message = f"an item for input `{target.name}`: {wrong.message}"
        declared = (Related("the input", target.span),)
        code = "literal-reference" if is_meant(given.value, call, scope) else wrong.code
        report.error(code, message, argument.span, wrong.hint, declared)
        return False
    return True


def _limits(call: Call, report: Report) -> None:
    """`parallelism` and `failFast` say something of loops and groups only."""
    task = call.task
    is_group = call.scope is not None and call.scope.group is not None
    if task.loop is not None or is_group or call.component is None:
        if task.fail_fast:
            warn_fail_fast(task.span, report)
        return
    for key, value in (("parallelism", task.parallelism), ("failFast", task.fail_fast)):
        if value is not None:
            message = f"`{key}` does not apply to a single task"
            report.error("wrong-setting", message, task.span, "move it to a group, or a task with `forEach`")


def warn_fail_fast(span: Span, report: Report) -> None:
    """Argo starts whatever can start, until all that is there has ended (`executeDAG` of v4.0.7)."""
    message = "`failFast: true` has no effect: after a failure, Argo still starts the others"
    report.warning("ignored-field", message, span, "delete it; let tasks wait for those that must succeed first")


def check_kind(pipeline: Pipeline, kind: str, report: Report) -> None:
    """A template of the cluster is run by a Workflow or CronWorkflow, and is no part of another template."""
    if pipeline.workflow_template is not None and kind not in {"Workflow", "CronWorkflow"}:
        message = f"a {kind} cannot be a reference to another template"
        hint = "compile it to a Workflow, or add a `schedule`"
        report.error("wrong-setting", message, pipeline.workflow_template.span, hint)


_CRON_ALONE: Final = "delete it, or compile to a CronWorkflow"


def check_unheard(pipeline: Pipeline, kind: str, report: Report) -> None:
    """What the manifest says, and an object of that kind has no place for."""
    said, passed = dict(pipeline.run_only), dict(pipeline.argo)
    found: list[tuple[str, Span | None, str]] = []
    if kind != "CronWorkflow":
        found.append(("schedule", pipeline.schedule.span if pipeline.schedule is not None else None, _CRON_ALONE))
        found.append(("argo: {cron: ...}", passed["cron"].span if "cron" in passed else None, _CRON_ALONE))
    if kind == "ClusterWorkflowTemplate":
        hint = "delete it, or compile to a WorkflowTemplate; a ClusterWorkflowTemplate has no namespace"
        metadata = passed.get("metadata")
        own = metadata.key_span("namespace") if metadata is not None and "namespace" in metadata else None
        found += [("namespace", said.get("namespace"), hint), ("namespace", own, hint)]
    for key, span, hint in found:
        if span is not None:
            report.warning("ignored-field", f"`{key}` has no effect in a {kind}", span, hint)


def check_schedule(pipeline: Pipeline, kind: str, report: Report) -> None:
    """A CronWorkflow starts runs without anybody who could pass something."""
    if kind != "CronWorkflow":
        return
    if pipeline.schedule is None:
        hint = "add `schedule: {cron: ...}`"
        report.error("missing-key", "a CronWorkflow needs a `schedule`", pipeline.span, hint)
        return
    for line in pipeline.schedule.cron:
        fault = schedule_fault(line)
        if fault:
            message = f"the schedule `{line}` is invalid: {fault}"
            report.error("wrong-value", message, pipeline.schedule.span, "minute, hour, day, month, day of the week")
    for given in pipeline.inputs:
        if given.required:
            message = f"the schedule passes no value to the input `{given.name}`"
            related = (Related("the schedule", pipeline.schedule.span),)
            report.error("missing-argument", message, given.span, "give it a default", related)
