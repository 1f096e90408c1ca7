"""The objects of the cluster that a run names: Secrets, ConfigMaps, claims and templates that must be there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from transpiler.cluster.doctor.finding import CLUSTER, OK, PROBLEM, Finding
from transpiler.cluster.doctor.queries import Queries, text_at
from transpiler.plan.argo_objects import Node


class Named(NamedTuple):
    """An object by its kind and name."""

    kind: str
    name: str


_BY_KEY: Final = {
    "secretKeyRef": ("Secret", "name"),
    "secretRef": ("Secret", "name"),
    "imagePullSecrets": ("Secret", "name"),
    "secret": ("Secret", "secretName"),
    "configMapKeyRef": ("ConfigMap", "name"),
    "configMapRef": ("ConfigMap", "name"),
    "configMap": ("ConfigMap", "name"),
    "persistentVolumeClaim": ("PersistentVolumeClaim", "claimName"),
}
"""Field → the kind of object that it names, and the field of the name."""


def named_objects(objects: Sequence[Node]) -> list[Named]:
    """Each object once that objects name without making it; names that only a run knows are left out."""
    made = {Named(each["kind"], each["metadata"].get("name", "")) for each in objects}
    found = {each for node in objects for each in _in(node, "") if each.name and "{{" not in each.name}
    return sorted(found - made)


def _in(node: Any, key: str) -> Iterator[Named]:
    if isinstance(node, list):
        for item in node:
            yield from _in(item, key)
    elif isinstance(node, dict):
        yield from _named(node, key)
        for name, value in node.items():
            if name != "manifest":
                yield from _in(value, name)


def _named(node: Node, key: str) -> Iterator[Named]:
    if node.get("optional") is True:
        return
    if key in ("templateRef", "workflowTemplateRef"):
        yield Named(
            "ClusterWorkflowTemplate" if node.get("clusterScope") else "WorkflowTemplate", text_at(node, "name")
        )
    elif key in _BY_KEY:
        kind, field = _BY_KEY[key]
        yield Named(kind, text_at(node, field))
    elif key.endswith("Secret") and {"name", "key"} <= node.keys():
        yield Named("Secret", text_at(node, "name"))


def there(queries: Queries, namespace: str, named: Sequence[Named]) -> Finding:
    """Whether all of them are there. kubectl prints their names alone. Raises ClusterError."""
    missing = [
        each for kind in sorted({each.kind for each in named}) for each in _missing(queries, namespace, named, kind)
    ]
    if not missing:
        return Finding(CLUSTER, "named objects", OK, f"{len(named)} that the manifest names are there")
    shown = ", ".join(f"{each.kind} {each.name}" for each in missing)
    hint = "create them, or correct the names in the manifest; a pod that lacks one waits for it"
    return Finding(CLUSTER, "named objects", PROBLEM, f"missing in {namespace}: {shown}", hint)


def _missing(queries: Queries, namespace: str, named: Sequence[Named], kind: str) -> list[Named]:
    wanted = [each for each in named if each.kind == kind]
    resource = f"{kind.lower()}s.argoproj.io" if kind.endswith("WorkflowTemplate") else f"{kind.lower()}s"
    names = [each.name for each in wanted]
    listed = queries.text("get", resource, *names, "--ignore-not-found", "--output=name", namespace=namespace)
    found = {line.partition("/")[2] for line in listed.splitlines()}
    return [each for each in wanted if each.name not in found]
