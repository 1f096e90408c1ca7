"""A manifest and the arguments of a run → the objects that start it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from msgspec import Struct

from transpiler.analysis import Analysis
from transpiler.check.run_arguments import check_run_arguments, check_run_size
from transpiler.compiler import Compilation, compile_analysis
from transpiler.diagnostics import Diagnostic, Report
from transpiler.model.pipeline import Pipeline
from transpiler.model.run_arguments import RunArgument
from transpiler.plan.argo_objects import Node, json_bytes, parameter, without_empty, workflow_spec
from transpiler.render.render import render
from transpiler.runs.runs import Runs

KIND: Final = "Workflow"
"""What starts at once. A manifest with a `schedule` is run once, too."""


class Run(Struct, frozen=True):
    """What a cluster is told: the Workflow at the end, and before it the WorkflowTemplates that it calls."""

    objects: tuple[Node, ...]
    runs: Runs
    """What reads the status of the run."""

    @property
    def text(self) -> str:
        """The objects as YAML."""
        return "---\n".join(map(render, self.objects))


class Home(Struct, frozen=True):
    """Where a run is, and the account of its pods; empty for what the cluster chooses."""

    namespace: str
    account: str


def home_of(node: Node) -> Home:
    """The home of a run, as its object says."""
    return Home(node["metadata"].get("namespace", ""), workflow_spec(node).get("serviceAccountName", ""))


def run_of(
    analysis: Analysis, arguments: Sequence[RunArgument], report: Report, namespace: str = ""
) -> tuple[Run | None, tuple[Diagnostic, ...]]:
    """The run of a manifest that was analyzed as a Workflow; None with an error.

    All mistakes are told together: those of the manifest, and of the arguments, some of which `report` has.
    `namespace` takes the place of the manifest's.
    """
    pipeline = analysis.pipeline
    texts = check_run_arguments(pipeline, arguments, report) if pipeline is not None else {}
    compilation = compile_analysis(analysis)
    objects = tuple(_in_namespace(each, namespace) for each in compilation.objects)
    if objects and pipeline is not None:
        objects = (*objects[:-1], _with_arguments(objects[-1], texts))
        check_run_size(arguments, json_bytes(objects[-1]), report)
    found = (*_of_the_run(compilation, pipeline), *report.diagnostics)
    if report.failed or compilation.text is None or pipeline is None:
        return None, found
    return Run(objects, Runs(analysis)), found


def _of_the_run(compilation: Compilation, pipeline: Pipeline | None) -> list[Diagnostic]:
    """The diagnostics, but for the warning that a Workflow has no schedule: it is meant to run now."""
    places = set()
    if pipeline is not None and pipeline.schedule is not None:
        places.add(pipeline.schedule.span)
    if pipeline is not None and "cron" in (passed := dict(pipeline.argo)):
        places.add(passed["cron"].span)
    return [each for each in compilation.diagnostics if each.code != "ignored-field" or each.span not in places]


def _in_namespace(node: Node, namespace: str) -> Node:
    if not namespace or node["kind"] == "ClusterWorkflowTemplate":
        return node
    return {**node, "metadata": {**node["metadata"], "namespace": namespace}}


def _with_arguments(node: Node, texts: Mapping[str, str]) -> Node:
    """The Workflow with these values: in place of a default or of `valueFrom`; those of hidden inputs at the end."""
    if not texts:
        return node
    spec: Node = node["spec"]
    arguments: Node = spec.get("arguments", {})
    declared = arguments.get("parameters", [])
    own = [_with_value(each, texts) for each in declared]
    hidden = sorted(texts.keys() - {each["name"] for each in declared})
    passed = {**arguments, "parameters": [*own, *(parameter(name, texts[name]) for name in hidden)]}
    return {**node, "spec": {**spec, "arguments": passed}}


def _with_value(declared: Node, texts: Mapping[str, str]) -> Node:
    if declared["name"] not in texts:
        return declared
    others = {key: value for key, value in declared.items() if key not in {"name", "value", "valueFrom"}}
    return parameter(declared["name"], texts[declared["name"]], **without_empty(others))
