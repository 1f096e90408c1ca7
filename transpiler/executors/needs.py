"""What the templates of a run need that an executor, or the supplies, do not have: found before anything starts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from transpiler.engine.protocol import Refusal
from transpiler.engine.sources import key_of, source_of
from transpiler.executors.patch import containers_of, faults
from transpiler.executors.sets import shared_at_once
from transpiler.executors.supplies import Supplies
from transpiler.plan.argo_objects import Node, spec_path, workflow_spec
from transpiler.plan.argo_templates import Path, ports, templates

Found = Iterator[tuple[Path, str]]

_BEYOND: Final = ("artifactory", "plugin")
"""Stores that nothing stands in for."""
_STOOD_IN: Final = ("s3", "gcs", "azure", "oss", "hdfs", "http", "git")
_VOLUMES: Final = frozenset(["emptyDir", "ephemeral", "secret", "configMap", "persistentVolumeClaim", "name"])
_FIELDS: Final = frozenset(["metadata.name", "metadata.namespace", "metadata.uid"])
_SUPPLY: Final = {"secret": "--secret", "configMap": "--config-map"}


def unmet(objects: Sequence[Node], supplies: Supplies, *, has_images: bool) -> list[Refusal]:
    """All that is missing, where it is wanted. Names that a run puts together are not known yet, and pass."""
    found = []
    stored = frozenset(_stored(objects))
    for number, each in _with_spec(objects):
        for place, message in _of_spec(workflow_spec(each), spec_path(each), supplies, stored, has_images=has_images):
            found.append(Refusal(number, place, message))
    return found


def _with_spec(objects: Sequence[Node]) -> list[tuple[int, Node]]:
    return [(number, each) for number, each in enumerate(objects) if each.get("spec")]


def _of_spec(spec: Node, path: Path, supplies: Supplies, stored: frozenset[str], *, has_images: bool) -> Found:
    yield from _volumes(spec, path, supplies)
    yield from _semaphores(spec, path, supplies)
    found = [containers_of(template) for template, _ in templates(spec, path)]
    yield from _patch(spec, path, frozenset(["main"]).union(*found))
    for given, place in ports(spec, path):
        yield from _ports(given, place, supplies, stored)
    for template, place in templates(spec, path):
        yield from _template(template, place, supplies, has_images=has_images)
    if spec.get("templateDefaults"):
        yield from _template(spec["templateDefaults"], (*path, "templateDefaults"), supplies, has_images=True)


def _ports(given: Node, path: Path, supplies: Supplies, stored: frozenset[str]) -> Found:
    """What is passed or taken, and comes from outside of the run."""
    for index, each in enumerate(given.get("artifacts") or ()):
        yield from _location(each, (*path, "artifacts", index), supplies, stored)
    for index, each in enumerate(given.get("parameters") or ()):
        source = each.get("valueFrom") or {}
        reference = source.get("configMapKeyRef")
        if reference and source.get("default") is None and each.get("value") is None:
            place = (*path, "parameters", index, "valueFrom")
            yield from _kept("configMap", reference.get("name"), place, supplies, reference.get("key"))


def _semaphores(owner: Node, path: Path, supplies: Supplies) -> Found:
    for index, each in enumerate((owner.get("synchronization") or {}).get("semaphores") or ()):
        reference = each.get("configMapKeyRef") or {}
        place = (*path, "synchronization", "semaphores", index)
        yield from _kept("configMap", reference.get("name"), place, supplies, reference.get("key"))


def _template(template: Node, path: Path, supplies: Supplies, *, has_images: bool) -> Found:
    yield from _volumes(template, path, supplies)
    yield from _semaphores(template, path, supplies)
    yield from _patch(template, path, containers_of(template))
    for index, each in enumerate((template.get("outputs") or {}).get("artifacts") or ()):
        yield from _beyond(each, (*path, "outputs", "artifacts", index))
    for kind in ("container", "script"):
        if template.get(kind):
            yield from _container(template[kind], (*path, kind), supplies, has_images=has_images)
    for index, each in enumerate(template.get("initContainers") or ()):
        yield from _container(each, (*path, "initContainers", index), supplies, has_images=has_images)
    if template.get("containerSet"):
        yield from _set(template, (*path, "containerSet"), supplies, has_images=has_images)


def _set(template: Node, path: Path, supplies: Supplies, *, has_images: bool) -> Found:
    for index, each in enumerate(template["containerSet"].get("containers") or ()):
        yield from _container(each, (*path, "containers", index), supplies, has_images=has_images)
    for volume in shared_at_once(template) if has_images else ():
        what = f"containers that may run at the same time have the volume `{volume}`, and would get copies of it"
        yield path, f"{what}: use --executor process"


def _container(container: Node, path: Path, supplies: Supplies, *, has_images: bool) -> Found:
    yield from _variables(container, path, supplies)
    if not has_images and not container.get("command"):
        what = f"there is no `command`, so the image `{container.get('image', '')}` says what runs"
        yield path, f"{what}: use --executor docker or podman"


def _beyond(artifact: Node, path: Path) -> Found:
    for kind in _BEYOND:
        if artifact.get(kind) is not None:
            yield (*path, kind), "no folder can stand in for this store"


def _patch(owner: Node, path: Path, containers: frozenset[str]) -> Found:
    for fault in faults(str(owner["podSpecPatch"]), containers) if owner.get("podSpecPatch") else ():
        yield (*path, "podSpecPatch"), fault


def _location(artifact: Node, path: Path, supplies: Supplies, stored: frozenset[str]) -> Found:
    """A file that comes from a store."""
    yield from _beyond(artifact, path)
    if supplies.locations is not None or artifact.get("optional"):
        return
    for kind in _STOOD_IN:
        if artifact.get(kind) is not None and not _is_of_the_run({kind: artifact[kind]}, stored):
            yield (*path, kind), "it is in a store: name a folder that stands in for it with --store FOLDER"


def _is_of_the_run(artifact: Node, stored: frozenset[str]) -> bool:
    """True for a file, or folder of files, that tasks of the run store, or may store."""
    key = _key(artifact)
    return "{{" in key or any(each == key or each.startswith(f"{key.rstrip('/')}/") for each in stored)


def _stored(objects: Sequence[Node]) -> Iterator[str]:
    """The keys that tasks store by themselves."""
    for _, each in _with_spec(objects):
        for template, _ in templates(workflow_spec(each), ()):
            for artifact in (template.get("outputs") or {}).get("artifacts") or ():
                if artifact.keys() & _STOOD_IN:
                    yield _key(artifact)


def _key(artifact: Node) -> str:
    return key_of(source_of(artifact) or {})


def _volumes(owner: Node, path: Path, supplies: Supplies) -> Found:
    for index, volume in enumerate(owner.get("volumes") or ()):
        place = (*path, "volumes", index)
        for kind in volume.keys() - _VOLUMES:
            yield (*place, kind), f"a volume of the kind `{kind}` needs a cluster"
        for kind, key in (("secret", "secretName"), ("configMap", "name")):
            if kind in volume and not volume[kind].get("optional"):
                yield from _kept(kind, volume[kind].get(key), (*place, kind), supplies)


def _variables(container: Node, path: Path, supplies: Supplies) -> Found:
    for index, each in enumerate(container.get("envFrom") or ()):
        for kind in ("secret", "configMap"):
            reference = each.get(f"{kind}Ref")
            if reference and not reference.get("optional"):
                yield from _kept(kind, reference.get("name"), (*path, "envFrom", index), supplies)
    for index, each in enumerate(container.get("env") or ()):
        source: Mapping[str, Any] = each.get("valueFrom") or {}
        place = (*path, "env", index, "valueFrom")
        for kind in ("secret", "configMap"):
            reference = source.get(f"{kind}KeyRef")
            if reference and not reference.get("optional"):
                yield from _kept(kind, reference.get("name"), place, supplies, reference.get("key"))
        if "resourceFieldRef" in source or (
            "fieldRef" in source and source["fieldRef"].get("fieldPath") not in _FIELDS
        ):
            field = source.get("fieldRef") or source.get("resourceFieldRef") or {}
            told = field.get("fieldPath") or field.get("resource") or ""
            yield place, f"`{each.get('name', '')}` is the pod's `{told}`, and there is no pod on this machine"


def _kept(kind: str, name: Any, path: Path, supplies: Supplies, key: Any = None) -> Found:
    if not isinstance(name, str) or "{{" in name:
        return
    noun, option = ("Secret" if kind == "secret" else "ConfigMap"), _SUPPLY[kind]
    values = supplies.kept(kind, name)
    if values is None:
        yield path, f"no values are given for the {noun} `{name}`: {option} {name}=FILE"
    elif isinstance(key, str) and "{{" not in key and key not in values:
        yield path, f"what is given for the {noun} `{name}` has no key `{key}`"
