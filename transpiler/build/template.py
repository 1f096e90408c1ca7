"""A raw Argo template, or one that lives in the cluster, as a component that tasks call like any other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from msgspec.structs import replace

from transpiler.argo.artifacts import LOCATIONS, lost
from transpiler.build.argo_data import as_argo_reads, slots_of
from transpiler.diagnostics import Report, Span
from transpiler.model.argo_data import Slot
from transpiler.model.component import Component
from transpiler.model.expressions.types import ANY, FILE
from transpiler.model.implementation import NO_IMPLEMENTATION
from transpiler.model.ports import RESULT, Input, Output
from transpiler.model.task import Task
from transpiler.model.template import RawTemplate
from transpiler.model.transport import Transport
from transpiler.read.plain_data import plain
from transpiler.read.yaml import fields
from transpiler.read.yaml.nodes import Map, Mark


def template_component(name: str, node: Map, span: Span, slots: Iterable[Slot] = ()) -> Component:
    """A raw template, with the inputs and outputs that it declares."""
    inputs, outputs = fields.mapping(node, "inputs"), fields.mapping(node, "outputs")
    raw = RawTemplate(node, plain(node), _ways(inputs), _ways(outputs), tuple(slots))
    declared = list(_outputs(outputs, raw))
    if raw.has_result and RESULT not in raw.outputs:
        declared.append(Output(RESULT, ANY, span, is_printed=True))
    return Component(
        name,
        span,
        tuple(_inputs(inputs)),
        tuple(declared),
        raw,
        is_complete=fields.is_complete(node) and raw.kind != "",
    )


def named_template(name: str, node: Map, span: Span, report: Report) -> Component:
    """A template of `components`: several tasks can run it, so nothing in it can refer to what is around one."""
    slots = slots_of(node, report) if fields.is_complete(node) else ()
    return template_component(name, as_argo_reads(node), span, slots)


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


_KINDS: Final = {"parameters": Transport.VALUE, "artifacts": Transport.PATH}


def _inputs(inputs: Map | None) -> Iterator[Input]:
    """The declared inputs, each name once: a name of a value and a file needs an argument if one of them does."""
    found: dict[str, Input] = {}
    for kind in _KINDS:
        for item in fields.mappings(inputs, kind) if inputs is not None else ():
            each = _input(item, kind)
            before = found.get(each.name, each)
            found[each.name] = replace(before, default=None if None in {before.default, each.default} else "")
    yield from found.values()


def _input(item: Map, kind: str) -> Input:
    given = any(key in item for key in ("value", "valueFrom", "default"))
    located = kind == "artifacts" and has_location(item)
    default = "" if given or located or item.get("optional") is True else None
    return Input(fields.text(item, "name"), ANY, item.value_span("name"), default=default, enum=_enum(item))


def _enum(parameter: Map) -> tuple[str, ...]:
    """The values that a parameter takes, where all of them are known."""
    values = tuple(str(value) for value in fields.items(parameter, "enum"))
    return () if any("{{" in value for value in values) else values


def _outputs(outputs: Map | None, raw: RawTemplate) -> Iterator[Output]:
    """The declared outputs, each name once."""
    places: dict[str, Span] = {}
    for kind in _KINDS:
        for item in fields.mappings(outputs, kind) if outputs is not None else ():
            places.setdefault(fields.text(item, "name"), item.value_span("name"))
    for name, place in places.items():
        yield Output(name, FILE if raw.outputs[name] == Transport.PATH else ANY, place)


def _ways(ports: Map | None) -> dict[str, Transport]:
    """Name → whether it stands for a value, a file, or both."""
    found: dict[str, Transport] = {}
    for kind, way in _KINDS.items():
        for item in fields.mappings(ports, kind) if ports is not None else ():
            name = fields.text(item, "name")
            found[name] = found.get(name, Transport.NONE) | way
    return found


def has_location(artifact: Map) -> bool:
    """True for an artifact that is stored somewhere; S3 and OSS may name it without a key, which is reported."""
    return lost(artifact) is not None or any(
        key in artifact and (key not in {"s3", "oss"} or "key" in (fields.mapping(artifact, key) or ("key",)))
        for key in LOCATIONS
    )
