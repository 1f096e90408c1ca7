"""`{{$}}`: one JSON text that tells a program all of its inputs and outputs (ml_pipelines.ExecutorInput).

Lightweight Python components are told everything so (kfp/dsl/executor.py of kfp 2.17). Argo's tags stand in it where
KFP's backend would put values, so that it is made when the task runs.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any, Final

from transpiler.build.kfp2.interface import Interface
from transpiler.diagnostics import Span
from transpiler.model.placeholders import CommandPart, Concat, If, InputPath, IsPresent, JsonValue, OutputPath
from transpiler.model.ports import Input, Output

EXECUTOR_OUTPUT: Final = "/tmp/outputs/executor_output.json"  # noqa: S108 - a path in the container
"""Where the program answers: the values that it yields, and what it says about its artifacts."""

_Node = Mapping[str, Any] | tuple[CommandPart, ...]
"""A JSON object, or a piece of JSON text with placeholders."""


def executor_input(interface: Interface, span: Span) -> tuple[CommandPart, ...]:
    """The JSON text of ml_pipelines.ExecutorInput, with local paths.

    An input that nobody passes is `null`, which kfp takes for one that is not there.
    """
    inputs = {
        "parameterValues": {name: _value(given, span) for name, given in sorted(interface.parameters.items())},
        "artifacts": {name: _input_artifact(given, span) for name, given in sorted(interface.artifacts.items())},
    }
    outputs = {
        "parameters": {
            name: ('{"outputFile": "', OutputPath(name, span), '"}') for name in sorted(interface.output_parameters)
        },
        "artifacts": {
            name: _artifact(given, OutputPath(name, span)) for name, given in sorted(interface.output_artifacts.items())
        },
        "outputFile": (json.dumps(EXECUTOR_OUTPUT),),
    }
    return joined(_json({"inputs": inputs, "outputs": outputs}))


def _value(given: Input, span: Span) -> tuple[CommandPart, ...]:
    return _if_passed(given, (JsonValue(given.name, span, given.type.name),), "null", span)


def _input_artifact(given: Input, span: Span) -> tuple[CommandPart, ...]:
    return _if_passed(given, _artifact(given, InputPath(given.name, span)), '{"artifacts": []}', span)


def _if_passed(given: Input, parts: tuple[CommandPart, ...], otherwise: str, span: Span) -> tuple[CommandPart, ...]:
    if given.required or given.default is not None:
        return parts
    return (If(IsPresent(given.name, span), (Concat(parts),), (otherwise,)),)


def _artifact(given: Input | Output, path: InputPath | OutputPath) -> tuple[CommandPart, ...]:
    name, title = json.dumps(given.name, ensure_ascii=False), json.dumps(given.type.written, ensure_ascii=False)
    start = f'{{"artifacts": [{{"name": {name}, "type": {{"schemaTitle": {title}}}, "uri": "'
    return (start, path, '", "metadata": {}}]}')


def _json(node: _Node, margin: str = "") -> Iterator[CommandPart]:
    """JSON text over lines; empty objects are left out."""
    if isinstance(node, tuple):
        yield from node
        return
    separator = "{"
    for key, value in node.items():
        if value:
            yield f"{separator}\n{margin}  {json.dumps(key, ensure_ascii=False)}: "
            yield from _json(value, f"{margin}  ")
            separator = ","
    yield f"\n{margin}}}" if separator == "," else "{}"


def joined(parts: Iterable[CommandPart]) -> tuple[CommandPart, ...]:
    """The same parts, with texts that stand together as one."""
    found: list[CommandPart] = []
    for is_text, group in groupby(parts, lambda part: isinstance(part, str)):
        together = list(group)
        found.extend(["".join(map(str, together))] if is_text else together)
    return tuple(found)
