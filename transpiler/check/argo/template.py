"""A template of Argo's own: its only type, and all its fields. The entry points for rules about templates."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Final

from msgspec import Struct, field
from msgspec.structs import replace

from transpiler.argo.template_kinds import BRANCHES, KINDS, LEAVES, NO_END
from transpiler.check.argo.graph import check_dag, check_steps
from transpiler.check.argo.locations import check_one_place, check_place, check_sources
from transpiler.check.argo.nodes import check_unique, name_of, place, ports, text_of, texts_below
from transpiler.check.argo.pods import check_helpers, check_pod
from transpiler.check.argo.ports import check_ports
from transpiler.check.argo.program_files import check_program_files
from transpiler.check.argo.sub_paths import check_sub_paths_in
from transpiler.check.argo.tags import TagScope, check_expression_names, check_tags
from transpiler.check.argo.values import check_values
from transpiler.diagnostics import Hint, Related, Report
from transpiler.read.yaml import fields
from transpiler.read.yaml.nodes import List, Map

_LEAF_ONLY: Final = ("timeout", "pendingTimeout", "activeDeadlineSeconds", "resourceClaims", "podResources")
_NO_POD: Final = {"http": ("podResources",), "plugin": ("podResources",)}
"""Types that run in the pod of Argo's agent."""
_HINTS: Final = {"parallelism": "it limits the tasks of a `dag` or `steps` that run at the same time"}


class Surroundings(Struct, frozen=True):
    """The surroundings of a template in its Workflow."""

    volumes: Collection[str] = ()
    templates: Mapping[str, Map] = field(default_factory=dict)
    """Templates that can be looked at: name → template. Others may exist."""
    parameters: Collection[str] | None = None
    """Arguments of the Workflow; None when not all are known."""
    defaults: Map | None = None
    """`templateDefaults`."""
    has_image: bool = False
    """True if the settings of the task name the image of its container."""
    has_exit: bool = True
    """True if there is an exit handler; only there `workflow.failures` is available."""

    def as_seen(self, *, is_open: bool) -> Surroundings:
        """The same for a template that other Workflows call, whose arguments are not known, if `is_open`."""
        return replace(self, parameters=None) if is_open else self


def check_template(template: Map, around: Surroundings, report: Report) -> None:
    """Every rule about a complete template, such as the `template` of a task."""
    check_values(template, "", report)
    check_rules(template, around, report)


def check_template_fields(part: Map, report: Report) -> None:
    """A part of a template, to be merged into another: nothing is missing in it."""
    check_values(part, "", report)
    check_helpers(part, report)
    for side in ("inputs", "outputs"):
        check_unique(ports(part, side, "parameters"), f"{side[:-1]} parameters", report)
        check_unique(ports(part, side, "artifacts"), f"{side[:-1]} artifacts", report)
        for artifact in ports(part, side, "artifacts"):
            check_one_place(artifact, report)


def check_container_fields(part: Map, report: Report) -> None:
    """A part of a container, to be merged into another."""
    check_values(part, "container", report)


def check_rules(template: Map, around: Surroundings, report: Report) -> None:
    """The rules about a template and the inline templates in it, without those about single values."""
    waiting = [(template, False)]
    while waiting:
        current, is_inline = waiting.pop()
        _check(current, around, report, is_inline=is_inline)
        waiting.extend((inline, True) for inline in _inline(current))


def _tasks(template: Map) -> Iterator[Map]:
    """The tasks of a `dag`, and the steps of `steps`."""
    dag = fields.mapping(template, "dag")
    yield from fields.mappings(dag, "tasks") if dag is not None else ()
    for group in fields.items(template, "steps"):
        yield from (step for step in group if isinstance(step, Map)) if isinstance(group, List) else ()


def _inline(template: Map) -> Iterator[Map]:
    for task in _tasks(template):
        inline = fields.mapping(task, "inline")
        if inline is not None:
            yield inline


def _check(template: Map, around: Surroundings, report: Report, *, is_inline: bool) -> None:
    kind = _kind(template, report)
    if kind is None:
        return
    if not is_inline:
        _name(template, kind, report)
    _levels(template, kind, report)
    check_ports(template, kind, report)
    archive = fields.mapping(template, "archiveLocation")
    if archive is not None:
        check_place(archive, report, is_archive=True)
    check_sources(template, report)
    check_program_files(template, report)
    check_pod(template, around.defaults, around.volumes, report, has_image=around.has_image)
    scope = TagScope(template, around.templates, around.parameters, has_exit=around.has_exit)
    retry = fields.mapping(template, "retryStrategy")
    if retry is not None:
        check_expression_names(text_of(retry, "expression"), scope, retry.value_span("expression"), report)
    if kind in BRANCHES:
        check_sub_paths_in(_tasks(template), around.templates, report)
    if kind == "dag":
        check_dag(template, scope, report)
    elif kind == "steps":
        check_steps(template, scope, report)
    without = (*BRANCHES, *(["outputs"] if kind in BRANCHES else []))
    if not is_inline:  # Argo replaces tags of the task around it in an inline template too
        check_tags(texts_below(template, without=without), scope, report)


def _kind(template: Map, report: Report) -> str | None:
    """The type of the template; None, with a diagnostic, if it is not unique."""
    found = [key for key in KINDS if key in template]
    for extra in found[1:]:
        message = f"a template has one type: `{found[0]}` or `{extra}`"
        related = (Related("the first", template.key_span(found[0])),)
        report.error("argo-field", message, template.key_span(extra), "write two templates", related)
    if not found and not template.hides(*KINDS):
        what = f"template `{name_of(template)}`" if name_of(template) else "the template"
        hint = "write one of " + ", ".join(f"`{key}`" for key in KINDS)
        report.error("argo-field", f"{what} has no type", place(template), hint)
    return found[0] if len(found) == 1 else None


def _name(template: Map, kind: str, report: Report) -> None:
    """The name becomes a part of the names of pods (argo-workflows #9670)."""
    name = text_of(template, "name")
    if kind in LEAVES and name != name.lower():
        message = f"`{name}` has upper-case letters, which the name of a pod cannot have"
        report.error("invalid-name", message, place(template), Hint(f"write `{name.lower()}`", name.lower(), name))


def _levels(template: Map, kind: str, report: Report) -> None:
    for key in _LEAF_ONLY if kind in BRANCHES else ("parallelism", *_NO_POD.get(kind, ())):
        if key in template:
            message = f"a `{kind}` template has no `{key}`"
            hint = _HINTS.get(key, "move it to the templates that run pods")
            report.error("argo-field", message, template.key_span(key), hint)
    for key in ("timeout", "activeDeadlineSeconds") if kind == "suspend" and "synchronization" not in template else ():
        if key in template:
            report.warning("ignored-field", f"`{key}` does not end a wait", template.key_span(key), NO_END)
    if template.get("automountServiceAccountToken") is False and "executor" not in template:
        span = template.key_span("automountServiceAccountToken")
        hint = "set `executor: {serviceAccountName: ...}`, an account for Argo itself"
        report.error("argo-field", "without a token, the pod cannot report to Argo", span, hint)
