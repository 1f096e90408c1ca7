"""`outputs` of a task: the storage of its files, and the global names of its outputs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from transpiler.argo.artifacts import names_a_file
from transpiler.argo.merge import merged
from transpiler.dataflow.instances import Instance, files_of
from transpiler.model.settings import Storage
from transpiler.model.transport import Transport
from transpiler.plan.argo_objects import Node
from transpiler.resolve.scope import Call


def stored_outputs(call: Call, callee: Instance) -> dict[str, Transport]:
    """The outputs that a task is to yield whether or not anything uses them: a file, or a value with a global name."""
    said = {each.output: _way(each, call) for each in call.task.settings.storage}
    kept = files_of(callee) if call.task.settings.keep_files else ()
    return {**dict.fromkeys(kept, Transport.PATH), **said}


def _way(storage: Storage, call: Call) -> Transport:
    output = call.component.output(storage.output) if call.component else None
    is_value = output is not None and not output.type.is_custom and storage.fields.data.keys() == {"globalName"}
    return Transport.VALUE if is_value else Transport.PATH


def with_storage(template: Node, where: Mapping[str, Mapping[str, Any]]) -> Node:
    """A template with the fields of its artifacts, by name; parameters take their global name from there."""
    outputs = template.get("outputs", {})
    where = {name: _whole_files(fields) for name, fields in where.items()}
    known = {name: {"globalName": fields["globalName"]} for name, fields in where.items() if "globalName" in fields}
    given = {
        "parameters": [merged(each, known.get(each["name"], {})) for each in outputs.get("parameters", [])],
        "artifacts": [merged(each, where.get(each["name"], {})) for each in outputs.get("artifacts", [])],
    }
    changed = {kind: ports for kind, ports in given.items() if ports}
    return {**template, "outputs": {**outputs, **changed}} if where and changed else template


def _whole_files(fields: Mapping[str, Any]) -> Mapping[str, Any]:
    """The fields of an artifact, without an archive if its location ends in a file type."""
    is_open = "archive" not in fields and names_a_file(fields)
    return {**fields, "archive": {"none": {}}} if is_open else fields
