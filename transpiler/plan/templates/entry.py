"""The inputs of the template that a run starts with, and the arguments of the run that are passed to them."""

from __future__ import annotations

from transpiler.model.pipeline import Pipeline
from transpiler.model.ports import Input
from transpiler.plan.argo_objects import Node, artifact, parameter, ports
from transpiler.plan.expressions.tags import Tags
from transpiler.plan.templates.container import input_parameter


def argument(given: Input) -> Node:
    """An argument of the run: the value that counts if nobody passes another."""
    if given.value_from is not None:
        default = {} if given.default is None else {"default": given.default}
        source = {**given.value_from.data, **default}
        return parameter(given.name, valueFrom=source, description=given.description)
    value = _value(given)
    enum = (*given.enum, "") if given.enum and value == "" and "" not in given.enum else given.enum
    return parameter(given.name, value, enum=list(enum), description=given.description)


def entry_inputs(pipeline: Pipeline, tags: Tags, *, is_called: bool) -> Node:
    """The inputs of the template of the tasks, but for those that tasks read from the arguments of the run.

    Other Workflows can leave out what has a default if they call it; in a run the arguments have all values.
    """
    given = [each for each in pipeline.inputs if each.name not in tags.of_the_run]
    values = [_input(each, is_called=is_called) for each in given if each.artifact is None]
    stored = [each for each in given if each.artifact is not None and (each.has_source or each.required)]
    files = [_file(each, tags, is_called=is_called) for each in stored]
    return ports(values, files)


def _input(given: Input, *, is_called: bool) -> Node:
    if given.hidden:
        return argument(given)
    return input_parameter(given.name, given, _value(given)) if is_called else parameter(given.name)


def _file(given: Input, tags: Tags, *, is_called: bool) -> Node:
    assert given.artifact is not None
    return artifact(given.name, **(tags.filled(given.artifact) if is_called else {}))


def _value(given: Input) -> str | None:
    """The value that an input has by itself: an optional one is empty."""
    return "" if given.optional and given.default is None else given.default
