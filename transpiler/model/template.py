"""Templates that the compiler does not write: in Argo's own fields, or in the cluster."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from transpiler.argo.template_kinds import BRANCHES, KINDS, PROGRAMS, WITH_RESULT
from transpiler.diagnostics import Span
from transpiler.model.argo_data import Slot
from transpiler.model.implementation import Implementation
from transpiler.model.ports import RESULT, Output
from transpiler.model.transport import Transport
from transpiler.read.yaml.nodes import Map


class RawTemplate(Implementation, frozen=True, eq=False):
    """A template in Argo's own fields."""

    argo_node: Map
    argo_fields: dict[str, Any]
    inputs: Mapping[str, Transport]
    outputs: Mapping[str, Transport]
    """Its inputs and outputs, each as a parameter, an artifact, or both."""
    argo_slots: tuple[Slot, ...] = ()
    """The texts with references, for a template that stands by itself: it can have none."""

    @property
    def kind(self) -> str:
        """The field that determines its type."""
        return next((kind for kind in KINDS if kind in self.argo_fields), "")

    @property
    def program(self) -> str:
        """The field with the only container."""
        return next((kind for kind in PROGRAMS if kind in self.argo_fields), "")

    @property
    def is_of_several(self) -> bool:
        """True for `steps` and `dag`, which call other templates."""
        return not self.argo_fields.keys().isdisjoint(BRANCHES)

    @property
    def takes_defaults(self) -> bool:
        """True if it runs something itself: `defaults` do not apply to templates that wait or call others."""
        return not self.is_of_several and "suspend" not in self.argo_fields

    @property
    def has_result(self) -> bool:
        """True if Argo keeps the standard output of the template as `outputs.result`."""
        return not self.argo_fields.keys().isdisjoint(WITH_RESULT)

    @property
    def keeps_names(self) -> bool:
        """Its inputs and outputs have the names that it declares."""
        return True

    def takes(self, inputs: Iterable[str], absent: Collection[str]) -> dict[str, Transport]:  # noqa: ARG002
        """The template declares which of its inputs are files; one name may stand for a value and a file."""
        return {name: self.inputs[name] for name in inputs}

    def yields_file(self, output: Output) -> bool | None:
        """The template declares which of its outputs are files; None for a name that stands for a value too."""
        way = self.outputs.get(output.name, Transport.VALUE)
        return None if way == Transport.VALUE | Transport.PATH else way == Transport.PATH


class TemplateRef(Implementation, frozen=True):
    """`templateRef`: a template that lives in the cluster, in a WorkflowTemplate or ClusterWorkflowTemplate."""

    name: str
    template: str
    cluster_scope: bool
    span: Span
    outputs: tuple[Output, ...] = ()
    """The outputs declared by the task; there may be more."""

    @property
    def is_in_cluster(self) -> bool:
        """It does."""
        return True

    @property
    def takes_defaults(self) -> bool:
        """False: it is defined in the cluster."""
        return False

    @property
    def keeps_names(self) -> bool:
        """Its inputs and outputs have the names used in the cluster."""
        return True

    def takes(self, inputs: Iterable[str], absent: Collection[str]) -> dict[str, Transport]:  # noqa: ARG002
        """Nothing here says how."""
        return dict.fromkeys(inputs, Transport.UNKNOWN)

    def default_output(self, outputs: Sequence[Output]) -> str:  # noqa: ARG002
        """The only output that the task declares, otherwise the standard output."""
        return self.outputs[0].name if len(self.outputs) == 1 else RESULT

    def yields_file(self, output: Output) -> bool | None:
        """The declaration of the task; unknown for any other output."""
        return output.type.is_custom if any(each.name == output.name for each in self.outputs) else None


class WorkflowTemplateRef(Struct, frozen=True):
    """`workflowTemplateRef`: a WorkflowTemplate or ClusterWorkflowTemplate that a run is made of."""

    name: str
    cluster_scope: bool
    span: Span
    beside: tuple[tuple[str, Span], ...] = ()
    """The keys of the manifest that describe tasks of its own all the same."""
