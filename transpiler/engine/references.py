"""Templates that objects name and nobody has given: a cluster may have them, this machine has not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from transpiler.engine.protocol import Refusal
from transpiler.plan.argo_objects import Node, spec_path, workflow_spec
from transpiler.plan.argo_templates import Path, calls, hooks, templates

_SHARED: Final = {"WorkflowTemplate": False, "ClusterWorkflowTemplate": True}
"""Kind of object → whether `clusterScope` names it."""
Shared = Mapping[tuple[str, bool], frozenset[str]]
Found = Iterator[tuple[Path, str]]


def unknown_templates(objects: Sequence[Node]) -> list[Refusal]:
    """All that is missing, where it is named. Names with tags are not known before the run."""
    shared = {
        (str((each.get("metadata") or {}).get("name", "")), _SHARED[each["kind"]]): _names(workflow_spec(each))
        for each in objects
        if each.get("kind") in _SHARED
    }
    return [
        Refusal(number, path, message)
        for number, each in enumerate(objects)
        if "spec" in each
        for path, message in _of_spec(workflow_spec(each), spec_path(each), shared)
    ]


def _names(spec: Node) -> frozenset[str]:
    return frozenset(str(each.get("name", "")) for each in spec.get("templates") or ())


def _of_spec(spec: Node, path: Path, shared: Shared) -> Found:
    names = _names(spec)
    reference = spec.get("workflowTemplateRef")
    if reference:
        missing = list(_absent(reference, (*path, "workflowTemplateRef"), shared))
        yield from missing
        if missing:
            return
        names |= shared.get(_key(reference), frozenset())
    for field in ("entrypoint", "onExit"):
        yield from _named(spec.get(field), (*path, field), names)
    for holder, place in _holders(spec, path):
        yield from _named(holder.get("template"), (*place, "template"), names)
        yield from _named(holder.get("onExit"), (*place, "onExit"), names)
        if holder.get("templateRef"):
            yield from _absent(holder["templateRef"], (*place, "templateRef"), shared)


def _holders(spec: Node, path: Path) -> Iterator[tuple[Node, Path]]:
    yield from hooks(spec, path)
    for template, place in templates(spec, path):
        for call, where in calls(template, place):
            yield call, where
            yield from hooks(call, where)


def _key(reference: Node) -> tuple[str, bool]:
    return str(reference.get("name", "")), bool(reference.get("clusterScope"))


def _absent(reference: Node, path: Path, shared: Shared) -> Found:
    name, is_cluster = _key(reference)
    template = reference.get("template")
    if "{{" in name:
        return
    kind = "ClusterWorkflowTemplate" if is_cluster else "WorkflowTemplate"
    if (name, is_cluster) not in shared:
        yield path, f"the {kind} `{name}` is in a cluster: a file in Argo's own YAML may have it too, behind `---`"
    elif template and "{{" not in template and template not in shared[name, is_cluster]:
        yield (*path, "template"), f"the {kind} `{name}` has no template `{template}`"


def _named(name: Any, path: Path, names: frozenset[str]) -> Found:
    if isinstance(name, str) and name and "{{" not in name and name not in names:
        yield path, f"there is no template `{name}`"
