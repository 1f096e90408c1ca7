"""The merged locations of a task's files and logs, of which Argo must keep every field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from transpiler.argo.artifacts import lost
from transpiler.argo.merge import merged
from transpiler.check.argo.locations import check_place
from transpiler.diagnostics import Report, Span
from transpiler.read.yaml import fields
from transpiler.read.yaml.nodes import Map
from transpiler.resolve.scope import Call, Scope, calls_of


def check_storage_locations(scope: Scope, report: Report) -> None:
    """Every place that the tasks of a scope name; whole templates in Argo's own fields are judged as such."""
    for call in calls_of(scope):
        for location, span in _outputs(call):
            found = lost(location)
            if found is not None:
                report.error("incomplete-location", found.message, span, found.hint)
        passed = call.task.argo.template
        archive = fields.mapping(passed, "archiveLocation") if passed is not None else None
        if archive is not None and not _is_raw(call):
            check_place(archive, report, is_archive=True)


def _outputs(call: Call) -> Iterator[tuple[Mapping[str, Any], Span]]:
    """Where each artifact is stored of which something is said, and where that is said."""
    whole = call.task.template if _is_raw(call) else call.task.argo.template
    passed = {fields.text(each, "name"): each for each in _artifacts(whole)}
    said = {each.output: each for each in call.task.settings.storage}
    for name in dict.fromkeys([*said, *(passed if not _is_raw(call) else ())]):
        layers = [said[name].fields.data] if name in said else []
        layers += [passed[name]] if name in passed else []
        if all(fields.is_complete(each) for each in layers):
            yield (
                _together(*layers[:: -1 if _is_raw(call) else 1]),
                said[name].span if name in said else passed[name].span,
            )


def _together(*layers: Mapping[str, Any]) -> Mapping[str, Any]:
    """An artifact of which several say something: where it is, the last says."""
    result: dict[str, Any] = {"artifacts": [{"name": ""}]}
    for each in layers:
        result = merged(result, {"artifacts": [{**each, "name": ""}]})
    artifact: Mapping[str, Any] = result["artifacts"][0]
    return artifact


def _artifacts(template: Map | None) -> list[Map]:
    outputs = fields.mapping(template, "outputs") if template is not None else None
    return list(fields.mappings(outputs, "artifacts")) if outputs is not None else []


def _is_raw(call: Call) -> bool:
    return call.implementation.argo_node is not None
