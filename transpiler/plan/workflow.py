"""Argo's words: a Workflow and what it is made of, as plain values in Argo's own field names.

Field reference: Argo Workflows v4 `docs/fields.md`. Knows nothing of pipelines or components.
"""

from __future__ import annotations

from dataclasses import dataclass

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter, in any of the places that Argo has for one; at most one of the values is set."""

    name: str
    value: str | None = None
    enum: tuple[str, ...] = ()
    description: str = ""
    value_from_path: str | None = None
    value_from_parameter: str | None = None


@dataclass(frozen=True, slots=True)
class Artifact:
    """An artifact, in any of the places that Argo has for one."""

    name: str
    path: str | None = None
    origin: str | None = None
    """Argo's `from`."""
    raw: str | None = None
    """Argo's `raw.data`."""


@dataclass(frozen=True, slots=True)
class Ports:
    """Argo's Inputs, Outputs and Arguments, which have one shape."""

    parameters: tuple[Parameter, ...] = ()
    artifacts: tuple[Artifact, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.parameters or self.artifacts)


@dataclass(frozen=True, slots=True)
class EnvVar:
    """An environment variable: a value, or a field of the pod (the downward API)."""

    name: str
    value: str = ""
    field_path: str = ""


@dataclass(frozen=True, slots=True)
class Container:
    """A container; `command` is None when the image's own entry point runs."""

    image: str
    command: tuple[str, ...] | None
    args: tuple[str, ...]
    env: tuple[EnvVar, ...] = ()


@dataclass(frozen=True, slots=True)
class DAGTask:
    """A task of a DAG template."""

    name: str
    template: str
    depends: str
    arguments: Ports


@dataclass(frozen=True, slots=True)
class Template:
    """A template: a container, or a DAG."""

    name: str
    inputs: Ports
    outputs: Ports
    labels: Pairs = ()
    annotations: Pairs = ()
    container: Container | None = None
    tasks: tuple[DAGTask, ...] = ()


@dataclass(frozen=True, slots=True)
class Workflow:
    """A Workflow, WorkflowTemplate or ClusterWorkflowTemplate. Exactly one of the names is set."""

    kind: str
    name: str
    generate_name: str
    namespace: str
    labels: Pairs
    annotations: Pairs
    entrypoint: str
    arguments: Ports
    templates: tuple[Template, ...]
