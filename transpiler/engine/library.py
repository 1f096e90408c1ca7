"""The objects of a run: its Workflow, the templates that it calls, and ConfigMaps. Finds the template of a call."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from msgspec import Struct, field

from transpiler.argo.merge import merged
from transpiler.argo.template_kinds import KINDS
from transpiler.engine.errors import CallError
from transpiler.engine.normal import normal
from transpiler.plan.argo_objects import Node, identity

_KINDS: Final = frozenset(KINDS)
_OF_TEMPLATES: Final = {"WorkflowTemplate": "namespaced", "ClusterWorkflowTemplate": "cluster"}


class Context(Struct, frozen=True):
    """Where the names of templates are looked up: in the run itself, or in an object in the cluster."""

    scope: str
    """As Argo writes it: `local/my-run`, `namespaced/my-library`."""
    templates: dict[str, Node]


class Library(Struct):
    """All objects, by name."""

    spec: Node
    metadata: Node
    local: Context
    shared: dict[str, Context]
    config_maps: dict[str, dict[str, str]]
    defaults: Node
    stored: Node | None = None
    """The whole spec, where the Workflow itself only names a template in the cluster."""
    own: Node = field(default_factory=dict)
    """The Workflow as it was given."""
    has_hooks: bool = False
    """True if something has hooks, which Argo asks about each time that it looks at the run."""
    asks_duration: bool = False
    """True if something asks how long the run takes, which is another text each time."""
    inline: dict[str, Node] = field(default_factory=dict)
    """Templates that stand in tasks: one object for equal ones, by which what is derived of a template is kept."""
    made: dict[int, Node] = field(default_factory=dict)

    def resolve(self, holder: Node, context: Context) -> tuple[Context, Node]:
        """The template of a task, with defaults, and where it looks up names. Raises CallError."""
        reference = holder.get("templateRef")
        if holder.get("inline"):
            return context, self._with_defaults(self.inline.setdefault(identity(holder["inline"]), holder["inline"]))
        if reference:
            context = self._shared(reference)
            found = context.templates.get(reference.get("template", ""))
            if found is None:
                raise CallError(
                    f"template {reference.get('template', '')} not found in workflow template {reference['name']}"
                )
            return context, self._with_defaults(found)
        name = holder.get("template") or ""
        if not name:
            raise CallError("failed to get a template")
        if name not in context.templates:
            raise CallError(f"template {name} not found")
        return context, self._with_defaults(context.templates[name])

    def _shared(self, reference: Node) -> Context:
        kind = "cluster" if reference.get("clusterScope") else "namespaced"
        found = self.shared.get(f"{kind}/{reference.get('name', '')}")
        if found is None:
            raise CallError(f"workflow template {reference.get('name', '')} not found")
        return found

    def _with_defaults(self, template: Node) -> Node:
        if not self.defaults:
            return template
        if id(template) not in self.made:
            kind = kind_of(template)
            applicable = {key: value for key, value in self.defaults.items() if key not in KINDS or key == kind}
            self.made[id(template)] = merged(applicable, template)
        return self.made[id(template)]


def kind_of(template: Node) -> str:
    """Which kind of template it is: `dag`, `container`, …; empty if it is none."""
    return next((key for key, value in template.items() if key in _KINDS and value is not None), "")


def library(objects: Sequence[Node], arguments: Mapping[str, str], run: str) -> Library:
    """The objects of a run, with its arguments. The Workflow is the last that can run."""
    shared: dict[str, Node] = {}
    config_maps: dict[str, dict[str, str]] = {}
    workflow: Node | None = None
    of_template: Node | None = None
    for each in map(normal, objects):
        kind, metadata = each.get("kind"), each.get("metadata") or {}
        name = metadata.get("name", "")
        if kind == "Workflow":
            workflow = each
        elif kind == "CronWorkflow":
            workflow = {"metadata": each["spec"].get("workflowMetadata") or {}, "spec": each["spec"]["workflowSpec"]}
        elif kind in _OF_TEMPLATES:
            shared[f"{_OF_TEMPLATES[kind]}/{name}"] = each["spec"]
            of_template = {"metadata": {}, "spec": {"workflowTemplateRef": _reference(kind, name)}}
        elif kind == "ConfigMap":
            config_maps[name] = each.get("data") or {}
    return _library(workflow or of_template or {}, shared, config_maps, arguments, run)


def _reference(kind: str, name: str) -> Node:
    return {"name": name, **({"clusterScope": True} if kind == "ClusterWorkflowTemplate" else {})}


def _library(
    workflow: Node,
    shared: Mapping[str, Node],
    config_maps: dict[str, dict[str, str]],
    arguments: Mapping[str, str],
    run: str,
) -> Library:
    spec: Node = with_arguments(workflow.get("spec") or {}, arguments)
    reference = spec.get("workflowTemplateRef")
    stored = None
    if reference:
        kind = "cluster" if reference.get("clusterScope") else "namespaced"
        base = shared.get(f"{kind}/{reference.get('name', '')}", {})
        own = {key: value for key, value in spec.items() if key != "workflowTemplateRef"}
        spec = stored = merged(base, own)
    contexts = {name: _context(name, each) for name, each in shared.items()}
    return Library(
        spec,
        workflow.get("metadata") or {},
        _context("local/" if reference else f"local/{run}", spec),
        contexts,
        config_maps,
        spec.get("templateDefaults") or {},
        stored,
        workflow,
        _has_hooks([spec, *shared.values()]),
        "duration" in json.dumps([spec, *shared.values()]),
    )


def _has_hooks(data: Any) -> bool:
    if isinstance(data, dict):
        hooks = data.get("hooks")
        return bool(isinstance(hooks, dict) and hooks.keys() - {"exit"}) or any(map(_has_hooks, data.values()))
    return isinstance(data, list) and any(map(_has_hooks, data))


def _context(scope: str, spec: Node) -> Context:
    metadata = spec.get("podMetadata")
    templates = {each.get("name", ""): each for each in spec.get("templates") or []}
    if metadata:
        templates = {name: {**each, "metadata": _under(metadata, each)} for name, each in templates.items()}
    return Context(scope, templates)


def _under(metadata: Node, template: Node) -> Node:
    own = template.get("metadata") or {}
    return {
        key: {**(metadata.get(key) or {}), **(own.get(key) or {})}
        for key in ("labels", "annotations")
        if metadata.get(key) or own.get(key)
    }


def with_arguments(spec: Node, arguments: Mapping[str, str]) -> Node:
    """A spec whose arguments have other values."""
    if not arguments:
        return spec
    given: Node = dict(spec.get("arguments") or {})
    parameters: list[Node] = [dict(each) for each in given.get("parameters") or []]
    places: dict[Any, Node] = {each.get("name"): each for each in parameters}
    for name, value in sorted(arguments.items()):
        if name in places:
            places[name].pop("valueFrom", None)
            places[name]["value"] = value
        else:
            parameters.append({"name": name, "value": value})
    return {**spec, "arguments": {**given, "parameters": parameters}}
