"""Map → Task, with all that a task may say. Expects a mapping that JSON Schema has judged."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from msgspec.structs import replace

from transpiler.build.argo_data import as_argo_reads
from transpiler.build.component import build_component
from transpiler.build.depends import build_depends
from transpiler.build.loop import build_loop
from transpiler.build.reference import build_reference
from transpiler.build.settings import build_settings
from transpiler.build.stored_file import stored_file
from transpiler.build.value import expression_of, known_text, value_of
from transpiler.build.values.laid import Laid
from transpiler.diagnostics import Report, Span
from transpiler.model.component import Component
from transpiler.model.depends import Depends
from transpiler.model.expressions.types import FILE, parse_type
from transpiler.model.ports import RESULT, Output
from transpiler.model.settings import Named, Settings
from transpiler.model.task import (
    EXIT,
    NO_PASS_THROUGH,
    Argument,
    ComponentReference,
    Dag,
    DagOutput,
    Hook,
    Limit,
    PassThrough,
    Task,
)
from transpiler.model.template import TemplateRef
from transpiler.model.values import Literal
from transpiler.read.yaml import fields
from transpiler.read.yaml.nodes import UNUSABLE, List, Map

CALLEES: Final = ("component", "pipeline", "tasks", "template", "templateRef")


def build_dag(parent: Map, report: Report) -> Dag:
    """The tasks and outputs of a pipeline or group."""
    tasks, outputs = fields.mapping(parent, "tasks"), fields.mapping(parent, "outputs")
    return Dag(
        tuple(build_task(tasks, name, report) for name in tasks) if tasks is not None else (),
        tuple(_output(outputs, name, report) for name in outputs) if outputs is not None else (),
        is_incomplete=(tasks is None and "entries" not in parent) or fields.hides_names(parent, "tasks"),
        has_incomplete_outputs=fields.hides_names(parent, "outputs"),
    )


def build_task(tasks: Map, name: str, report: Report) -> Task:
    """The task of that name."""
    span = tasks.key_span(name)
    body = fields.mapping(tasks, name)
    if body is None:
        return Task(name, span, None, is_incomplete=True)
    callee = _callee(body, report)
    arguments = fields.mapping(body, "arguments")
    template_ref = fields.mapping(body, "templateRef")
    task = Task(
        name,
        span,
        component_of(body, "component", name, report) if callee == "component" else None,
        tuple(_argument(arguments, key, report) for key in arguments) if arguments is not None else (),
        _after(body),
        fields.hides_names(body, "arguments"),
        any(fields.hides_names(body, key) for key in ("env", "secrets", "outputs")),
        is_repeated=body.is_repeated,
        pipeline=_pipeline(body) if callee == "pipeline" else None,
        below=body.below if isinstance(body, Laid) else (),
        group=build_dag(body, report) if callee == "tasks" else None,
        template=_template(body) if callee == "template" else None,
        template_ref=_template_ref(template_ref, body, report)
        if template_ref is not None and callee == "templateRef"
        else None,
    )
    return _with_course(task, body, report)


def _with_course(task: Task, body: Map, report: Report) -> Task:
    """The task with its conditions and settings."""
    return replace(
        task,
        depends=_depends(body, report),
        when=expression_of(body, "when", report) if body.get("when") is not None else None,
        loop=build_loop(body, report),
        parallelism=limit_of(body),
        fail_fast=fields.boolean(body, "failFast"),
        may_fail=body.key_span("mayFail") if fields.boolean(body, "mayFail") else None,
        settings=_settings(task, body, report),
        description=_description(body),
        uses=_uses(body),
        hooks=_hooks(task.name, body, report),
        argo=pass_through(body),
        hides_argo=body.hides("argo") or not fields.is_complete(body.get("argo")),
    )


def _settings(task: Task, body: Map, report: Report) -> Settings:
    """The settings of a task. `use`, and `arguments` of a group, may not be said of every task either."""
    settings = build_settings(body, report, has_storage=task.group is None and task.template_ref is None)
    others = ("use", "arguments") if task.group is not None else ("use",)
    written = ((key, body.key_span(key)) for key in others if body.get(key) is not None and not body.hides(key))
    return replace(settings, spans=(*settings.spans, *written))


def _description(body: Map) -> Named | None:
    """What the task is for, in the author's words."""
    text = fields.text(body, "description")
    return Named("description", body.value_span("description"), Literal(text, text)) if text else None


def _uses(body: Map) -> tuple[tuple[str, Span], ...]:
    """`use`: a preset, or several."""
    names = body.get("use")
    if isinstance(names, List):
        return tuple((name, names.item_span(index)) for index, name in enumerate(names) if isinstance(name, str))
    return ((names, body.value_span("use")),) if isinstance(names, str) and not body.hides("use") else ()


def limit_of(body: Map) -> Limit | None:
    """The `parallelism` of a task or pipeline."""
    given = body.get("parallelism")
    if not isinstance(given, int) or body.hides("parallelism"):
        return None
    return Limit(given, body.key_span("parallelism"))


