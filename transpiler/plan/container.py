"""A container component → Argo's container template."""

from __future__ import annotations

from transpiler.argo.text import escaped_for_kubelet
from transpiler.model.component import Container as ContainerSpec
from transpiler.model.component import Input, InputPath, InputValue, JsonValue, OutputPath
from transpiler.plan.ports import PortMap
from transpiler.plan.workflow import Artifact, Container, EnvVar, Parameter, Ports, Template
from transpiler.resolve.command import Piece, Word
from transpiler.resolve.dataflow import Instance, Way

POD_ENV = (
    EnvVar("KFP_POD_NAME", field_path="metadata.name"),
    EnvVar("KFP_POD_UID", field_path="metadata.uid"),
    EnvVar("KFP_NAMESPACE", field_path="metadata.namespace"),
    EnvVar("WORKFLOW_ID", field_path="metadata.labels['workflows.argoproj.io/workflow']"),
    EnvVar("KFP_RUN_ID", field_path="metadata.labels['pipeline/runid']"),
    EnvVar("ENABLE_CACHING", field_path="metadata.labels['pipelines.kubeflow.org/enable_caching']"),
)
"""What the label `add-pod-env: 'true'` asks for (kfp.compiler._default_transformers.add_kfp_pod_env)."""


def container_template(name: str, instance: Instance, ports: PortMap) -> Template:
    """The template of a container component, with its own input names; only outputs that are wanted."""
    component, command = instance.component, instance.command
    assert component is not None
    assert command is not None
    spec = component.implementation
    assert isinstance(spec, ContainerSpec)
    assert spec.image is not None
    return Template(
        name=name,
        inputs=input_ports(instance, ports),
        outputs=_outputs(instance, ports),
        labels=component.labels,
        annotations=component.annotations,
        container=Container(
            image=spec.image,
            command=None if command.command is None else _words(command.command, ports),
            args=_words(command.args, ports),
            env=_env(spec.env, dict(component.labels)),
        ),
    )


def input_ports(instance: Instance, ports: PortMap) -> Ports:
    """The inputs that the template takes: parameters and artifacts, each with the component's default."""
    assert instance.component is not None
    parameters, artifacts = [], []
    for given in instance.component.inputs:
        way = instance.takes.get(given.name, Way.NONE)
        if given.name in instance.absent:
            continue
        if Way.VALUE in way:
            default = given.default if given.default is None else escaped_for_kubelet(given.default)
            parameters.append(Parameter(ports.inputs[given.name], value=default))
        if Way.PATH in way:
            artifacts.append(_input_artifact(given, instance, ports))
    return Ports(tuple(parameters), tuple(artifacts))


def _input_artifact(given: Input, instance: Instance, ports: PortMap) -> Artifact:
    path = ports.input_paths[given.name] if instance.scope is None else None
    return Artifact(ports.inputs[given.name], path=path, raw=given.default)


def _outputs(instance: Instance, ports: PortMap) -> Ports:
    assert instance.component is not None
    parameters, artifacts = [], []
    for output in instance.component.outputs:
        way = instance.yields.get(output.name, Way.NONE)
        name, path = ports.outputs[output.name], ports.output_paths[output.name]
        if Way.VALUE in way:
            parameters.append(Parameter(name, value_from_path=path))
        if Way.PATH in way:
            artifacts.append(Artifact(name, path=path))
    return Ports(tuple(parameters), tuple(artifacts))


def _words(words: tuple[Word, ...], ports: PortMap) -> tuple[str, ...]:
    return tuple(_word(word, ports) for word in words)


def _word(word: Word, ports: PortMap) -> str:
    texts: list[str] = []
    for piece in word:
        text = _piece(piece, ports)
        if isinstance(piece, InputValue) and texts and texts[-1].endswith("{"):
            # Three braces are another tag for Argo. An expression puts the brace in front of the value.
            texts[-1] = texts[-1][:-1]
            text = f"{{{{='{{' + {_expression(piece, ports)}}}}}"
        texts.append(text)
    return "".join(texts)


def _piece(piece: Piece, ports: PortMap) -> str:
    if isinstance(piece, str):
        return piece
    if isinstance(piece, JsonValue) and piece.kind in _AS_JSON:
        return f"{{{{={_expression(piece, ports)}}}}}"
    if isinstance(piece, InputValue):
        return f"{{{{inputs.parameters.{ports.inputs[piece.name]}}}}}"
    if isinstance(piece, InputPath):
        return ports.input_paths[piece.name]
    return ports.output_paths[piece.name] if isinstance(piece, OutputPath) else piece.text


_AS_JSON = {"String": "toJson", "Boolean": "lower"}
"""Type → the function of Argo's expressions that makes JSON of its text; the text of all others is JSON already."""


def _expression(piece: InputValue, ports: PortMap) -> str:
    value = f"inputs.parameters['{ports.inputs[piece.name]}']"
    function = _AS_JSON.get(piece.kind) if isinstance(piece, JsonValue) else None
    return f"{function}({value})" if function else value


def _env(env: tuple[tuple[str, str], ...], labels: dict[str, str]) -> tuple[EnvVar, ...]:
    """The component's own variables, then KFP's; a name stands once, and as in a pod the last one counts."""
    own = {name: EnvVar(name, value) for name, value in env}
    if labels.get("add-pod-env") == "true":
        own |= {variable.name: variable for variable in POD_ENV}
    return tuple(own.values())
