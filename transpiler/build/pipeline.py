"""Map → Pipeline. Expects a validated mapping; reports mistakes that a schema cannot detect."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from msgspec.structs import replace

from transpiler.argo.naming import PORT_NAME
from transpiler.build.argo_data import as_argo_reads, slots_of, tree_of
from transpiler.build.entries import build_entries
from transpiler.build.run_keys import RUN_KEYS, argo_of
from transpiler.build.settings import build_cache, build_settings
from transpiler.build.stored_file import location_of
from transpiler.build.task import CALLEES, build_dag, build_hook, build_task, component_of, limit_of, pass_through
from transpiler.build.template import named_template
from transpiler.build.value import known_text
from transpiler.build.values.laid import Laid
from transpiler.build.volumes import build_artifacts
from transpiler.diagnostics import Related, Report, Span
from transpiler.model.argo_data import Slot
from transpiler.model.component import Component
from transpiler.model.expressions.types import ANY, Type, WrongLiteral, computable_text, inferred_type, parse_type
from transpiler.model.images import ImageRule
from transpiler.model.pipeline import Pipeline, Preset, Schedule
from transpiler.model.ports import Input
from transpiler.model.settings import Settings
from transpiler.model.task import EXIT, NO_PASS_THROUGH, ComponentReference, Dag, Hook, Limit
from transpiler.model.template import WorkflowTemplateRef
from transpiler.read.plain_data import plain
from transpiler.read.yaml import fields
from transpiler.read.yaml.nodes import UNUSABLE, Elsewhere, List, Map
from transpiler.read.yaml.scalars import has_leading_zero

RUN_ONLY: Final = (
    *("onExit", "hooks", "schedule", "timeout", "argo", "labels", "annotations", "namespace", "artifacts"),
    *RUN_KEYS,
)
"""The keys that apply only to the pipeline that is run."""


_NAMING: Final = ("inputs", "tasks", "components", "catalogs", "presets")


def build_pipeline(document: Map, report: Report) -> Pipeline:
    """Build the pipeline of a manifest. Parts with a reported mistake are omitted."""
    own = Report()
    pipeline = _build(document, own)
    wrong = [f"{key}.{name}" for key in ("inputs", "tasks") for name in _invalid_names(document, key)]
    for found in own.diagnostics:
        line = found.span.source.line(found.span.line) if wrong else ""
        if found.code != "expression-syntax" or not any(use in line for use in wrong):
            report.add(found)
    return pipeline


def _invalid_names(document: Map, key: str) -> Iterator[str]:
    """Names that cannot be written in a reference, which is reported where they are declared."""
    named = fields.mapping(document, key)
    yield from (name for name in named or () if not PORT_NAME.fullmatch(name))


def _build(document: Map, report: Report) -> Pipeline:
    components = fields.mapping(document, "components")
    inputs = fields.mapping(document, "inputs")
    pipeline = Pipeline(
        name=fields.text(document, "name"),
        span=document.value_span("name") if "name" in document else document.span,
        description=fields.text(document, "description"),
        entrypoint=fields.text(document, "entrypoint"),
        namespace=fields.text(document, "namespace"),
        labels=fields.pairs(document, "labels"),
        annotations=fields.pairs(document, "annotations"),
        inputs=tuple(_input(inputs, name, report) for name in inputs) if inputs is not None else (),
        components=tuple((name, _component(components, name, report)) for name in components)
        if components is not None
        else (),
        catalogs=_catalogs(document),
        is_complete=fields.is_complete(document),
        hides_defaults=any(
            document.hides(key) or not fields.is_complete(document.get(key)) for key in ("defaults", "presets")
        ),
        incomplete_names=frozenset(key for key in _NAMING if fields.hides_names(document, key)),
        dag=build_dag(document, report),
    )
    pipeline = _with_course(pipeline, document, report)
    if pipeline.is_library:  # it has no outputs, which is reported
        return replace(pipeline, dag=Dag((), ()))
    return pipeline


def _component(components: Map, name: str, report: Report) -> ComponentReference | Component | None:
    """A component, or a template in Argo's own fields, with a short name."""
    value = components[name]
    if isinstance(value, Map) and "template" in value:
        template = fields.mapping(value, "template")
        is_whole = template is not None and fields.is_complete(value) and not components.hides(name)
        return named_template(name, template, components.key_span(name), report) if template and is_whole else None
    return component_of(components, name, name, report)


