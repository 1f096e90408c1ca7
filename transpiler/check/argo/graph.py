"""Argo's own `dag` and `steps`: names, dependencies, and the results that each task can use."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Final

from msgspec.structs import replace

from transpiler.argo.expressions import EXPRESSION_WORDS
from transpiler.argo.text import argo_tags
from transpiler.build.depends import HINT, ParsedDepends, parse_depends
from transpiler.check.argo.calls import template_of
from transpiler.check.argo.nodes import check_unique, loops, name_of, place, ports, text_of, texts_below
from transpiler.check.argo.tags import TagScope, check_expression_names, check_tags
from transpiler.check.argo.task import check_task
from transpiler.diagnostics import Report, excerpt
from transpiler.model.depends import LOOP_RESULTS, RESULTS, TaskResult
from transpiler.patterns import regex
from transpiler.read.yaml import fields
from transpiler.read.yaml.nodes import List, Map
from transpiler.resolve.cycles import Edges, report_cycles
from transpiler.suggest import correction, did_you_mean, suggestion

_RESULTS: Final = (*RESULTS, *LOOP_RESULTS)


def check_dag(template: Map, scope: TagScope, report: Report) -> None:
    """The tasks of a `dag`."""
    dag = fields.mapping(template, "dag")
    if dag is None or dag.hides("tasks"):
        return
    entries = fields.mappings(dag, "tasks")
    tasks = {name_of(task): task for task in entries if name_of(task)}
    check_unique(entries, "tasks", report)
    waits = {name: list(waits_of(task)) for name, task in tasks.items()}
    edges: Edges = {}
    for name, task in tasks.items():
        _depends(task, report)
        for wait in waits[name]:
            _waits_for(wait, tasks, report)
            if wait.task in tasks:
                edges.setdefault((wait.task, name), wait.span)
    _names(tasks, {wait.task for found in waits.values() for wait in found}, report)
    _hidden_ends(tasks, {producer for producer, _ in edges}, scope, report)
    _target(dag, tasks, scope, report)
    order = report_cycles(list(tasks), edges, report)
    ancestors = _ancestors(order, edges)
    scope = replace(scope, kind="tasks", tasks=tasks)
    for name, task in tasks.items():
        check_task(task, scope.templates, report)
        _known(task, replace(scope, finished=ancestors.get(name, frozenset()), own=name), report)
    _outputs(template, replace(scope, finished=tasks), report)


def waits_of(task: Map) -> Iterator[TaskResult]:
    """The tasks that a task waits for, by `depends` and `dependencies`, with the positions."""
    yield from _parsed(task).named
    yield from (TaskResult(name, "", span) for name, span in texts_below(task.get("dependencies")))


def _parsed(task: Map) -> ParsedDepends:
    return parse_depends(text_of(task, "depends"), lambda *_: task.value_span("depends"))


def _depends(task: Map, report: Report) -> None:
    text, fault = text_of(task, "depends"), _parsed(task).fault
    if text.strip() and fault is not None:
        message = f"`depends: {excerpt(text)}` is invalid: {fault.message}"
        report.error("argo-value", message, fault.span, HINT)


def _waits_for(wait: TaskResult, tasks: Mapping[str, Map], report: Report) -> None:
    name, result = wait.task, wait.result
    if name not in tasks:
        hint = suggestion(name, tasks, "tasks") or "correct the name"
        report.error("unknown-task", f"there is no task `{name}`", wait.span, hint)
    elif result and result not in _RESULTS:
        close = did_you_mean(result, _RESULTS)
        hint = correction(result, close) if close else "the results are " + ", ".join(_RESULTS)
        report.error("argo-value", f"a task has no result `{result}`", wait.span, hint)
    elif result in LOOP_RESULTS and not loops(tasks[name]):
        hint = f"write `{name}.Succeeded` or `{name}.Failed`"
        report.error("argo-value", f"`{result}` is a result of loops, and `{name}` is not a loop", wait.span, hint)


def _names(tasks: Mapping[str, Map], awaited: Collection[str], report: Report) -> None:
    """`depends` is evaluated with the names of tasks as variables, so some names are keywords."""
    for name, task in tasks.items():
        if name in EXPRESSION_WORDS and name in awaited:
            message = f"`{name}` is a keyword of Argo's expressions: no task can wait for a task of this name"
            report.error("invalid-name", message, place(task), "rename it")
        elif awaited and name[0].isdigit():
            message = f"`{name}` starts with a digit, which `depends` and `dependencies` do not allow"
            report.error("invalid-name", message, place(task), "start it with a letter")


def _hidden_ends(tasks: Mapping[str, Map], awaited: Collection[str], scope: TagScope, report: Report) -> None:
    """Retried tasks that others wait for: Argo takes the result of a hook as theirs, and a cache hides it."""
    for name, task in tasks.items():
        template = template_of(task, scope.templates)
        if name not in awaited or template is None or template.get("retryStrategy") is None:
            continue
        if template.get("memoize") is not None:
            report_kept(task, report)
        for key in ("hooks", "onExit"):
            if key in task:
                message = f"`{name}` is retried, and Argo takes the result of this hook as the result of the task"
                hint = "put this task into a `dag`, and the hook on the task that runs that"
                report.error("hidden-end", message, task.key_span(key), hint)


def report_kept(task: Map, report: Report) -> None:
    """A task or step with dependents whose template has `memoize` and `retryStrategy`."""
    message = (
        f"the run never ends once the result of `{name_of(task)}` is cached: Argo loses the tasks that wait for it"
    )
    hint = "move `memoize` to a template with a `dag` that runs this one, and run that template"
    report.error("hidden-end", message, place(task), hint)


def _target(dag: Map, tasks: Mapping[str, Map], scope: TagScope, report: Report) -> None:
    check_tags([(text_of(dag, "target"), dag.value_span("target"))], scope, report)
    for name in text_of(dag, "target").split():
        if name not in tasks and "{{" not in name:
            hint = suggestion(name, tasks, "tasks") or "correct the name"
            report.error("unknown-task", f"there is no task `{name}`", dag.value_span("target"), hint)


def _ancestors(order: list[str], edges: Edges) -> dict[str, frozenset[str]]:
    """Each task with those that have ended when it starts; `order` is topological unless there are cycles."""
    before: dict[str, list[str]] = {}
    for producer, consumer in edges:
        before.setdefault(consumer, []).append(producer)
    found: dict[str, frozenset[str]] = {}
    for name in order:
        near = before.get(name, [])
        found[name] = frozenset(near).union(*(found.get(each, frozenset()) for each in near))
    return found


def check_steps(template: Map, scope: TagScope, report: Report) -> None:
    """The groups of `steps`: a group starts when the one before has ended."""
    groups = [[step for step in group if isinstance(step, Map)] for group in _groups(template)]
    steps = [step for group in groups for step in group]
    check_unique(steps, "steps", report)
    finished: set[str] = set()
    scope = replace(scope, kind="steps", tasks={name_of(step): step for step in steps}, finished=finished)
    for group in groups:
        for step in group:
            if not name_of(step) and not step.hides("name"):
                report.error("missing-key", "a step has no `name`", step.span, "add `name:`")
            check_task(step, scope.templates, report)
            _known(step, replace(scope, own=name_of(step)), report)
        finished |= {name_of(step) for step in group}
    _outputs(template, scope, report)


def _groups(template: Map) -> Iterator[List]:
    groups = fields.items(template, "steps")
    yield from (group for group in groups if isinstance(group, List))


def _known(task: Map, scope: TagScope, report: Report) -> None:
    """The names in the texts of a task."""
    scope = replace(scope, loop=task if loops(task) else None)
    check_tags(texts_below(task, without=("inline", "hooks", "depends", "withItems")), scope, report)
    check_tags(texts_below(task.get("withItems")), replace(scope, loop=None), report)
    _literal_tags(task, report)
    _kinds(task, report)
    hooks = fields.mapping(task, "hooks")
    for name in hooks if hooks is not None else ():
        hook = fields.mapping(hooks, name) if hooks is not None else None
        if hook is not None:
            own = replace(scope, is_hook=True)
            check_tags(texts_below(hook), own, report)
            check_expression_names(text_of(hook, "expression"), own, hook.value_span("expression"), report)


_TAG: Final = regex(r"\{\{(?!=).*?\}\}", re.DOTALL)


def _literal_tags(task: Map, report: Report) -> None:
    """In the arguments of a loop, Argo must resolve every tag, even those that it ignores elsewhere."""
    if not loops(task):
        return
    for text, span in texts_below(task.get("arguments")):
        known = {start for _, start, _ in argo_tags(text)}
        for found in _TAG.finditer(text):
            if found.start() not in known:
                message = f"Argo refuses `{excerpt(found.group())}` in the arguments of a loop: it is not a valid tag"
                hint = "Argo has no escape for it: pass the string base64-encoded, or write it in the container"
                report.error("argo-tag", message, span.below(found.group()), hint)


_ARTIFACT: Final = regex(r"\{\{\s*(?:(?:tasks|steps)\.[-\w]+\.outputs|inputs)\.artifacts\.[-\w]+\s*\}\}")
_PARAMETER: Final = regex(r"\{\{\s*(?:(?:tasks|steps)\.[-\w]+\.outputs|inputs)\.parameters\.[-\w]+\s*\}\}")


def _kinds(task: Map, report: Report) -> None:
    """Parameters must not get artifacts, and artifacts must not get parameters."""
    for parameter in ports(task, "arguments", "parameters"):
        if _ARTIFACT.search(text_of(parameter, "value")):
            message = f"parameter `{name_of(parameter)}` gets an artifact"
            report.error(
                "argo-reference", message, parameter.value_span("value"), "pass it under `artifacts`, with `from`"
            )
    for artifact in ports(task, "arguments", "artifacts"):
        source = text_of(artifact, "from")
        if source and (_PARAMETER.search(source) or "{{" not in source):
            message = f"artifact `{name_of(artifact)}` gets `{excerpt(source)}`, which is not an artifact"
            hint = "write a tag such as {{tasks.NAME.outputs.artifacts.NAME}}"
            report.error("argo-reference", message, artifact.value_span("from"), hint)


def _outputs(template: Map, scope: TagScope, report: Report) -> None:
    """The outputs of a template of tasks, which can use all its tasks."""
    outputs = fields.mapping(template, "outputs")
    check_tags(texts_below(outputs), scope, report)
    for parameter in ports(template, "outputs", "parameters"):
        source = fields.mapping(parameter, "valueFrom")
        if source is not None:
            check_expression_names(text_of(source, "expression"), scope, source.value_span("expression"), report)
    for artifact in ports(template, "outputs", "artifacts"):
        expression = text_of(artifact, "fromExpression")
        check_expression_names(expression, scope, artifact.value_span("fromExpression"), report)