def _callee(body: Map, report: Report) -> str:
    """The key of the callee; the first of several, which are reported."""
    named = [key for key in CALLEES if key in body]
    if len(named) > 1:
        message = f"a task cannot have both `{named[0]}` and `{named[1]}`"
        report.error("conflicting-keys", message, body.key_span(named[1]), "write two tasks")
    return named[0] if named else ""


def _is_whole(body: Map, key: str) -> bool:
    return fields.is_complete(body[key]) and not body.hides(key)


def component_of(parent: Map, key: str, name: str, report: Report) -> ComponentReference | Component | None:
    """A component reference or an inline component; None when it is neither, which is reported."""
    value = parent[key]
    if isinstance(value, Map) and ("implementation" in value or value.hides("implementation")):
        return build_component(value, name, report)
    if value is UNUSABLE or (isinstance(value, Map) and (parent.hides(key) or not fields.is_complete(value))):
        return None
    return build_reference(value, parent.value_span(key))


def _template(body: Map) -> Map | None:
    template = fields.mapping(body, "template")
    return as_argo_reads(template) if template is not None and _is_whole(body, "template") else None


def _pipeline(body: Map) -> ComponentReference | None:
    return build_reference(body["pipeline"], body.value_span("pipeline")) if _is_whole(body, "pipeline") else None


def _template_ref(given: Map, body: Map, report: Report) -> TemplateRef | None:
    if not fields.is_complete(given):
        return None
    name, template = (known_text(given, key, report) for key in ("name", "template"))
    return TemplateRef(name, template, given.get("clusterScope") is True, given.span, tuple(_declared(body)))


_FILES: Final = {"file", "File", "Artifact"}


def _declared(body: Map) -> Iterator[Output]:
    """The outputs of a template of the cluster, as declared by its task."""
    outputs = fields.mapping(body, "outputs")
    for name in outputs if outputs is not None else ():
        given = fields.mapping(outputs, name) if outputs is not None else None
        if outputs is not None and given is not None and not outputs.hides(name) and fields.is_complete(given):
            written = given.get("type")
            kind = FILE if isinstance(written, str) and written in _FILES else parse_type(written)
            yield Output(
                name, kind, outputs.key_span(name), fields.text(given, "description"), is_printed=name == RESULT
            )


def _after(body: Map) -> tuple[tuple[str, Span], ...]:
    names = body.get("after")
    if not isinstance(names, List):
        return ()
    return tuple((name, names.item_span(index)) for index, name in enumerate(names) if isinstance(name, str))


def _depends(body: Map, report: Report) -> Depends | None:
    text = body.get("depends")
    if not isinstance(text, str) or body.hides("depends"):
        return None
    return build_depends(text, body.source, body.values_at["depends"], report)


def _argument(arguments: Map, name: str, report: Report) -> Argument:
    span = arguments.value_span(name)
    value = stored_file(arguments, name, report) or value_of(arguments, name, report)
    return Argument(name, arguments.key_span(name), value, span)


def _output(outputs: Map, name: str, report: Report) -> DagOutput:
    span = outputs.value_span(name)
    value = UNUSABLE if outputs.hides(name) else value_of(outputs, name, report)
    return DagOutput(name, outputs.key_span(name), value, span)


def _hooks(task: str, body: Map, report: Report) -> tuple[Hook, ...]:
    """`hooks`, and `onExit`, which is one of them: Argo calls it `exit`."""
    hooks = fields.mapping(body, "hooks")
    named = [(hooks, name, name) for name in sorted(hooks)] if hooks is not None else []
    if fields.mapping(body, "onExit") is not None:
        if hooks is not None and EXIT in hooks:
            message = "`hooks: {exit: ...}` has the same meaning as `onExit`"
            report.error(
                "conflicting-keys", message, hooks.key_span(EXIT), "delete one of them, or put both into a group"
            )
            named = [each for each in named if each[1] != EXIT]
        named.append((body, "onExit", EXIT))
    example = f"tasks.{task}.status == 'Running'"
    named = [each for each in named if isinstance(each[0].get(each[1]), Map)]
    return tuple(build_hook(parent, key, name, example, report) for parent, key, name in named)


def build_hook(parent: Map, key: str, name: str, example: str, report: Report) -> Hook:
    """A hook of that name, of a task or of a run. `example` is a condition to show."""
    body, span = parent[key], parent.key_span(key)
    for other in ("after", "depends"):
        if other in body:
            message = f"`{other}` does not apply to a hook, which waits for no other task"
            hint = "delete it; a hook runs as soon as its `when` holds"
            report.error("wrong-setting", message, body.key_span(other), hint)
            body.incomplete_keys.add(other)
    hooked = build_task(parent, key, report)
    if body.get("when") is None and name != EXIT and not body.hides("when"):
        report.error("missing-key", f"the hook `{name}` has no `when`", span, f"add `when: ${{{{ {example} }}}}`")
    return Hook(name, span, replace(hooked, when=None, after=(), may_fail=None), hooked.when)  # no result of it counts


def pass_through(body: Map) -> PassThrough:
    """`argo` of a task, or of the defaults of all tasks."""
    argo = fields.mapping(body, "argo")
    if argo is None or not fields.is_complete(argo):
        return NO_PASS_THROUGH
    argo = as_argo_reads(argo)
    return PassThrough(*(fields.mapping(argo, key) for key in ("task", "template", "container")))
