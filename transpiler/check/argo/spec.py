"""The `metadata` and `spec` of a Workflow, as far as a manifest sets them in Argo's own fields."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Final

from transpiler.argo.limits import MAX_CRON_NAME, MAX_OBJECT_NAME
from transpiler.check.argo.calls import report_missing
from transpiler.check.argo.locations import check_place
from transpiler.check.argo.nodes import (
    by_name,
    check_unique,
    hides_ports,
    is_required,
    name_of,
    ports,
    text_of,
    texts_below,
)
from transpiler.check.argo.pods import check_helpers
from transpiler.check.argo.ports import check_arguments
from transpiler.check.argo.recursion import callers, check_recursion
from transpiler.check.argo.tags import TagScope, check_tags
from transpiler.check.argo.task import check_hooks
from transpiler.check.argo.template import Surroundings, check_rules
from transpiler.check.argo.values import check_values
from transpiler.diagnostics import Report, excerpt
from transpiler.patterns import regex
from transpiler.read.yaml import fields
from transpiler.read.yaml.nodes import Map
from transpiler.suggest import did_you_mean, suggestion

_OBJECT_NAME: Final = regex(r"[a-z0-9]([-.a-z0-9]*[a-z0-9])?")


def check_metadata(metadata: Map, kind: str, report: Report) -> None:
    """The name, labels and annotations of an object of that kind."""
    check_values(metadata, "metadata", report)
    most = MAX_CRON_NAME if kind == "CronWorkflow" else MAX_OBJECT_NAME
    for key in ("name", "generateName"):
        name = text_of(metadata, key)
        whole = f"{name}xxxxx" if key == "generateName" and kind == "CronWorkflow" else name
        is_name = _OBJECT_NAME.fullmatch(f"{name}x" if key == "generateName" else name)
        if name and (not is_name or len(whole) > most):
            hint = f"the name of a {kind} has lower-case letters, digits, `-` and `.`, at most {most}"
            hint += ", including the five that Kubernetes adds" if whole != name else ""
            report.error("invalid-name", f"`{excerpt(name)}` is not a valid name", metadata.value_span(key), hint)


def check_spec(
    spec: Map,
    report: Report,
    *,
    around: Surroundings | None = None,
    patches: Callable[[str], bool] = lambda _: False,
) -> None:
    """Every rule about a `spec`, or a part of one. `around` is what stands in it, and others add.

    `patches` tells templates that are merged into others of that name: nothing is missing in them.
    """
    check_values(spec, "spec", report)
    templates = fields.mappings(spec, "templates")
    around = around or surroundings(spec, None)
    check_unique(templates, "templates", report)
    for template in templates:
        if not name_of(template) and not template.hides("name"):
            report.error("missing-key", "a template has no `name`", template.span, "add `name:`")
        if patches(name_of(template)):
            check_helpers(template, report)
        else:
            check_rules(template, around, report)
    archive = fields.mapping(around.defaults, "archiveLocation") if around.defaults is not None else None
    if archive is not None:
        check_place(archive, report, is_archive=True)
    if around.defaults is not None:
        check_helpers(around.defaults, report)
    check_recursion(around.templates, report)
    _entries(spec, around, report)
    check_arguments(spec, report, may_be_empty=True)
    check_hooks(spec, around.templates, report)
    outside = texts_below(spec, without=("templates", "templateDefaults", "podSpecPatch"))
    check_tags(outside, TagScope(parameters=around.parameters), report)
    if "workflowTemplateRef" in spec:
        hint = "call its templates from a task, with `templateRef`"
        message = "a compiled Workflow contains its own templates and cannot use those of another"
        report.error("argo-field", message, spec.key_span("workflowTemplateRef"), hint)


def _entries(spec: Map, around: Surroundings, report: Report) -> None:
    """The inputs of the entry template of a run, and of its exit handler, come from the arguments of the run.

    `argo lint` refuses an argument without a value there, although a person could submit one.
    """
    artifacts = by_name(ports(spec, "arguments", "artifacts"))
    later = {
        name_of(port) for port in ports(spec, "arguments", "parameters") if not {"value", "valueFrom"} & port.keys()
    }
    for key in ("entrypoint", "onExit"):
        template = around.templates.get(text_of(spec, key))
        if template is None or around.parameters is None or hides_ports(template, "inputs"):
            continue
        for kind, passed in (("parameters", set(around.parameters) - later), ("artifacts", artifacts)):
            named = by_name(ports(template, "inputs", kind))
            missing = [port for name, port in named.items() if name not in passed and is_required(port)]
            if missing:
                report_missing(missing, spec.value_span(key), kind, report)


def surroundings(spec: Map, parameters: Collection[str] | None, *, has_exit: bool = True) -> Surroundings:
    """The names of a spec that its templates can use. `parameters` are arguments of the run declared elsewhere."""
    defaults = fields.mapping(spec, "templateDefaults")
    volumes = [
        *by_name(fields.mappings(spec, "volumes")),
        *by_name(fields.mappings(defaults, "volumes") if defaults is not None else ()),
        *_claims(spec),
    ]
    own = by_name(ports(spec, "arguments", "parameters"))
    known = None if parameters is None else frozenset((*parameters, *own))
    has_exit = has_exit or "onExit" in spec
    return Surroundings(volumes, by_name(fields.mappings(spec, "templates")), known, defaults, has_exit=has_exit)


def _claims(spec: Map) -> Iterator[str]:
    for claim in fields.mappings(spec, "volumeClaimTemplates"):
        metadata = fields.mapping(claim, "metadata")
        if metadata is not None:
            yield name_of(metadata)


def check_template_names(root: Map, known: Collection[str], report: Report) -> None:
    """Templates that a spec, template or task calls, and that the Workflow has not."""
    for caller, key in callers(root):
        name = text_of(caller, key)
        if name and name not in known and "{{" not in name:
            hint = _entry_hint(name, known) if key == "entrypoint" else suggestion(name, known, "templates")
            hint = hint or "correct the name, or add it to `templates`"
            report.error("argo-reference", f"there is no template `{name}`", caller.value_span(key), hint)


def _entry_hint(name: str, known: Collection[str]) -> str:
    """The template of the tasks can have any name, so this is probably meant as that."""
    close = did_you_mean(name, known)
    own = f"write `entrypoint: {name}` as a key of the manifest, which names the template of its tasks"
    return f"did you mean `{close}`? Or {own}" if close else own
