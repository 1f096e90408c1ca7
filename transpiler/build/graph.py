"""Map → Dag, for `implementation.graph` of a component (KFP v1): the same shape as a manifest's tasks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from transpiler.build.reference import build_reference
from transpiler.diagnostics import Report, Span
from transpiler.model.component import Component
from transpiler.model.expressions.tree import InputReference, OutputReference, Text
from transpiler.model.task import Argument, ComponentReference, Dag, DagOutput, Task
from transpiler.model.values import Literal, Value
from transpiler.read.yaml import fields
from transpiler.read.yaml.nodes import Map

BuildInline = Callable[[Map, str, Report], Component]


def build_graph(graph: Map, inline: BuildInline, report: Report) -> Dag:
    """Build the tasks and outputs of a graph; `inline` builds a component that a task holds in `spec`.

    Fields that KFP parses and ignores give a warning.
    """
    tasks = fields.mapping(graph, "tasks")
    outputs = fields.mapping(graph, "outputValues")
    return Dag(
        tuple(_task(tasks, name, inline, report) for name in tasks) if tasks is not None else (),
        tuple(_output(outputs, name) for name in outputs) if outputs is not None else (),
    )


def _task(tasks: Map, name: str, inline: BuildInline, report: Report) -> Task:
    span = tasks.key_span(name)
    body = fields.mapping(tasks, name)
    if body is None:
        return Task(name, span, None)
    for key in ("isEnabled", "executionOptions"):
        if key in body:
            report.warning("ignored-field", f"`{key}` has no effect, as in KFP", body.key_span(key), "delete it")
    arguments = fields.mapping(body, "arguments")
    return Task(
        name,
        span,
        _component(body, name, inline, report),
        tuple(_argument(arguments, key) for key in arguments) if arguments is not None else (),
    )


def _component(body: Map, task: str, inline: BuildInline, report: Report) -> ComponentReference | Component | None:
    reference = fields.mapping(body, "componentRef")
    if reference is None:
        return None
    spec = fields.mapping(reference, "spec")
    return inline(spec, task, report) if spec else build_reference(reference, body.value_span("componentRef"))


def _argument(arguments: Map, name: str) -> Argument:
    span = arguments.value_span(name)
    return Argument(name, arguments.key_span(name), _value(arguments, name, span), span)


def _value(parent: Map, key: str, span: Span) -> Value | None:
    value = parent[key]
    if isinstance(value, Map):
        return _reference(value, span)
    return None if value is None else Literal(value, parent.written(key))


def _reference(value: Map, span: Span) -> Text | None:
    given = value.get("graphInput")
    if given is not None:
        name = fields.text(given, "inputName") if isinstance(given, Map) else str(given)
        at = given.value_span("inputName") if isinstance(given, Map) else value.value_span("graphInput")
        return Text((InputReference(name, at),))
    taken: Any = fields.mapping(value, "taskOutput")
    if taken is None:
        return None
    task_span, output_span = taken.value_span("taskId"), taken.value_span("outputName")
    name = fields.text(taken, "outputName")
    return Text((OutputReference(fields.text(taken, "taskId"), name, span, task_span, output_span),))


def _output(outputs: Map, name: str) -> DagOutput:
    span = outputs.value_span(name)
    return DagOutput(name, outputs.key_span(name), _value(outputs, name, span), span)
