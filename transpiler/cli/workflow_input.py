"""Workflows in Argo's own YAML: the objects of a file, and where each field stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from msgspec import Struct

from transpiler.diagnostics import Report, Source, Span, excerpt
from transpiler.engine.protocol import Refusal
from transpiler.patterns import regex
from transpiler.plan.argo_objects import Node, spec_path, workflow_spec
from transpiler.read.yaml.document import read_document
from transpiler.read.yaml.nearest import nearest
from transpiler.read.yaml.nodes import Map
from transpiler.read.yaml.source import decode
from transpiler.read.yaml11 import plain11
from transpiler.suggest import suggestion

KINDS: Final = ("Workflow", "WorkflowTemplate", "ClusterWorkflowTemplate", "CronWorkflow")
_MARKER: Final = regex(r"^---(?=[ \n]|$)|^\.\.\.$")


class Workflows(Struct, frozen=True):
    """The objects of a file, as plain data and as they were read."""

    objects: tuple[Node, ...]
    read: tuple[Map, ...]

    @property
    def parameters(self) -> list[str]:
        """The names of the parameters that a run takes."""
        return [str(each.get("name", "")) for each in _declared(self.objects[-1])]

    def span(self, refusal: Refusal) -> Span:
        """Where something stands; the nearest that is there, for something that is missing."""
        return nearest(self.read[refusal.object], refusal.path).span


def is_workflow(data: bytes) -> bool:
    """True for a file that has an object of Argo, and is no manifest."""
    head = data[:65_536].decode("utf-8", "replace")
    return regex(r"(?m)^apiVersion:\s*[\"']?argoproj\.io/").search(head) is not None


def read_workflows(name: str, data: bytes, report: Report) -> Workflows | None:
    """The objects of a file; None with a mistake, which is reported."""
    source = decode(name, data, report)
    if source is None:
        return None
    read = [read_document(part, report) for part in _documents(source)]
    found = tuple(each for each in read if isinstance(each, Map))
    if report.failed:
        return None
    if not found:
        report.error("missing-key", "there is no object in this file", source.span(0, 0))
        return None
    for each in found:
        if (each.get("kind") in KINDS or each is found[-1]) and not _has_spec(each):
            message = f"the {each.get('kind') or 'object'} has no `spec` that is a mapping"
            report.error("missing-key", message, nearest(each, ("spec", "workflowSpec")).span)
    return None if report.failed else Workflows(tuple(plain11(each) for each in found), found)


def _has_spec(read: Map) -> bool:
    spec = read.get("spec")
    return isinstance(spec, Map) and isinstance(spec.get("workflowSpec", spec), Map)


def _documents(source: Source) -> list[Source]:
    """The documents of a file: each has empty lines in place of those before it."""
    lines = source.text.split("\n")
    starts = [number for number, line in enumerate(lines) if _MARKER.match(line)]
    if len(starts) < 2 and not (starts and any(_says_something(line) for line in lines[: starts[0]])):
        return [source]
    found = []
    for start, end in zip([-1, *starts], [*starts, len(lines)], strict=True):
        if any(_says_something(line) for line in lines[start + 1 : end]):
            found.append(Source(source.name, "\n" * (start + 1) + "\n".join(lines[start + 1 : end])))
    return found or [source]


def _says_something(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")


def _declared(node: Node) -> list[Node]:
    """The parameters of a run; what is no parameter is refused elsewhere."""
    spec = workflow_spec(node) if isinstance(node.get("spec"), dict) else None
    arguments = spec.get("arguments") if isinstance(spec, dict) else None
    found = arguments.get("parameters") if isinstance(arguments, dict) else None
    return [each if isinstance(each, dict) else {} for each in found] if isinstance(found, list) else []


def check_arguments(workflows: Workflows, given: Mapping[str, tuple[str, Span]], report: Report) -> None:
    """Arguments of a run are for parameters that are there, and none is missing."""
    node, read = workflows.objects[-1], workflows.read[-1]
    parameters = _declared(node)
    if not all(isinstance(each.get("name"), str) for each in parameters):
        return  # which is refused
    names = workflows.parameters
    for name, (_, span) in given.items():
        if name not in names:
            report.error("unknown-input", f"the Workflow has no parameter `{name}`", span, _known(name, names))
    for index, each in enumerate(parameters):
        _check_choice(workflows, index, each, given, report)
        has_value = not {"value", "default", "valueFrom"}.isdisjoint(each)
        if not has_value and each.get("name") not in given:
            message = f"the parameter `{each.get('name')}` has no value"
            report.error("missing-argument", message, read.span, f"pass one: `-p {each.get('name')}=VALUE`")


def _check_choice(
    workflows: Workflows, index: int, parameter: Node, given: Mapping[str, tuple[str, Span]], report: Report
) -> None:
    """A parameter with `enum` has one of these values, whether it is given or its own."""
    name, choices = str(parameter.get("name")), parameter.get("enum")
    if not isinstance(choices, list) or (name not in given and parameter.get("value") is None):
        return
    place = ("arguments", "parameters", index, "value")
    own = nearest(workflows.read[-1], (*spec_path(workflows.objects[-1]), *place)).span
    value, span = given.get(name, (parameter.get("value"), own))
    if value not in choices:
        message = f"the parameter `{name}` cannot be `{excerpt(str(value))}`"
        report.error("wrong-value", message, span, f"it is one of {', '.join(map(str, choices))}")


def _known(name: str, names: Sequence[str]) -> str:
    return suggestion(name, names, "parameters") if names else ""