def _with_course(pipeline: Pipeline, document: Map, report: Report) -> Pipeline:
    """The pipeline with the settings of its runs."""
    defaults = fields.mapping(document, "defaults")
    own = build_settings(defaults, report, has_storage=False) if defaults is not None else Settings()
    own = replace(own, cache=own.cache or build_cache(document, report))
    timeout, argo = document.get("timeout"), argo_of(document)
    return replace(
        pipeline,
        defaults=own,
        entries=build_entries(document, report),
        on_exit=_on_exit(document, report),
        hooks=tuple(_hooks(document, report)),
        workflow_template=_workflow_template(document, report),
        schedule=_schedule(document),
        parallelism=_limit(document),
        fail_fast=fields.boolean(document, "failFast"),
        timeout=str(timeout) if timeout is not None and not document.hides("timeout") else "",
        argo=_passed(argo),
        argo_defaults=pass_through(defaults) if defaults is not None else NO_PASS_THROUGH,
        presets=tuple(_presets(document, report)),
        slots=tuple(_slots(document, argo, report)),
        artifacts=build_artifacts(document, report),
        images=_images(document),
        run_only=tuple((key, document.key_span(key)) for key in RUN_ONLY if document.get(key) is not None),
    )


def _images(document: Map) -> tuple[ImageRule, ...]:
    """What an environment writes instead of images; a manifest itself has no such key."""
    if not isinstance(document, Laid) or document.images is None:
        return ()
    from transpiler.build.values.images import image_rules  # noqa: PLC0415 - most manifests have none

    return tuple(sorted(image_rules(document.images), key=lambda each: each.order))


def _presets(document: Map, report: Report) -> Iterator[Preset]:
    presets = fields.mapping(document, "presets")
    for name in presets if presets is not None else ():
        body = fields.mapping(presets, name) if presets is not None else None
        if body is not None:
            yield Preset(name, build_settings(body, report, has_storage=False), pass_through(body))
        elif presets is not None and presets[name] is None:
            yield Preset(name, Settings())


def _slots(document: Map, argo: Map | None, report: Report) -> Iterator[Slot]:
    for key, found in (("argo", argo), ("schedule", fields.mapping(document, "schedule"))):
        if found is not None and not document.hides(key) and fields.is_complete(found):
            yield from slots_of(found, report, (key,))


def _passed(argo: Map | None) -> tuple[tuple[str, Map], ...]:
    """The mappings under `argo`."""
    if argo is None:
        return ()
    read = as_argo_reads(argo)
    return tuple((key, read[key]) for key in read if isinstance(read[key], Map))


def _limit(document: Map) -> Limit | None:
    """The limit of pods at the same time: that of Argo's own field, which is merged last, or `parallelism`."""
    argo = fields.mapping(document, "argo")
    spec = fields.mapping(argo, "spec") if argo is not None else None
    return (limit_of(spec) if spec is not None else None) or limit_of(document)


def _on_exit(document: Map, report: Report) -> Dag | None:
    """`onExit`: a task, or a map of tasks."""
    body = fields.mapping(document, "onExit")
    if body is None:
        return None
    if any(key in body for key in CALLEES if key != "tasks"):
        return Dag((replace(build_task(document, "onExit", report), name="on-exit"),), ())
    return (
        build_dag(body, report) if "tasks" in body else Dag(tuple(build_task(body, each, report) for each in body), ())
    )


def _hooks(document: Map, report: Report) -> Iterator[Hook]:
    """`hooks` of the run, sorted by name."""
    hooks = fields.mapping(document, "hooks")
    for name in sorted(hooks) if hooks is not None else ():
        if hooks is not None and isinstance(hooks.get(name), Map):
            if name == EXIT:
                message = "the hook `exit` of a run is its `onExit`"
                report.error("conflicting-keys", message, hooks.key_span(name), "move it to `onExit` of the pipeline")
            else:
                yield build_hook(hooks, name, name, "workflow.status == 'Running'", report)


_OF_TASKS: Final = (
    "tasks",
    "entries",
    "onExit",
    "hooks",
    "outputs",
    "defaults",
    "presets",
    "components",
    "catalogs",
    "cache",
    "failFast",
    "artifacts",
)
"""What a manifest says of tasks of its own."""


