"""The object around the templates: Workflow, WorkflowTemplate, ClusterWorkflowTemplate or CronWorkflow."""

from __future__ import annotations

from typing import Final

from transpiler.argo.quantities import seconds
from transpiler.model.component import Input
from transpiler.model.pipeline import Pipeline
from transpiler.model.raw import plain
from transpiler.plan.merge import merged
from transpiler.plan.objects import Node, parameter, without_empty
from transpiler.plan.plan import Templates, plan_templates
from transpiler.plan.settings import claim
from transpiler.resolve.dataflow import Traced

KINDS: Final = ("Workflow", "WorkflowTemplate", "ClusterWorkflowTemplate", "CronWorkflow")
MAX_GENERATED: Final = 57
"""Kubernetes adds five characters to `generateName`, which ends in `-`, and a Workflow's name has 63 at most."""
MAX_CRON_NAME: Final = 52
"""A CronWorkflow's name, to which Argo adds a time."""


def plan(pipeline: Pipeline, traced: Traced, kind: str) -> Node:
    """The object of that kind that runs the pipeline."""
    templates = plan_templates(pipeline, traced, _of_the_run(pipeline, kind))
    passed = dict(pipeline.argo)
    node: Node = {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": kind,
        "metadata": _metadata(pipeline, kind, templates.entrypoint),
        "spec": _spec(pipeline, templates),
    }
    if "metadata" in passed:
        node["metadata"] = merged(node["metadata"], plain(passed["metadata"]))
    if "spec" in passed:
        node["spec"] = merged(node["spec"], plain(passed["spec"]))
    node["spec"] = _templates_last(node["spec"])
    return _scheduled(node, pipeline) if kind == "CronWorkflow" else node


def templates_of(node: Node) -> dict[str, frozenset[str]]:
    """Every template of an object, those from Argo's own fields of the manifest too: name → its fields."""
    spec = node["spec"].get("workflowSpec", node["spec"])
    return {template["name"]: frozenset(template) for template in spec["templates"]}


def _of_the_run(pipeline: Pipeline, kind: str) -> frozenset[str]:
    """The required inputs of a Workflow.

    The entry DAG takes inputs of its own, so that a template works through `templateRef`. But `argo lint` refuses a
    Workflow whose entry takes an input that has no value before it is submitted.
    """
    return frozenset(given.name for given in pipeline.inputs if kind == "Workflow" and given.required)


def _metadata(pipeline: Pipeline, kind: str, name: str) -> Node:
    generated = {"generateName": f"{name[:MAX_GENERATED].rstrip('-')}-"}
    short = name[:MAX_CRON_NAME].rstrip("-") if kind == "CronWorkflow" else name
    return {
        **(generated if kind == "Workflow" else {"name": short}),
        **without_empty(
            {
                "namespace": "" if kind == "ClusterWorkflowTemplate" else pipeline.namespace,
                "labels": dict(pipeline.labels),
                "annotations": _annotations(pipeline, name),
            }
        ),
    }


def _annotations(pipeline: Pipeline, name: str) -> Node:
    """Argo's UI shows these two; the user's own annotations win."""
    shown = {}
    if pipeline.name != name:
        shown["workflows.argoproj.io/title"] = pipeline.name
    if pipeline.description:
        shown["workflows.argoproj.io/description"] = pipeline.description
    return dict(sorted({**shown, **dict(pipeline.annotations)}.items()))


def _spec(pipeline: Pipeline, templates: Templates) -> Node:
    given = sorted(pipeline.inputs, key=lambda each: each.name)
    return without_empty(
        {
            "entrypoint": templates.entrypoint,
            "arguments": without_empty({"parameters": [_argument(each) for each in given]}),
            "onExit": templates.on_exit,
            "activeDeadlineSeconds": seconds(pipeline.timeout) if pipeline.timeout else None,
            "parallelism": pipeline.parallelism,
            "volumeClaimTemplates": [claim(volume) for volume in templates.volumes],
            "templates": list(templates.templates),
        }
    )


def _argument(given: Input) -> Node:
    value = "" if given.optional and given.default is None else given.default
    enum = (*given.enum, "") if given.enum and value == "" and "" not in given.enum else given.enum
    return parameter(given.name, value, enum=list(enum), description=given.description)


def _templates_last(spec: Node) -> Node:
    return {**{key: value for key, value in spec.items() if key != "templates"}, "templates": spec["templates"]}


def _scheduled(node: Node, pipeline: Pipeline) -> Node:
    """The CronWorkflow that starts what a Workflow would run."""
    schedule = pipeline.schedule
    assert schedule is not None
    spec: Node = {"schedules": list(schedule.cron), **dict(schedule.fields)}
    spec["workflowSpec"] = node["spec"]
    passed = dict(pipeline.argo)
    if "cron" in passed:
        spec = merged(spec, plain(passed["cron"]))
    return {**node, "spec": spec}
