"""The inputs and outputs of tasks and pipelines, for people."""

from __future__ import annotations

from collections.abc import Iterable

from transpiler.diagnostics import excerpt
from transpiler.graph.model import Port
from transpiler.model.component import Component
from transpiler.model.pipeline import Pipeline
from transpiler.model.ports import Input
from transpiler.model.task import Argument, Dag, Task
from transpiler.resolve.scope import Scope
from transpiler.resolve.types import type_of

_MOST = 200
"""Characters of a value."""


def inputs_of_pipeline(pipeline: Pipeline) -> tuple[Port, ...]:
    """The inputs of a manifest."""
    return tuple(_input(each, None) for each in pipeline.inputs)


def inputs_of_task(task: Task, component: Component | None) -> tuple[Port, ...]:
    """The inputs of the component of a task, with the arguments; arguments alone where nothing declares them."""
    given = {each.name: each for each in task.arguments}
    declared = component.inputs if component is not None else ()
    known = [_input(each, given.pop(each.name, None)) for each in declared]
    return (*known, *(Port(each.name, "", each.name_span, value=_value(each)) for each in given.values()))


def _input(port: Input, given: Argument | None) -> Port:
    value = _value(given) if given is not None else None
    return Port(port.name, port.type.written, port.span, port.description, _default(port), port.required, value)


def _default(port: Input) -> str | None:
    """The default as a manifest writes it: a program receives `True` for `true`."""
    is_boolean = port.type.name == "Boolean" and port.default in {"True", "False"}
    return port.default.lower() if is_boolean and port.default is not None else port.default


def _value(given: Argument) -> str:
    return excerpt(given.span.text, _MOST)


def outputs_of_task(task: Task, component: Component | None, scope: Scope | None) -> tuple[Port, ...]:
    """The outputs of what a task runs."""
    if task.group is not None and scope is not None:
        return outputs_of_dag(task.group, scope)
    declared = component.outputs if component is not None else ()
    return tuple(Port(each.name, each.type.written, each.span, each.description) for each in declared)


def outputs_of_dag(dag: Dag, scope: Scope) -> tuple[Port, ...]:
    """The outputs of a pipeline or group, with their values as written."""
    types = {each.name: _types(scope, each.name) for each in dag.outputs}
    return tuple(
        Port(each.name, types[each.name], each.span, value=excerpt(each.value_span.text, _MOST)) for each in dag.outputs
    )


def _types(scope: Scope, name: str) -> str:
    reference = scope.yielded(name)
    found: Iterable[object] = (type_of(reference, scope)[0],) if reference is not None else ()
    return next((str(getattr(each, "written", "")) for each in found if each is not None), "")