def _workflow_template(document: Map, report: Report) -> WorkflowTemplateRef | None:
    """The template of the cluster that is run instead of tasks."""
    given = fields.mapping(document, "workflowTemplateRef")
    if given is None or not fields.is_complete(given):
        return None
    beside = tuple((key, document.key_span(key)) for key in _OF_TASKS if document.get(key) is not None)
    span = document.key_span("workflowTemplateRef")
    return WorkflowTemplateRef(known_text(given, "name", report), given.get("clusterScope") is True, span, beside)


def _schedule(document: Map) -> Schedule | None:
    """`schedule`: cron lines, or a mapping with them; without what is reported as wrong."""
    given = document.get("schedule")
    if given is None:
        return None
    value = given if isinstance(given, Map) else Map(document.source, document.mark)
    lines = tuple(_lines(value, "cron") if isinstance(given, Map) else _lines(document, "schedule"))
    others = tuple((key, plain(value[key])) for key in sorted(value) if key != "cron" and not value.hides(key))
    return Schedule(lines, document.key_span("schedule"), others)


def _lines(parent: Map, key: str) -> Iterator[tuple[str, Span]]:
    """The cron lines at a key, one or a list, each with its place."""
    given = parent.get(key)
    if isinstance(given, str) and not parent.hides(key):
        yield given, parent.value_span(key)
    if isinstance(given, List):
        yield from ((line, given.item_span(index)) for index, line in enumerate(given) if isinstance(line, str))


def _catalogs(document: Map) -> tuple[tuple[str, Span], ...]:
    folders = fields.items(document, "catalogs")
    return tuple(
        (folder, folders.item_span(index))
        for index, folder in enumerate(folders)
        if isinstance(folder, str) and isinstance(folders, List)
    )


def _input(inputs: Map, name: str, report: Report) -> Input:
    value = inputs[name]
    span = inputs.key_span(name)
    if not isinstance(value, Map):
        kind = ANY if value is UNUSABLE or has_leading_zero(str(value)) else inferred_type(value)
        default = _default(inputs, name, kind.written if kind.name else None, report)
        is_wrong = default is None and value is not None
        return Input(name, kind, span, default, inputs.value_span(name), has_wrong_default=is_wrong)
    declared = value.get("type")
    default_value = value.get("default")
    kind = parse_type(declared) if declared is not None else inferred_type(default_value)
    if value.hides("type"):
        kind = ANY
    written = kind.written if kind.name else None
    declared = span if isinstance(value.values_at.get("default"), Elsewhere) else None
    default = _default(value, "default", written, report, declared) if "default" in value else None
    return Input(
        name=name,
        type=kind,
        span=span,
        default=default,
        default_span=value.value_span("default"),
        optional=value.get("optional") is True,
        hidden=value.get("hidden") is True,
        description=fields.text(value, "description"),
        enum=_enum(value, kind, default, report),
        artifact=location_of(value, report),
        value_from=tree_of(value, "valueFrom", report),
        written=value,
        has_wrong_default=default is None and (default_value is not None or value.hides("default")),
    )


def _default(parent: Map, key: str, kind: str | None, report: Report, declared: Span | None = None) -> str | None:
    """The text of a default. `declared` is the place of its input, if the default stands elsewhere."""
    value = parent[key]
    if value is None or not fields.is_complete(value):
        return None
    try:
        return computable_text(value, parent.written(key), parse_type(kind))
    except WrongLiteral as wrong:
        code = "wrong-default" if wrong.code == "type-mismatch" else wrong.code
        related = (Related("declared here", declared),) if declared is not None else ()
        report.error(code, wrong.message, parent.value_span(key), wrong.fixed_hint, related)
        return None


def _enum(declaration: Map, kind: Type, default: str | None, report: Report) -> tuple[str, ...]:
    values = fields.items(declaration, "enum")
    if not isinstance(values, List):
        return ()
    own = Report()
    texts = tuple(
        _choice(value, values.written(index), kind, values.item_span(index), own)
        for index, value in enumerate(values)
        if isinstance(value, (str, int, float))
    )
    if declaration.get("type") is not None or not default or default in texts:
        report.take(own)  # else the type is that of the default, which is wrong itself
    return texts


def _choice(value: Any, written: str, kind: Type, span: Span, report: Report) -> str:
    try:
        return computable_text(value, written, kind)
    except WrongLiteral as wrong:
        report.error("wrong-value", wrong.message, span, wrong.fixed_hint)
        return str(value)
