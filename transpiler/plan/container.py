"""A container component → Argo's container template."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from transpiler.argo.text import escaped_for_kubelet
from transpiler.model.component import Component, Input, InputPath, InputValue, JsonValue, OutputPath
from transpiler.model.component import Container as ContainerSpec
from transpiler.model.tree import filled
from transpiler.plan.objects import Node, artifact, parameter, ports, without_empty
from transpiler.plan.ports import PortMap
from transpiler.read.expressions import Text
from transpiler.resolve.command import Piece, Word
from transpiler.resolve.dataflow import Instance, Way

POD_ENV = {
    "KFP_POD_NAME": "metadata.name",
    "KFP_POD_UID": "metadata.uid",
    "KFP_NAMESPACE": "metadata.namespace",
    "WORKFLOW_ID": "metadata.labels['workflows.argoproj.io/workflow']",
    "KFP_RUN_ID": "metadata.labels['pipeline/runid']",
    "ENABLE_CACHING": "metadata.labels['pipelines.kubeflow.org/enable_caching']",
}
"""What the label `add-pod-env: 'true'` asks for (kfp.compiler._default_transformers.add_kfp_pod_env)."""


def container_template(instance: Instance, names: PortMap, stored: Mapping[str, Way]) -> Node:
    """The template of a container component, with its own input names; only outputs that are wanted, or `stored`."""
    component, command = instance.component, instance.command
    assert component is not None
    assert command is not None
    spec = component.implementation
    assert isinstance(spec, ContainerSpec)
    return without_empty(
        {
            "metadata": metadata(component),
            "inputs": input_ports(instance, names),
            "outputs": _outputs(instance, names, stored),
            "container": without_empty(
                {
                    "image": spec.image,
                    "command": [] if command.command is None else _words(command.command, names),
                    "args": _words(command.args, names),
                    "env": _env(spec.env, dict(component.labels)),
                }
            ),
        }
    )


def metadata(component: Component) -> Node:
    """The labels and annotations of the pods."""
    return without_empty({"labels": dict(component.labels), "annotations": dict(component.annotations)})


def input_ports(instance: Instance, names: PortMap, write: Callable[[Text], str] = str) -> Node:
    """The inputs that the template takes: parameters and artifacts, each with the component's default.

    `write` says how the template names its own inputs, where a sub-pipeline says with them where a file is stored.
    """
    assert instance.component is not None
    parameters, artifacts = [], []
    for given in instance.component.inputs:
        way = instance.takes.get(given.name, Way.NONE)
        if given.name in instance.absent:
            continue
        if Way.VALUE in way:
            parameters.append(input_parameter(names.inputs[given.name], given))
        if Way.PATH in way and given.artifact is not None:
            stored = filled(given.artifact.data, given.artifact.slots, write)
            artifacts.append(artifact(names.inputs[given.name], **stored))
        elif Way.PATH in way:
            artifacts.append(_input_artifact(given, instance, names))
    return ports(parameters, artifacts)


def input_parameter(name: str, given: Input) -> Node:
    """An input by value: its default, and where a run reads it otherwise."""
    default = given.default if given.default is None else escaped_for_kubelet(given.default)
    if given.value_from is None:
        return parameter(name, default)
    return parameter(name, valueFrom={**given.value_from.data, **({} if default is None else {"default": default})})


def _input_artifact(given: Input, instance: Instance, names: PortMap) -> Node:
    path = names.input_paths[given.name] if instance.scope is None else ""
    default = {} if given.default is None else {"raw": {"data": given.default}}
    return {**artifact(names.inputs[given.name], path), **default}


def _outputs(instance: Instance, names: PortMap, stored: Mapping[str, Way]) -> Node:
    assert instance.component is not None
    parameters, artifacts = [], []
    for output in instance.component.outputs:
        way = instance.yields.get(output.name, Way.NONE) | stored.get(output.name, Way.NONE)
        name, path = names.outputs[output.name], names.output_paths[output.name]
        if Way.VALUE in way:
            parameters.append(parameter(name, valueFrom={"path": path}))
        if Way.PATH in way:
            artifacts.append(artifact(name, path))
    return ports(parameters, artifacts)


def _words(words: tuple[Word, ...], names: PortMap) -> list[str]:
    return [_word(word, names) for word in words]


def _word(word: Word, names: PortMap) -> str:
    texts: list[str] = []
    for piece in word:
        text = _piece(piece, names)
        if isinstance(piece, InputValue) and texts and texts[-1].endswith("{"):
            # Three braces are another tag for Argo. An expression puts the brace in front of the value.
            texts[-1] = texts[-1][:-1]
            text = f"{{{{='{{' + {_expression(piece, names)}}}}}"
        texts.append(text)
    return "".join(texts)


def _piece(piece: Piece, names: PortMap) -> str:
    if isinstance(piece, str):
        return piece
    if isinstance(piece, JsonValue) and piece.kind in _AS_JSON:
        return f"{{{{={_expression(piece, names)}}}}}"
    if isinstance(piece, InputValue):
        return f"{{{{inputs.parameters.{names.inputs[piece.name]}}}}}"
    if isinstance(piece, InputPath):
        return names.input_paths[piece.name]
    return names.output_paths[piece.name] if isinstance(piece, OutputPath) else piece.text


_AS_JSON = {"String": "toJson", "Boolean": "lower"}
"""Type → the function of Argo's expressions that makes JSON of its text; the text of all others is JSON already."""


def _expression(piece: InputValue, names: PortMap) -> str:
    value = f"inputs.parameters['{names.inputs[piece.name]}']"
    function = _AS_JSON.get(piece.kind) if isinstance(piece, JsonValue) else None
    return f"{function}({value})" if function else value


def _env(env: tuple[tuple[str, str], ...], labels: dict[str, str]) -> list[Node]:
    """The component's own variables, then KFP's; a name stands once, and as in a pod the last one counts."""
    own: dict[str, Node] = {name: {"name": name, "value": value} for name, value in env}
    if labels.get("add-pod-env") == "true":
        for name, path in POD_ENV.items():
            own[name] = {"name": name, "valueFrom": {"fieldRef": {"fieldPath": path}}}
    return list(own.values())
