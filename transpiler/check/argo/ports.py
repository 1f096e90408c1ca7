"""Inputs, outputs and arguments in Argo's own fields. Source: `workflow/validate/validate.go`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from transpiler.argo.naming import PORT_NAME
from transpiler.argo.template_kinds import BRANCHES
from transpiler.build.template import has_location
from transpiler.check.argo.locations import check_place
from transpiler.check.argo.nodes import (
    check_one_of,
    check_unique,
    name_of,
    place,
    ports,
    text_of,
)
from transpiler.diagnostics import Report
from transpiler.read.yaml import fields
from transpiler.read.yaml.nodes import List, Map

_SOURCES: Final = ("path", "jsonPath", "jqFilter", "parameter", "expression", "supplied")
_SOURCES_OF: Final = {
    "container": ("path",),
    "script": ("path",),
    "containerSet": ("path",),
    "resource": ("jsonPath", "jqFilter"),
    "dag": ("parameter", "expression"),
    "steps": ("parameter", "expression"),
    "suspend": ("supplied",),
}
"""Type of a template → where the value of an output of it can come from."""
_NEVER_FIXED: Final = ("dag", "steps", "suspend")
"""Types whose outputs must have a source: Argo ends the run at a fixed value, or its controller panics."""
_RESULT_ALONE: Final = ("http", "data")
"""Types that yield only their inputs."""
_WITHOUT_FILES: Final = ("suspend", "resource", *_RESULT_ALONE)
"""Types of which Argo stores no file."""


def check_ports(template: Map, kind: str, report: Report) -> None:
    """The rules about inputs and outputs of a template, by its kind."""
    for side in ("inputs", "outputs"):
        check_unique(ports(template, side, "parameters"), f"{side[:-1]} parameters", report)
        check_unique(ports(template, side, "artifacts"), f"{side[:-1]} artifacts", report)
        for artifact in ports(template, side, "artifacts"):
            _place(artifact, kind, report)
            check_place(artifact, report)
    for artifact in ports(template, "inputs", "artifacts"):
        _input_artifact(artifact, report)
    for parameter in ports(template, "outputs", "parameters"):
        if kind in _RESULT_ALONE:
            message = f"a `{kind}` template yields only `result`: `{name_of(parameter)}` gets no value"
            report.error("argo-field", message, place(parameter), "use the output `result` of the task")
        else:
            _output_parameter(parameter, kind, report)
        _global_name(parameter, report)
    for artifact in ports(template, "outputs", "artifacts"):
        _output_artifact(artifact, kind, report)
        _global_name(artifact, report)


def _place(artifact: Map, kind: str, report: Report) -> None:
    """Where the file of an artifact is, in a pod: everywhere but in a `dag` or `steps`."""
    path = text_of(artifact, "path")
    if kind in BRANCHES:
        if "path" in artifact:
            hint = "move the path to a template that runs a pod"
            report.error("argo-field", f"a `{kind}` template has no files", artifact.key_span("path"), hint)
    elif not path and not artifact.hides("path"):
        hint = "write the `path` of its file in the pod"
        report.error("argo-field", f"artifact `{name_of(artifact)}` has no path", place(artifact), hint)
    elif path and not path.startswith(("/", "{{")):
        message = f"`{path}` is a relative path, where the pod does not find the artifact"
        report.error("argo-value", message, artifact.value_span("path"), "write a path that starts with /")
    elif "/../" in f"{path}/":
        message = f"`{path}` leads out of its folder"
        report.error("argo-value", message, artifact.value_span("path"), "write the path without ..")


def _input_artifact(artifact: Map, report: Report) -> None:
    for key in ("from", "fromExpression"):
        if key in artifact:
            message = f"an input has no `{key}`"
            report.error(
                "argo-field", message, artifact.key_span(key), "delete it; the caller of the template passes the value"
            )


def _output_parameter(parameter: Map, kind: str, report: Report) -> None:
    source = fields.mapping(parameter, "valueFrom")
    if parameter.hides("value", "valueFrom"):
        return
    if source is None:
        _without_source(parameter, kind, report)
        return
    if "value" in parameter:
        message = f"output `{name_of(parameter)}` has both a value and a source"
        report.error("argo-field", message, parameter.key_span("value"), "keep one of them")
    check_one_of(source, _SOURCES, "an output has one source", report)
    found = [key for key in _SOURCES if key in source]
    if not set(found) & set(_source(kind)) and not source.hides(*_SOURCES):
        what = " or ".join(f"`{key}`" for key in _source(kind))
        span = source.key_span(found[0]) if found else parameter.key_span("valueFrom")
        report.error("argo-field", f"an output of a `{kind}` comes from {what}", span, f"write {what}")


def _without_source(parameter: Map, kind: str, report: Report) -> None:
    name = name_of(parameter)
    hint = f"write `valueFrom: {{{_source(kind)[0]}: {'{}' if kind == 'suspend' else '...'}}}`"
    if "value" not in parameter:
        report.error("argo-field", f"output `{name}` has no source", place(parameter), hint)
    elif kind in _NEVER_FIXED:
        message = f"output `{name}` has a fixed value, which a `{kind}` template cannot yield"
        report.error("argo-field", message, parameter.key_span("value"), hint)


def _source(kind: str) -> Sequence[str]:
    return _SOURCES_OF.get(kind, _SOURCES)


def _output_artifact(artifact: Map, kind: str, report: Report) -> None:
    if kind in _WITHOUT_FILES:
        message = f"a `{kind}` template cannot yield a file"
        report.error("argo-field", message, place(artifact), "yield the file from a template that runs a pod")
    if kind not in BRANCHES or artifact.hides("from", "fromExpression"):
        return
    if "from" in artifact and "fromExpression" in artifact:
        message = f"output `{name_of(artifact)}` has two sources"
        report.error("argo-field", message, artifact.key_span("fromExpression"), "keep one of them")
    if "from" not in artifact and "fromExpression" not in artifact:
        message = f"output `{name_of(artifact)}` has no source"
        hint = "write `from` with a tag such as {{tasks.NAME.outputs.artifacts.NAME}}"
        report.error("argo-field", message, place(artifact), hint)


def _global_name(port: Map, report: Report) -> None:
    name = text_of(port, "globalName")
    if name and "{{" not in name and not PORT_NAME.fullmatch(name):
        hint = "a name has letters, digits, `-` and `_`"
        report.error("invalid-name", f"`{name}` is not a valid name", port.value_span("globalName"), hint)


def check_arguments(parent: Map, report: Report, *, may_be_empty: bool = False) -> None:
    """`arguments` of a task, step or hook; those of a Workflow get their values when it is submitted."""
    for parameter in ports(parent, "arguments", "parameters"):
        if not parameter.hides("value", "valueFrom"):
            _argument(parameter, report, may_be_empty=may_be_empty)
    for kind in ("parameters", "artifacts"):
        check_unique(ports(parent, "arguments", kind), f"arguments ({kind})", report)
    for artifact in ports(parent, "arguments", "artifacts"):
        check_place(artifact, report)
        if "from" not in artifact and not has_location(artifact) and not artifact.has_mistakes:
            message = f"argument `{name_of(artifact)}` has no source"
            hint = "write `from` with a tag such as {{tasks.NAME.outputs.artifacts.NAME}}, or a location such as `s3`"
            report.error("argo-field", message, place(artifact), hint)


def _argument(parameter: Map, report: Report, *, may_be_empty: bool) -> None:
    source = fields.mapping(parameter, "valueFrom")
    if source is None:
        if "value" not in parameter and not may_be_empty:
            message = f"argument `{name_of(parameter)}` has no value"
            report.error("argo-field", message, place(parameter), "write its `value`")
    elif not any(key in source for key in ("configMapKeyRef", "event", "supplied")) and not source.has_mistakes:
        message = "the source of an argument is `configMapKeyRef`, `event` or `supplied`"
        hint = "write a tag in `value`, such as {{tasks.NAME.outputs.parameters.NAME}} or {{=...}}"
        report.error("argo-field", message, parameter.key_span("valueFrom"), hint)
    choices = fields.items(parameter, "enum")
    value = parameter.get("value")
    if isinstance(choices, List) and "value" in parameter and value not in choices and "{{" not in str(value):
        message = f"`{value}` is not in the `enum` of the argument"
        report.error("argo-value", message, parameter.value_span("value"), "add it to `enum`, or use one of its values")
