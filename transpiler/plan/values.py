"""What a task passes: literals and references of the manifest → the text of Argo's arguments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from transpiler.argo.text import escaped_for_kubelet
from transpiler.model.component import Input
from transpiler.model.pipeline import Literal
from transpiler.model.types import literal_text
from transpiler.plan.workflow import Artifact, Parameter
from transpiler.read.expressions import InputReference, OutputReference, Reference, Text, WorkflowReference
from transpiler.resolve.scope import Scope


@dataclass(frozen=True, slots=True)
class Tags:
    """Argo's tags for the references of one DAG template."""

    scope: Scope
    tasks: Mapping[str, str]
    """Task → its name in Argo."""
    inputs: Mapping[str, str]
    """Input → its name in Argo."""
    outputs: Mapping[str, Mapping[str, str]]
    """Task → output → its name in Argo."""
    of_the_run: frozenset[str] = frozenset()
    """Inputs that are read from the run's own arguments."""

    def value(self, reference: Reference) -> str:
        """The tag that Argo replaces by the value."""
        if isinstance(reference, WorkflowReference):
            return f"{{{{workflow.{reference.name}}}}}"
        if isinstance(reference, InputReference):
            root = "workflow" if reference.name in self.of_the_run else "inputs"
            return f"{{{{{root}.parameters.{self.inputs[reference.name]}}}}}"
        return f"{{{{tasks.{self.tasks[reference.task]}.outputs.parameters.{self._output(reference)}}}}}"

    def artifact(self, reference: InputReference | OutputReference) -> str:
        """The tag that Argo replaces by the artifact."""
        if isinstance(reference, InputReference):
            return f"{{{{inputs.artifacts.{self.inputs[reference.name]}}}}}"
        return f"{{{{tasks.{self.tasks[reference.task]}.outputs.artifacts.{self._output(reference)}}}}}"

    def _output(self, reference: OutputReference) -> str:
        found = self.scope.output_of(reference)
        assert found is not None
        return self.outputs[reference.task][found.name]


def parameter(name: str, value: Literal | Text, target: Input, into_container: bool, tags: Tags) -> Parameter:
    """A value passed by value. Text that goes straight into a command line is escaped for the kubelet."""
    return Parameter(name, value=_text(value, target, into_container, tags))


def artifact(name: str, value: Literal | Text, target: Input, inputs_are_artifacts: bool, tags: Tags) -> Artifact:
    """A value passed as a file: an artifact that exists, or the text itself (`raw`).

    The inputs of a pipeline are parameters, so they become files here; those of a graph component are artifacts.
    """
    reference = value.plain_reference if isinstance(value, Text) else None
    if isinstance(reference, OutputReference) or (isinstance(reference, InputReference) and inputs_are_artifacts):
        return Artifact(name, origin=tags.artifact(reference))
    return Artifact(name, raw=_text(value, target, False, tags))


def _text(value: Literal | Text, target: Input, into_container: bool, tags: Tags) -> str:
    if isinstance(value, Literal):
        text = literal_text(value.value, value.written, target.type)
        return escaped_for_kubelet(text) if into_container else text
    return "".join(_piece(part, into_container) if isinstance(part, str) else tags.value(part) for part in value.parts)


def _piece(text: str, into_container: bool) -> str:
    """A piece beside a reference: what follows a final `$` is known at run time only, so every `$` is escaped."""
    return text.replace("$", "$$") if into_container and "$" in text else text
