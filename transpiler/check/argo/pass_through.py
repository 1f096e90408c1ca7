"""Argo's own fields wherever a manifest has them: of the run, of a task, and whole templates."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from msgspec.structs import replace

from transpiler.argo.naming import kebab
from transpiler.argo.template_kinds import BRANCHES, KINDS
from transpiler.check.argo.inputs import check_argo_inputs
from transpiler.check.argo.nodes import mounts_below, name_of
from transpiler.check.argo.parts import check_parts
from transpiler.check.argo.spec import check_metadata, check_spec, check_template_names, surroundings
from transpiler.check.argo.sub_paths import check_sub_paths
from transpiler.check.argo.task import check_task_fields
from transpiler.check.argo.template import (
    Surroundings,
    check_container_fields,
    check_template,
    check_template_fields,
)
from transpiler.check.argo.values import check_values
from transpiler.check.tasks.images import check_images
from transpiler.diagnostics import Report, Span
from transpiler.model.argo_data import Tree
from transpiler.model.component import Component
from transpiler.model.pipeline import Pipeline
from transpiler.model.task import PassThrough
from transpiler.read.yaml import fields
from transpiler.read.yaml.nodes import Map
from transpiler.resolve.program import Program
from transpiler.resolve.scope import Call, calls_of


def check_pass_through(pipeline: Pipeline, program: Program, kind: str, report: Report) -> None:
    """Every rule about them, but for the templates that they call: not all have names yet."""
    passed, calls = dict(pipeline.argo), list(_calls(program))
    if "metadata" in passed:
        check_metadata(passed["metadata"], kind, report)
    if "cron" in passed:
        check_values(passed["cron"], "cron", report)
    arguments = [each.name for each in pipeline.inputs if not each.hidden]
    inputs = None if "inputs" in pipeline.incomplete_names else arguments
    has_exit = pipeline.on_exit is not None
    around = Surroundings(parameters=inputs, has_exit=has_exit)
    if "spec" in passed:
        around = surroundings(passed["spec"], inputs, has_exit=has_exit)
        check_spec(passed["spec"], report, around=around, patches=_is_generated(pipeline, calls))
    for scope in program.scopes:
        seen = around.as_seen(is_open=scope in program.called_from_elsewhere)
        for call in calls_of(scope):
            _template(call, seen, report, hides_image=pipeline.hides_defaults)
            _parts(call.task.argo, around, report)
    _unused_templates(pipeline, calls, around, report)
    if not pipeline.hides_defaults:
        check_images(calls, passed.get("spec"), report)
    check_argo_inputs(program, report)
    check_sub_paths(program, report)
    check_parts(program, [each.argo for each in pipeline.shared], around, report)
    for each in pipeline.shared:
        _parts(each.argo, around, report)
    _kinds(calls, pipeline, report)


def _template(call: Call, around: Surroundings, report: Report, *, hides_image: bool) -> None:
    """The template of a task, with what its settings bring. `hides_image`: a mistake may hide one of all tasks."""
    settings = call.task.settings
    if call.task.template is not None:
        volumes = (*around.volumes, *(each.name or each.called for each in settings.volumes))
        has_image = settings.image is not None or call.task.hides_keys or hides_image
        around = replace(around, volumes=volumes, has_image=has_image)
        check_template(call.task.template, around, report)


def _unused_templates(pipeline: Pipeline, calls: Sequence[Call], around: Surroundings, report: Report) -> None:
    """Templates of `components` that no task runs. A task could bring the volumes that they mount."""
    used = {call.component for call in calls}
    for component in (each for _, each in pipeline.components if isinstance(each, Component) and each not in used):
        template = component.implementation.argo_node
        if template is not None:
            volumes = [name_of(mount) for mount in mounts_below(template)]
            has_image = pipeline.defaults.image is not None or pipeline.hides_defaults
            check_template(template, replace(around, volumes=volumes, has_image=has_image), report)


def _kinds(calls: Sequence[Call], pipeline: Pipeline, report: Report) -> None:
    """A template has one type, which fields merged into the template of a task cannot change."""
    seen: set[Span] = set()
    for call in calls:
        own, used = call.implementation.kind, {"", *(name for name, _ in call.task.uses)}
        shared = [each.argo.template for each in pipeline.shared if each.name in used]
        parts = (call.task.argo.template, *(() if own in {*BRANCHES, "suspend"} else shared))
        for part in (each for each in parts if own and each is not None):
            kept = call.task.settings.argo_template
            others = [key for key in part if key in set(KINDS) - {own} and _is_kept(key, kept)]
            for span in (part.key_span(key) for key in others):
                if span not in seen:
                    message = f"the template of `{call.task.name}` is a `{own}`, which cannot be changed"
                    report.error("argo-field", message, span, "write another task with `template: {...}`")
                seen.add(span)


def _is_kept(key: str, given: Tree | None) -> bool:
    """False for a field of `defaults` that the task takes off with `null`."""
    return given is None or given.data.get(key, key) is not None


def _parts(passed: PassThrough, around: Surroundings, report: Report) -> None:
    """Argo's own fields of a task, or of `defaults`, for the task, the template and the container."""
    if passed.task is not None:
        check_task_fields(passed.task, report, templates=around.templates)
        _order(passed.task, report)
    if passed.template is not None:
        check_template_fields(passed.template, report)
    if passed.container is not None:
        check_container_fields(passed.container, report)


