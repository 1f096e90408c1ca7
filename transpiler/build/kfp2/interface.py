"""`inputDefinitions` and `outputDefinitions` → inputs and outputs, with KFP v2's types in our names.

Source: kfp 2.17's ml_pipelines.ComponentInputsSpec and ComponentOutputsSpec.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final, TypeVar

from msgspec import Struct

from transpiler.build.kfp2.run import with_run_tags
from transpiler.diagnostics import Related, Report, Span
from transpiler.model.expressions.types import Type, WrongLiteral, literal_text
from transpiler.model.ports import Input, Output
from transpiler.read.yaml import fields
from transpiler.read.yaml.nodes import Map

_TYPES: Final = {
    "STRING": "String",
    "NUMBER_INTEGER": "Integer",
    "NUMBER_DOUBLE": "Float",
    "BOOLEAN": "Boolean",
    "LIST": "JsonArray",
    "STRUCT": "JsonObject",
}
Port = TypeVar("Port", Input, Output)


class Interface(Struct, frozen=True):
    """What a component takes and yields. In KFP v2 a port is a parameter (a value) or an artifact (a file)."""

    parameters: dict[str, Input]
    artifacts: dict[str, Input]
    output_parameters: dict[str, Output]
    output_artifacts: dict[str, Output]
    is_incomplete: bool
    """True if a reported mistake may hide inputs or outputs of it."""

    def ports(self, side: str) -> Mapping[str, Input | Output]:
        """The ports that a placeholder means by `inputs.parameters` and the like."""
        sides: dict[str, Mapping[str, Input | Output]] = {
            "inputs.parameters": self.parameters,
            "inputs.artifacts": self.artifacts,
            "outputs.parameters": self.output_parameters,
            "outputs.artifacts": self.output_artifacts,
        }
        return sides[side]

    @property
    def inputs(self) -> tuple[Input, ...]:
        """All inputs by name: the order of a mapping's keys means nothing."""
        return tuple(sorted((*self.parameters.values(), *self.artifacts.values()), key=lambda given: given.name))

    @property
    def outputs(self) -> tuple[Output, ...]:
        """All outputs by name."""
        found = (*self.output_parameters.values(), *self.output_artifacts.values())
        return tuple(sorted(found, key=lambda given: given.name))


def build_interface(component: Map, report: Report) -> Interface:
    """The ports of a component; what only KFP's backend can pass is refused."""
    inputs, outputs = fields.mapping(component, "inputDefinitions"), fields.mapping(component, "outputDefinitions")
    parameters = {name: _parameter(given, name, report) for given, name in _entries(inputs, "parameters", report)}
    artifacts = {
        name: Input(name, _artifact_type(given[name]), given.key_span(name), optional=_is_optional(given[name]))
        for given, name in _entries(inputs, "artifacts", report)
    }
    yields = {
        name: Output(name, _parameter_type(given[name]), given.key_span(name))
        for given, name in _entries(outputs, "parameters", report)
    }
    files = {
        name: Output(name, _artifact_type(given[name]), given.key_span(name))
        for given, name in _entries(outputs, "artifacts", report)
    }
    is_incomplete = any(given is not None and not fields.is_complete(given) for given in (inputs, outputs))
    return Interface(
        parameters=parameters,
        artifacts=_apart(artifacts, parameters, "input", report),
        output_parameters=yields,
        output_artifacts=_apart(files, yields, "output", report),
        is_incomplete=is_incomplete or component.hides("inputDefinitions", "outputDefinitions"),
    )


def _entries(definitions: Map | None, key: str, report: Report) -> Iterator[tuple[Map, str]]:
    """The ports of one kind that can be read: (the mapping, the name)."""
    ports = fields.mapping(definitions, key) if definitions is not None else None
    for name in ports or ():
        if ports is not None and isinstance(ports[name], Map) and not ports.hides(name):
            _refuse_backend(ports[name], name, ports.key_span(name), report)
            yield ports, name


def _refuse_backend(port: Map, name: str, span: Span, report: Report) -> None:
    what = {"TASK_FINAL_STATUS": "the final status of a task", "TASK_CONFIG": "the settings of its own task"}.get(
        fields.text(port, "parameterType")
    )
    what = "a list of artifacts" if port.get("isArtifactList") is True else what
    if what:
        report.error(
            "kfp-backend",
            f"`{name}` is {what}, which only KFP's backend can pass",
            span,
            "on plain Argo, pass values, or one artifact for each input",
        )


def _apart(artifacts: dict[str, Port], parameters: dict[str, Port], what: str, report: Report) -> dict[str, Port]:
    for name in sorted(artifacts.keys() & parameters.keys()):
        related = (Related("the parameter", parameters[name].span),)
        message = f"two {what}s have the name `{name}`"
        report.error("duplicate-name", message, artifacts[name].span, "rename one of them", related)
    return {name: port for name, port in artifacts.items() if name not in parameters}


def _parameter(ports: Map, name: str, report: Report) -> Input:
    body: Map = ports[name]
    kind = _parameter_type(body)
    return Input(
        name=name,
        type=kind,
        span=ports.key_span(name),
        default=_default(body, kind, report),
        default_span=body.value_span("defaultValue"),
        optional=_is_optional(body),
        description=fields.text(body, "description"),
    )


def _is_optional(port: Map) -> bool:
    return port.get("isOptional") is True


def _parameter_type(port: Map) -> Type:
    name = _TYPES.get(fields.text(port, "parameterType"), "")
    return Type(name, name or "Any")


def _artifact_type(port: Map) -> Type:
    """`system.Dataset` is `Dataset` here, so that v1 and v2 components fit; `system.Artifact` fits everything."""
    declared = fields.mapping(port, "artifactType")
    title = fields.text(declared, "schemaTitle") if declared is not None else ""
    name = title.removeprefix("system.")
    return Type("" if name == "Artifact" else name, title or "system.Artifact", is_file=True)


def _default(port: Map, kind: Type, report: Report) -> str | None:
    """The text that a program receives. KFP's format knows no integers: it holds 3.0 where the author wrote 3."""
    value = port.get("defaultValue")
    if value is None or not fields.is_complete(value):
        return None
    value = value if kind.name in {"Float", "String"} else _with_integers(value)
    written = json.dumps(value) if isinstance(value, (int, float)) else port.written("defaultValue")
    try:
        return with_run_tags(literal_text(value, written, kind))
    except WrongLiteral as wrong:
        report.error("wrong-default", wrong.message, port.value_span("defaultValue"), wrong.fixed_hint)
        return None


def _with_integers(value: Any) -> Any:
    """A value with each number that is whole as an integer, which is how KFP's own backend passes it too."""
    if isinstance(value, dict):
        return {key: _with_integers(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_with_integers(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value
