"""The object around the templates: Workflow, WorkflowTemplate, ClusterWorkflowTemplate or CronWorkflow."""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from transpiler.argo.limits import MAX_CRON_NAME
from transpiler.argo.merge import merged
from transpiler.argo.naming import kebab, shortened
from transpiler.argo.quantities import seconds
from transpiler.dataflow.instances import Dataflow, Instance
from transpiler.model.argo_data import Slot, filled
from transpiler.model.pipeline import Pipeline
from transpiler.model.ports import Input
from transpiler.model.template import WorkflowTemplateRef
from transpiler.plan.argo_objects import Node, artifact, ports, without_empty, workflow_spec
from transpiler.plan.expressions.tags import Tags
from transpiler.plan.passes.images import Images
from transpiler.plan.sources import with_tags
from transpiler.plan.templates.entry import argument
from transpiler.plan.templates.planner import Templates, plan_templates
from transpiler.plan.templates.template_settings import claim
from transpiler.read.plain_data import plain
from transpiler.read.yaml.nodes import Map

KINDS: Final = ("Workflow", "WorkflowTemplate", "ClusterWorkflowTemplate", "CronWorkflow")
CALLED: Final = ("WorkflowTemplate", "ClusterWorkflowTemplate")
"""The kinds whose templates other Workflows call."""
MAX_GENERATED: Final = 57
"""Kubernetes adds five characters to `generateName`, which ends in `-`, and a Workflow's name has 63 at most."""


def build_object(pipeline: Pipeline, traced: Dataflow, kind: str, images: Images) -> Node:
    """The object of that kind that runs the pipeline."""
    templates = plan_templates(pipeline, traced, _of_the_run(pipeline, kind), images, is_called=kind in CALLED)
    if pipeline.artifacts is not None:
        from transpiler.plan.passes.volume_passing import on_a_volume  # noqa: PLC0415 - rare

        templates = on_a_volume(templates, pipeline.artifacts)
    templates = replace(templates, templates=tuple(map(with_tags, templates.templates)))
    passed, tags = dict(pipeline.argo), _tags_of_the_run(pipeline, traced.entry)
    node: Node = {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": kind,
        "metadata": _metadata(pipeline, kind, kebab(pipeline.name, "pipeline")),
        "spec": _spec(pipeline, templates, tags),
    }
    if "metadata" in passed:
        node["metadata"] = merged(_nameless(node["metadata"], passed["metadata"]), plain(passed["metadata"]))
    if "spec" in passed:
        node["spec"] = merged(node["spec"], _passed_spec(passed["spec"], pipeline, tags))
    of_runs = without_empty({"labels": dict(pipeline.labels), "annotations": dict(sorted(pipeline.annotations))})
    if kind != "Workflow" and of_runs:
        node["spec"] = merged({"workflowMetadata": of_runs}, node["spec"])
    return _scheduled(node, pipeline) if kind == "CronWorkflow" else node


def _nameless(made: Node, given: Map) -> Node:
    """The metadata without the name that it made up, where the user gives one: an object has one or the other."""
    own = {"name", "generateName"} & given.keys()
    return {key: value for key, value in made.items() if not own or key not in {"name", "generateName"}}


def _tags_of_the_run(pipeline: Pipeline, entry: Instance) -> Tags:
    """The names of the spec: the inputs of the pipeline, as arguments of the run."""
    assert entry.scope is not None
    names = {given.name: given.name for given in pipeline.inputs}
    return Tags(entry.scope, {}, names, {}, frozenset(names), inputs_are_artifacts=False)


def _passed_spec(spec: Map, pipeline: Pipeline, tags: Tags) -> Node:
    """The user's own fields of the spec."""
    slots = (Slot(slot.path[2:], slot.text) for slot in pipeline.slots if slot.path[:2] == ("argo", "spec"))
    passed: Node = filled(plain(spec), slots, tags.written, tags.program)
    return passed


def templates_of(node: Node) -> dict[str, frozenset[str]]:
    """Every template of an object, those from Argo's own fields of the manifest too: name → its fields."""
    return {template["name"]: frozenset(template) for template in workflow_spec(node).get("templates", [])}


def _of_the_run(pipeline: Pipeline, kind: str) -> frozenset[str]:
    """The required inputs of a Workflow.

    The entry DAG takes inputs of its own, so that a template works through `templateRef`. But `argo lint` refuses a
    Workflow whose entry takes an input that has no value before it is submitted.
    """
    return frozenset(given.name for given in pipeline.inputs if kind == "Workflow" and given.required)


def _metadata(pipeline: Pipeline, kind: str, name: str) -> Node:
    generated = {"generateName": f"{name[:MAX_GENERATED].rstrip('-')}-"}
    short = shortened(name, MAX_CRON_NAME) if kind == "CronWorkflow" else name
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


def _spec(pipeline: Pipeline, templates: Templates, tags: Tags) -> Node:
    reference = pipeline.workflow_template
    given = pipeline.inputs
    return without_empty(
        {
            "entrypoint": templates.entrypoint if reference is None else pipeline.entrypoint,
            "workflowTemplateRef": _reference(reference) if reference is not None else None,
            "arguments": ports(
                [argument(each) for each in given if each.artifact is None and not each.hidden],
                [_stored(each, tags) for each in given if each.artifact is not None and each.has_source],
            ),
            "onExit": templates.on_exit,
            "hooks": dict(templates.hooks),
            "activeDeadlineSeconds": seconds(pipeline.timeout) if pipeline.timeout else None,
            "parallelism": pipeline.parallelism.most if pipeline.parallelism else None,
            "volumes": list(templates.mounted),
            "volumeClaimTemplates": [claim(volume) for volume in templates.volumes],
            "templates": list(templates.templates) if reference is None else [],
        }
    )


def _reference(reference: WorkflowTemplateRef) -> Node:
    scope = {"clusterScope": True} if reference.cluster_scope else {}
    return {"name": reference.name, **scope}


def _stored(given: Input, tags: Tags) -> Node:
    """A file that the run takes, and where it is stored."""
    assert given.artifact is not None
    return artifact(given.name, **tags.filled(given.artifact))


def _scheduled(node: Node, pipeline: Pipeline) -> Node:
    """The CronWorkflow that starts the same run as the Workflow."""
    schedule = pipeline.schedule
    assert schedule is not None
    spec: Node = {"schedules": [line for line, _ in schedule.cron], **dict(schedule.fields)}
    spec["workflowSpec"] = node["spec"]
    passed = dict(pipeline.argo)
    if "cron" in passed:
        spec = merged(spec, plain(passed["cron"]))
    return {**node, "spec": spec}
