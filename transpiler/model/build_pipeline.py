"""Map → Pipeline. Expects a mapping that JSON Schema has judged; reports what a schema cannot say."""

from __future__ import annotations

from typing import Any

from transpiler.diagnostics import Report, Span
from transpiler.model import fields
from transpiler.model.build_component import build_component
from transpiler.model.build_reference import build_reference
from transpiler.model.component import Component, Input
from transpiler.model.pipeline import (
    Argument,
    ComponentReference,
    Dag,
    DagOutput,
    Literal,
    Pipeline,
    Task,
    Unusable,
    Value,
)
from transpiler.model.types import ANY, Type, WrongLiteral, inferred_type, literal_text, parse_type
from transpiler.read.expressions import parse_text
from transpiler.read.nodes import BAD, List, Map
from transpiler.read.scalars import has_leading_zero


def build_pipeline(document: Map, report: Report) -> Pipeline:
    """Build the pipeline that a manifest describes. What is unusable is left out, because it is reported."""
    components = fields.mapping(document, "components")
    tasks = fields.mapping(document, "tasks")
    outputs = fields.mapping(document, "outputs")
    inputs = fields.mapping(document, "inputs")
    return Pipeline(
        name=fields.text(document, "name"),
        span=document.value_span("name") if "name" in document else document.span,
        description=fields.text(document, "description"),
        namespace=fields.text(document, "namespace"),
        labels=fields.pairs(document, "labels"),
        annotations=fields.pairs(document, "annotations"),
        inputs=tuple(_input(inputs, name, report) for name in inputs) if inputs is not None else (),
        components=tuple((name, _component(components, name, name, report)) for name in components)
        if components is not None
        else (),
        catalogs=_catalogs(document),
        open_names=frozenset(key for key in ("inputs", "tasks", "components") if fields.is_open(document, key)),
        dag=Dag(
            tuple(_task(tasks, name, report) for name in tasks) if tasks is not None else (),
            tuple(_output(outputs, name, report) for name in outputs) if outputs is not None else (),
        ),
    )


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
        kind = ANY if value is BAD or has_leading_zero(str(value)) else inferred_type(value)
        default = _default(inputs, name, kind.written if kind.name else None, report)
        return Input(name, kind, span, default, inputs.value_span(name))
    declared = value.get("type")
    default_value = value.get("default")
    kind = parse_type(declared) if declared is not None else inferred_type(default_value)
    default = _default(value, "default", kind.written if kind.name else None, report) if "default" in value else None
    return Input(
        name=name,
        type=kind,
        span=span,
        default=default,
        default_span=value.value_span("default"),
        optional=value.get("optional") is True,
        description=fields.text(value, "description"),
        enum=_enum(value, kind, default, report),
    )


def _default(parent: Map, key: str, kind: str | None, report: Report) -> str | None:
    value = parent[key]
    if value is None or not fields.is_sound(value):
        return None
    try:
        return literal_text(value, parent.written(key), parse_type(kind))
    except WrongLiteral as wrong:
        code = "wrong-default" if wrong.code == "type-mismatch" else wrong.code
        report.error(code, wrong.message, parent.value_span(key), wrong.hint)
        return None


def _enum(declaration: Map, kind: Type, default: str | None, report: Report) -> tuple[str, ...]:
    values = fields.items(declaration, "enum")
    if not isinstance(values, List):
        return ()
    source = values.source.text
    written = [source[mark.start : mark.end] for mark in values.items_at]
    texts = tuple(
        _choice(value, raw, kind, values.item_span(index), report)
        for index, (value, raw) in enumerate(zip(values, written, strict=True))
        if isinstance(value, (str, int, float))
    )
    if default is not None and texts and default not in texts:
        report.error(
            "wrong-default",
            f"the default `{default}` is not one of the `enum`",
            declaration.value_span("default"),
            "add it to `enum`, or choose one of its values",
        )
    return texts


def _choice(value: Any, written: str, kind: Type, span: Span, report: Report) -> str:
    try:
        return literal_text(value, written, kind)
    except WrongLiteral as wrong:
        report.error("wrong-value", wrong.message, span, wrong.hint)
        return str(value)


def _component(parent: Map, key: str, name: str, report: Report) -> ComponentReference | Component | None:
    value = parent[key]
    if isinstance(value, Map) and ("implementation" in value or "implementation" in value.faulty):
        return build_component(value, name, report)
    if value is BAD or (isinstance(value, Map) and not fields.is_sound(value)):
        return None
    return build_reference(value, parent.value_span(key))


def _task(tasks: Map, name: str, report: Report) -> Task:
    span = tasks.key_span(name)
    body = fields.mapping(tasks, name)
    if body is None:
        return Task(name, span, None, is_open=True)
    arguments = fields.mapping(body, "arguments")
    return Task(
        name,
        span,
        _component(body, "component", name, report) if "component" in body else None,
        tuple(_argument(arguments, key, report) for key in arguments) if arguments is not None else (),
        _after(body),
        fields.is_open(body, "arguments"),
    )


def _after(body: Map) -> tuple[tuple[str, Span], ...]:
    names = body.get("after")
    if isinstance(names, str):
        return ((names, body.value_span("after")),)
    if not isinstance(names, List):
        return ()
    return tuple((name, names.item_span(index)) for index, name in enumerate(names) if isinstance(name, str))


def _argument(arguments: Map, name: str, report: Report) -> Argument:
    span = arguments.value_span(name)
    return Argument(name, arguments.key_span(name), _value(arguments, name, report), span)


def _value(parent: Map, key: str, report: Report) -> Value | None:
    value = parent[key]
    if isinstance(value, str):
        if "${{" not in value:
            return Literal(value, parent.written(key))
        text = parse_text(value, parent.source, parent.values_at[key], report)
        if text is None:
            return Unusable()
        return text if text.references else Literal("".join(map(str, text.parts)), parent.written(key))
    if not fields.is_sound(value):
        return Unusable()
    if isinstance(value, (Map, List)) and _nested_references(value, report):
        return Unusable()
    return None if value is None else Literal(_unescaped(value), parent.written(key))


def _unescaped(value: Any) -> Any:
    """A list or mapping with `${{` for each `$${{` in its texts."""
    if isinstance(value, Map):
        return {key: _unescaped(item) for key, item in value.items()}
    if isinstance(value, List):
        return [_unescaped(item) for item in value]
    return value.replace("$${{", "${{") if isinstance(value, str) else value


def _nested_references(value: Any, report: Report) -> bool:
    """Report references in a list or mapping: Argo would put a value in unescaped, and a quote break the JSON."""
    found = False
    entries = list(value.items()) if isinstance(value, Map) else list(enumerate(value))
    for key, item in entries:
        if isinstance(item, (Map, List)):
            found = _nested_references(item, report) or found
        elif isinstance(item, str) and "${{" in item.replace("$${{", ""):
            span = value.value_span(str(key)) if isinstance(value, Map) else value.item_span(int(key))
            report.error(
                "nested-reference",
                "a reference cannot stand inside a list or mapping",
                span,
                "pass it as an argument of its own",
            )
            found = True
    return found


def _output(outputs: Map, name: str, report: Report) -> DagOutput:
    span = outputs.value_span(name)
    value = Unusable() if name in outputs.faulty else _value(outputs, name, report)
    return DagOutput(name, outputs.key_span(name), value, span)
