"""Templates that no component is made into: in Argo's own fields, or in the cluster."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from transpiler.diagnostics import Span
from transpiler.model.implementation import Implementation
from transpiler.model.ports import Output
from transpiler.read.yaml.nodes import Map

RESULT_TYPES: Final = ("container", "script", "containerSet", "http", "data", "resource", "plugin")
"""Kinds of template that have `outputs.result` (Argo's docs/fields.md)."""
KINDS: Final = (*RESULT_TYPES, "suspend", "steps", "dag")
"""Every kind of template that Argo has."""
PROGRAMS: Final = ("container", "script")
"""Kinds that run one container of the user's."""


@dataclass(frozen=True, eq=False)
class RawTemplate(Implementation):
    """A template in Argo's own fields. `artifacts` are the inputs and outputs that are files, by name."""

    node: Map
    data: dict[str, Any] = field(repr=False)
    input_artifacts: frozenset[str]
    output_artifacts: frozenset[str]
    output_names: frozenset[str]
    """Every output that the template declares."""

    @property
    def program(self) -> str:
        """The field that holds the one container of the user's; empty when there is none, or several."""
        return next((kind for kind in PROGRAMS if kind in self.data), "")

    def outputs(self, kind: str) -> list[dict[str, object]]:
        """Its output `parameters` or `artifacts`."""
        outputs = self.data.get("outputs")
        found = outputs.get(kind) if isinstance(outputs, dict) else None
        return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []

    @property
    def is_of_several(self) -> bool:
        """True for `steps` and `dag`, which call other templates."""
        return not self.data.keys().isdisjoint(("steps", "dag"))

    @property
    def takes_defaults(self) -> bool:
        """True when it does something itself: what is said of every task has no meaning for waiting, or for several."""
        return not self.is_of_several and "suspend" not in self.data

    @property
    def does_something(self) -> bool:
        """True when it is of a kind that Argo has."""
        return not self.data.keys().isdisjoint(KINDS)

    @property
    def has_result(self) -> bool:
        """True when Argo keeps what the template prints as `outputs.result`."""
        return any(kind in self.data for kind in RESULT_TYPES)


@dataclass(frozen=True, slots=True)
class TemplateRef(Implementation):
    """`templateRef`: a template that lives in the cluster, in a WorkflowTemplate or ClusterWorkflowTemplate."""

    name: str
    template: str
    cluster_scope: bool
    span: Span
    outputs: tuple[Output, ...] = ()
    """What the task says that it yields; it may yield more."""

    def declares(self, output: str) -> bool:
        """True when the task says what that output is."""
        return any(each.name == output for each in self.outputs)


@dataclass(frozen=True, slots=True)
class WorkflowTemplateRef:
    """`workflowTemplateRef`: a WorkflowTemplate or ClusterWorkflowTemplate that a run is made of."""

    name: str
    cluster_scope: bool
    span: Span
