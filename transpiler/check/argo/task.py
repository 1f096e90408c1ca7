"""A single task, step or hook of Argo's own: its template, loop and arguments."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final

from transpiler.argo.loops import LOOPS
from transpiler.check.argo.calls import check_passed, template_of
from transpiler.check.argo.nodes import check_one_of, name_of, place, text_of
from transpiler.check.argo.ports import check_arguments
from transpiler.check.argo.values import check_values
from transpiler.diagnostics import Related, Report, excerpt
from transpiler.read.yaml import fields
from transpiler.read.yaml.nodes import Map

_RUNS: Final = ("template", "templateRef", "inline")


def check_task(task: Map, templates: Mapping[str, Map], report: Report) -> None:
    """A whole task or step: it runs one thing."""
    found = [key for key in _RUNS if key in task]
    if not found and not task.hides(*_RUNS):
        hint = "write `template: NAME`, or a `templateRef`, or an `inline` template"
        report.error("argo-field", f"task `{name_of(task)}` runs nothing", place(task), hint)
    _rules(task, templates, report)
    check_arguments(task, report)
    template = template_of(task, templates)
    if template is not None:
        check_passed(task, template, report)


def check_task_fields(part: Map, report: Report, *, templates: Mapping[str, Map] | None = None) -> None:
    """A part of a task, to be merged into another. `templates` are those that can be looked at: name → template."""
    check_values(part, "", report)
    _rules(part, templates or {}, report)


def _rules(task: Map, templates: Mapping[str, Map], report: Report) -> None:
    check_one_of(task, _RUNS, "a task runs one template", report)
    check_one_of(task, LOOPS, "a loop has one source of items", report)
    _template_ref(task, report)
    _sequence(task, report)
    _items(task, report)
    _continues(task, report)
    _on_exit(task, report)
    check_hooks(task, templates, report)


def _template_ref(caller: Map, report: Report) -> None:
    reference = fields.mapping(caller, "templateRef")
    for key in ("name", "template") if reference is not None and not reference.has_mistakes else ():
        if reference is not None and not reference.get(key):
            hint = "write the `name` of a WorkflowTemplate and the `template` in it"
            report.error("argo-field", f"the reference has no `{key}`", caller.key_span("templateRef"), hint)


def _sequence(task: Map, report: Report) -> None:
    sequence = fields.mapping(task, "withSequence")
    if sequence is None or sequence.hides("count", "end"):
        return
    if "count" not in sequence and "end" not in sequence:
        span = task.key_span("withSequence")
        report.error("argo-field", "`withSequence` has no end", span, "write its `count`, or its `end`")
    check_one_of(sequence, ("count", "end"), "a sequence has one end", report)


def _items(task: Map, report: Report) -> None:
    """A `withParam` without tags must be a JSON list."""
    text = text_of(task, "withParam")
    if text and "{{" not in text and not _is_json_list(text):
        message = f"`{excerpt(text)}` is not a JSON list"
        hint = "write a tag such as {{tasks.NAME.outputs.result}}, or a list in `withItems`"
        report.error("argo-value", message, task.value_span("withParam"), hint)


def _is_json_list(text: str) -> bool:
    try:
        return isinstance(json.loads(text), list)
    except (ValueError, RecursionError):
        return False


def _continues(task: Map, report: Report) -> None:
    if "depends" not in task:
        return
    for key, instead in (
        ("dependencies", "list all of them in `depends`, joined with &&"),
        ("continueOn", "write `depends: A.Succeeded || A.Failed` in the next task"),
    ):
        if key in task:
            related = (Related("here", task.key_span("depends")),)
            report.error(
                "argo-field", f"`{key}` cannot be combined with `depends`", task.key_span(key), instead, related
            )


def _on_exit(task: Map, report: Report) -> None:
    if "onExit" in task:
        hint = f"write `hooks: {{exit: {{template: {text_of(task, 'onExit') or 'NAME'}}}}}`"
        report.warning("argo-field", "`onExit` of a task is deprecated", task.key_span("onExit"), hint)


def check_hooks(parent: Map, templates: Mapping[str, Map], report: Report) -> None:
    """`hooks` of a task, step or Workflow: each runs a template; all but `exit` say when."""
    hooks = fields.mapping(parent, "hooks")
    for name in hooks if hooks is not None else ():
        hook = fields.mapping(hooks, name) if hooks is not None else None
        if hooks is not None and hook is not None:
            _hook(hooks, name, hook, report)
            _template_ref(hook, report)
            check_arguments(hook, report)
            template = template_of(hook, templates)
            if template is not None:
                check_passed(hook, template, report)


def _hook(hooks: Map, name: str, hook: Map, report: Report) -> None:
    if "template" not in hook and "templateRef" not in hook and not hook.hides(*_RUNS):
        report.error("argo-field", f"the hook `{name}` runs nothing", hooks.key_span(name), "write its `template`")
    if name != "exit" and "expression" not in hook and not hook.hides("expression"):
        message = f"the hook `{name}` never runs: it has no `expression`"
        hint = 'add one, such as `expression: workflow.status == "Running"`; only the hook `exit` needs none'
        report.error("argo-field", message, hooks.key_span(name), hint)
