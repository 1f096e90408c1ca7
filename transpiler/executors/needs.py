"""What the templates of a run need that an executor, or the supplies, do not have: found before anything starts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from transpiler.engine.protocol import Refusal
from transpiler.executors.supplies import Supplies
from transpiler.plan.argo_objects import Node

Path = tuple[str | int, ...]
Found = Iterator[tuple[Path, str]]

_STORES: Final = ("s3", "gcs", "azure", "oss", "hdfs", "http", "git", "artifactory", "plugin")
_STOOD_IN: Final = frozenset(["s3", "gcs", "azure", "oss", "hdfs", "http", "git"])
_VOLUMES: Final = frozenset(["emptyDir", "ephemeral", "secret", "configMap", "persistentVolumeClaim", "name"])
_FIELDS: Final = frozenset(["metadata.name", "metadata.namespace", "metadata.uid"])
_SUPPLY: Final = {"secret": "--secret", "configMap": "--config-map"}


def unmet(objects: Sequence[Node], supplies: Supplies, *, has_images: bool) -> list[Refusal]:
    """All that is missing, where it is wanted. Names that a run puts together are not known yet, and pass."""
    found = []
    stored = frozenset(_stored(objects))
    for number, each in enumerate(objects):
        spec, path = _spec(each)
        for place, message in _of_spec(spec, path, supplies, stored, has_images=has_images):
            found.append(Refusal(number, place, message))
    return found


def _spec(node: Node) -> tuple[Node, Path]:
    spec: Any = node.get("spec") or {}
    if "workflowSpec" in spec:
        return spec["workflowSpec"], ("spec", "workflowSpec")
    return spec, ("spec",)


def _of_spec(spec: Node, path: Path, supplies: Supplies, stored: frozenset[str], *, has_images: bool) -> Found:
    yield from _volumes(spec, path, supplies)
    for index, each in enumerate((spec.get("arguments") or {}).get("artifacts") or ()):
        yield from _location(each, (*path, "arguments", "artifacts", index), supplies, stored)
    for index, template in enumerate(spec.get("templates") or ()):
        yield from _template(template, (*path, "templates", index), supplies, stored, has_images=has_images)
    if spec.get("templateDefaults"):
        yield from _template(spec["templateDefaults"], (*path, "templateDefaults"), supplies, stored, has_images=True)


def _template(template: Node, path: Path, supplies: Supplies, stored: frozenset[str], *, has_images: bool) -> Found:
    yield from _volumes(template, path, supplies)
    for index, each in enumerate((template.get("inputs") or {}).get("artifacts") or ()):
        yield from _location(each, (*path, "inputs", "artifacts", index), supplies, stored)
    if template.get("containerSet"):
        yield (*path, "containerSet"), "several containers in a pod need a cluster"
    for kind in ("container", "script"):
        container = template.get(kind)
        if container:
            yield from _variables(container, (*path, kind), supplies)
            if not has_images and not container.get("command"):
                image = container.get("image", "")
                what = f"there is no `command`, so the image `{image}` says what runs"
                yield (*path, kind), f"{what}: use --executor docker or podman"


def _location(artifact: Node, path: Path, supplies: Supplies, stored: frozenset[str]) -> Found:
    """A file that comes from a store."""
    for kind in _STORES:
        if artifact.get(kind) is None or (kind in _STOOD_IN and _is_of_the_run(artifact[kind], stored)):
            continue
        if kind not in _STOOD_IN:
            yield (*path, kind), "no folder can stand in for this store"
        elif supplies.locations is None:
            yield (*path, kind), "it is in a store: name a folder that stands in for it with --store FOLDER"


def _is_of_the_run(location: Any, stored: frozenset[str]) -> bool:
    """True for a key that a task of the run stores, or may store."""
    key = location.get("key") if isinstance(location, dict) else None
    return isinstance(key, str) and ("{{" in key or key in stored)


def _stored(objects: Sequence[Node]) -> Iterator[str]:
    """The keys that tasks store by themselves."""
    for each in objects:
        for template in _spec(each)[0].get("templates") or ():
            for artifact in (template.get("outputs") or {}).get("artifacts") or ():
                for kind in _STOOD_IN & artifact.keys():
                    yield str(artifact[kind].get("key", ""))


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
            yield place, "it comes from the pod, and there is none on this machine"


def _kept(kind: str, name: Any, path: Path, supplies: Supplies, key: Any = None) -> Found:
    if not isinstance(name, str) or "{{" in name:
        return
    noun, option = ("Secret" if kind == "secret" else "ConfigMap"), _SUPPLY[kind]
    values = supplies.kept(kind, name)
    if values is None:
        yield path, f"no values are given for the {noun} `{name}`: {option} {name}=FILE"
    elif isinstance(key, str) and "{{" not in key and key not in values:
        yield path, f"what is given for the {noun} `{name}` has no key `{key}`"