def _order(task: Map, report: Report) -> None:
    """The tasks of a manifest wait with `depends`, beside which Argo takes no other word for it."""
    for key, instead in (("dependencies", "use `after` or `depends` of the task"), ("continueOn", _CONTINUE)):
        if key in task:
            report.error("argo-field", f"`{key}` cannot be combined with `depends`", task.key_span(key), instead)


_CONTINUE = "write `mayFail: true` in the task; or `depends: A.Succeeded || A.Failed` in the one that continues"


def check_merged_templates(pipeline: Pipeline, known: Mapping[str, Collection[str]], report: Report) -> None:
    """Templates of `spec` that are merged into one of a task, and would make two things of it."""
    spec = dict(pipeline.argo).get("spec")
    for template in fields.mappings(spec, "templates") if spec is not None else ():
        kinds = [key for key in KINDS if key in known.get(name_of(template), ())]
        own = [key for key in kinds if key in template]
        if len(kinds) > 1 and len(own) == 1:
            other = next(key for key in kinds if key not in own)
            message = f"`{name_of(template)}` is the template of a task, and cannot be a `{other}`"
            hint = "rename it; a template with the name of a task's template is merged into that one"
            report.error("argo-field", message, template.key_span(own[0]), hint)


def check_called_templates(pipeline: Pipeline, program: Program, known: Collection[str], report: Report) -> None:
    """Templates that Argo's own fields call. `known` are the names of all that the Workflow has."""
    parts = (part for call in _calls(program) for part in (call.task.template, call.task.argo.task))
    for root in (dict(pipeline.argo).get("spec"), *parts):
        if root is not None:
            check_template_names(root, known, report)


def _calls(program: Program) -> Iterator[Call]:
    """Every call, those below groups, sub-pipelines and graph components too."""
    for scope in program.scopes:
        yield from calls_of(scope)


def _is_generated(pipeline: Pipeline, calls: Sequence[Call]) -> Callable[[str], bool]:
    """True for possible names of task templates: the names of their components, with an optional number."""
    entry = kebab(pipeline.name, "pipeline")
    hooks = (kebab(f"{pipeline.name}-{hook.name}", "hook") for hook in pipeline.hooks)
    names = {
        *(each.name for each in (pipeline.entries.dag.tasks if pipeline.entries is not None else ())),
        pipeline.entrypoint or entry,
        f"{entry}-exit",
        *hooks,
        *(kebab(call.component.name, "component") for call in calls if call.component),
    }
    return lambda name: name in names or re.sub(r"-[0-9]+$", "", name) in names
