"""A raw Argo template, or one that lives in the cluster, as a component that tasks call like any other."""

from __future__ import annotations

from collections.abc import Iterator

from transpiler.argo.artifacts import LOCATIONS, lost
from transpiler.diagnostics import Span
from transpiler.model.component import Component
from transpiler.model.expressions.types import ANY, FILE
from transpiler.model.implementation import NO_IMPLEMENTATION
from transpiler.model.ports import Input, Output
from transpiler.model.task import Task
from transpiler.model.template import RawTemplate
from transpiler.read.plain_data import plain
from transpiler.read.yaml import fields
from transpiler.read.yaml.nodes import Map, Mark


def template_component(name: str, node: Map, span: Span) -> Component:
    """A raw template, with the inputs and outputs that it declares."""
    inputs, outputs = fields.mapping(node, "inputs"), fields.mapping(node, "outputs")
    files = _names(outputs, "artifacts")
    names = files | _names(outputs, "parameters")
    raw = RawTemplate(node, plain(node), _names(inputs, "artifacts"), files, names)
    declared = [Output(each, FILE if each in files else ANY, place) for each, place in _ports(outputs)]
    if raw.has_result and all(output.name != "result" for output in declared):
        declared.append(Output("result", ANY, span))
    return Component(
        name,
        span,
        tuple(_inputs(inputs)),
        tuple(declared),
        raw,
        is_complete=fields.is_complete(node) and raw.kind != "",
    )


def waiting_component(name: str, span: Span) -> Component:
    """A template of Argo's that waits for no time: it does nothing, and takes no pod."""
    node = Map(span.source, Mark(0, 0))
    node["suspend"] = {"duration": "0"}
    return template_component(name, node, span)


def template_ref_component(task: Task) -> Component:
    """A template of the cluster, with an unknown interface: it accepts every argument and yields every used output."""
    inputs = tuple(Input(each.name, ANY, each.name_span) for each in task.arguments)
    declared = task.template_ref.outputs if task.template_ref is not None else ()
    return Component(task.name, task.span, inputs, declared, task.template_ref or NO_IMPLEMENTATION)


def _inputs(inputs: Map | None) -> Iterator[Input]:
    for kind in ("parameters", "artifacts"):
        for item in fields.mappings(inputs, kind) if inputs is not None else ():
            given = any(key in item for key in ("value", "valueFrom", "default"))
            located = kind == "artifacts" and has_location(item)
            optional = item.get("optional") is True
            yield Input(
                fields.text(item, "name"),
                ANY,
                item.value_span("name"),
                default="" if given or located or optional else None,
                enum=_enum(item),
            )


def _enum(parameter: Map) -> tuple[str, ...]:
    """The values that a parameter takes, where all of them are known."""
    values = tuple(str(value) for value in fields.items(parameter, "enum"))
    return () if any("{{" in value for value in values) else values


def _ports(outputs: Map | None) -> Iterator[tuple[str, Span]]:
    for kind in ("parameters", "artifacts"):
        for item in fields.mappings(outputs, kind) if outputs is not None else ():
            yield fields.text(item, "name"), item.value_span("name")


def _names(ports: Map | None, kind: str) -> frozenset[str]:
    return frozenset(fields.text(item, "name") for item in fields.mappings(ports, kind)) if ports else frozenset()


def has_location(artifact: Map) -> bool:
    """True for an artifact that is stored somewhere; S3 and OSS may name it without a key, which is reported."""
    return lost(artifact) is not None or any(
        key in artifact and (key not in {"s3", "oss"} or "key" in (fields.mapping(artifact, key) or ("key",)))
        for key in LOCATIONS
    )
