"""A container component → Argo's container template."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from msgspec import Struct

from transpiler.argo.kubelet import escaped
from transpiler.argo.pod_variables import POD_ENV
from transpiler.dataflow.instances import Instance
from transpiler.model.argo_data import Write, filled
from transpiler.model.command_line import Piece, Word
from transpiler.model.component import Component
from transpiler.model.placeholders import InputPath, InputValue, JsonValue, OutputPath
from transpiler.model.ports import Input
from transpiler.model.transport import Transport
from transpiler.plan.argo_objects import Node, artifact, parameter, ports, without_empty
from transpiler.plan.expressions.program_texts import Put, holds_no_dollars, program_text
from transpiler.plan.templates.ports import PortMap


def container_template(
    instance: Instance, names: PortMap, stored: Mapping[str, Transport], as_they_are: Collection[str] = ()
) -> Node:
    """The template of a container component, with its own input names; only with used outputs, or `stored` ones.

    The values of inputs `as_they_are` are expanded by Kubernetes.
    """
    component, command = instance.component, instance.command
    assert component is not None
    assert command is not None
    spec = component.implementation.container
    assert spec is not None
    word = _Words(component, names, as_they_are).word
    return without_empty(
        {
            "metadata": metadata(component),
            "inputs": input_ports(instance, names),
            "outputs": _outputs(instance, names, stored),
            "container": without_empty(
                {
                    "image": spec.image,
                    "command": [word(each) for each in command.command or ()],
                    "args": [word(each) for each in command.args],
                    "env": _env(spec.env, dict(component.labels)),
                }
            ),
        }
    )


def metadata(component: Component) -> Node:
    """The labels and annotations of the pods."""
    return without_empty({"labels": dict(component.labels), "annotations": dict(component.annotations)})


def input_ports(instance: Instance, names: PortMap, write: Write = str, program: Write | None = None) -> Node:
    """The inputs that the template takes: parameters and artifacts, each with the component's default.

    `write` and `program` print the template's own inputs, with which a sub-pipeline sets the location of a file
    that it stores.
    """
    assert instance.component is not None
    parameters, artifacts = [], []
    for given in instance.component.inputs:
        way = instance.takes.get(given.name, Transport.NONE)
        if given.name in instance.absent:
            continue
        is_boxed = instance.scope is not None and instance.scope.is_boxed(given.name)
        if Transport.VALUE in way or (way and is_boxed):
            parameters.append(input_parameter(names.inputs[given.name], given, given.default))
        if Transport.PATH in way and given.artifact is not None:
            stored = filled(given.artifact.data, given.artifact.slots, write, program)
            artifacts.append(artifact(names.inputs[given.name], **stored))
        elif Transport.PATH in way:
            optional = {"optional": True} if is_boxed else {}
            artifacts.append({**_input_artifact(given, instance, names), **optional})
    return ports(parameters, artifacts)


def input_parameter(name: str, given: Input, value: str | None) -> Node:
    """An input by value: its default, and where a run reads it otherwise."""
    if given.value_from is None:
        return parameter(name, value)
    default = {} if given.default is None else {"default": given.default}
    return parameter(name, valueFrom={**given.value_from.data, **default})


def _input_artifact(given: Input, instance: Instance, names: PortMap) -> Node:
    path = names.input_paths[given.name] if instance.scope is None else ""
    default = {} if given.default is None else {"raw": {"data": escaped(given.default)}}
    return {**artifact(names.inputs[given.name], path), **default}


def _outputs(instance: Instance, names: PortMap, stored: Mapping[str, Transport]) -> Node:
    assert instance.component is not None
    parameters, artifacts = [], []
    for output in instance.component.outputs:
        way = instance.yields.get(output.name, Transport.NONE) | stored.get(output.name, Transport.NONE)
        name, path = names.outputs[output.name], names.output_paths[output.name]
        if Transport.VALUE in way:
            parameters.append(parameter(name, valueFrom={"path": path}))
        if Transport.PATH in way:
            artifacts.append(artifact(name, path))
    return ports(parameters, artifacts)


_AS_JSON = {"String": "toJson", "Boolean": "lower"}
"""Type → the function of Argo's expressions that makes JSON of its text; the text of all others is JSON already."""


class _Words(Struct, frozen=True):
    """Writes the words of a component's command line."""

    component: Component
    names: PortMap
    as_they_are: Collection[str]

    def word(self, word: Word) -> str:
        """One element of `command` or `args`."""
        return program_text(self.piece(piece) for piece in word)

    def piece(self, piece: Piece) -> str | Put:
        """A piece of a word: a text, or a value."""
        if isinstance(piece, str):
            return piece
        if isinstance(piece, InputValue):
            return self.value(piece)
        if isinstance(piece, InputPath):
            return self.names.input_paths[piece.name]
        return self.names.output_paths[piece.name] if isinstance(piece, OutputPath) else piece.text

    def value(self, piece: InputValue) -> Put:
        """The value of an input."""
        name, given = self.names.inputs[piece.name], self.component.input(piece.name)
        is_plain = given is not None and holds_no_dollars(given.type)
        value = f"inputs.parameters['{name}']"
        if isinstance(piece, JsonValue) and piece.kind in _AS_JSON:
            return Put(f"{_AS_JSON[piece.kind]}({value})", is_plain=is_plain)
        return Put(value, f"{{{{inputs.parameters.{name}}}}}", is_plain, piece.name in self.as_they_are)


def _env(env: tuple[tuple[str, str], ...], labels: dict[str, str]) -> list[Node]:
    """The component's own variables, then KFP's; each name occurs once, and as in a pod, the last one counts."""
    own: dict[str, Node] = {name: {"name": name, "value": value} for name, value in env}
    if labels.get("add-pod-env") == "true":
        for name, path in POD_ENV.items():
            own[name] = {"name": name, "valueFrom": {"fieldRef": {"fieldPath": path}}}
    return list(own.values())
