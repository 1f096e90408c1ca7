"""The container of a pod → the program to run: its words, variables, folder, and the folders that it is given."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from msgspec import Struct

from transpiler.engine.protocol import Pod
from transpiler.executors.errors import TaskError, reason
from transpiler.executors.kubelet import expanded, staged
from transpiler.executors.supplies import Supplies
from transpiler.executors.tree import Tree
from transpiler.plan.argo_objects import Node

SCRIPT: Final = "/argo/staging/script"
"""Where Argo puts the source of a script."""


class Program(Struct, frozen=True):
    """What a container runs."""

    image: str
    command: tuple[str, ...]
    """Empty for that of the image."""
    arguments: tuple[str, ...]
    environment: dict[str, str]
    folder: str
    """The working folder; empty for that of the image."""
    source: str | None
    """The source of a script, which is in the file `SCRIPT`."""


def container_of(pod: Pod) -> Node:
    """The container of a pod, or the script, which is one too."""
    found: Node = pod.spec.get("container") or pod.spec.get("script") or {}
    return found


def program_of(pod: Pod, supplies: Supplies) -> Program:
    """The program of a pod. Raises TaskError."""
    container = container_of(pod)
    environment = dict(_variables(container, pod, supplies))
    words = [[expanded(str(each), environment) for each in container.get(key, ())] for key in ("command", "args")]
    source = staged(str(container["source"]), pod.spec) if "script" in pod.spec and container.get("source") else None
    if source is not None:
        words[1].append(SCRIPT)
    folder, image = str(container.get("workingDir", "")), str(container.get("image", ""))
    return Program(image, tuple(words[0]), tuple(words[1]), environment, folder, source)


def _variables(container: Node, pod: Pod, supplies: Supplies) -> Iterator[tuple[str, str]]:
    known: dict[str, str] = {}
    for each in container.get("envFrom", ()):
        known |= _all_of(each, supplies)
    for each in container.get("env", ()):
        value = _referred(each["valueFrom"], pod, supplies) if "valueFrom" in each else str(each.get("value", ""))
        if value is not None:
            known[each["name"]] = value if "valueFrom" in each else expanded(value, known)
    yield from known.items()


def _all_of(source: Node, supplies: Supplies) -> dict[str, str]:
    kind = "secret" if "secretRef" in source else "configMap"
    reference = source[f"{kind}Ref"]
    found = supplies.kept(kind, reference.get("name", ""))
    if found is None:
        if reference.get("optional"):
            return {}
        raise TaskError(f"no values are given for the {kind} `{reference.get('name', '')}`")
    return {source.get("prefix", "") + key: value.decode("utf-8", "replace") for key, value in found.items()}


def _referred(source: Node, pod: Pod, supplies: Supplies) -> str | None:
    """The value that a variable takes from elsewhere; None for an optional one that is not there."""
    for kind in ("secret", "configMap"):
        if (reference := source.get(f"{kind}KeyRef")) is not None:
            found = (supplies.kept(kind, reference.get("name", "")) or {}).get(reference.get("key", ""))
            if found is None and not reference.get("optional"):
                raise TaskError(f"the {kind} `{reference.get('name')}` has no key `{reference.get('key')}`")
            return None if found is None else found.decode("utf-8", "replace")
    field = source.get("fieldRef", {}).get("fieldPath", "")
    known = {"metadata.name": pod.node, "metadata.namespace": "default", "metadata.uid": pod.node}
    if field not in known:
        raise TaskError(f"there is no `{field or next(iter(source), '')}` on this machine")
    return known[field]


# ---------------------------------------------------------------------- volumes


def mounts_of(pod: Pod, supplies: Supplies, work: Path) -> dict[str, Path]:
    """Path as the container sees it → the folder or file that it mounts there; made if need be. Raises TaskError."""
    own = {each["name"]: each for each in pod.spec.get("volumes", ())}
    found: dict[str, Path] = {}
    for mount in container_of(pod).get("volumeMounts", ()):
        name = str(mount["name"])
        volume = own.get(name) or supplies.volumes.get(name)
        if volume is None:
            raise TaskError(f"there is no volume `{name}`")
        place = _volume(volume, supplies, work)
        part = str(mount.get("subPath", ""))
        found[str(mount["mountPath"])] = _part(place, part) if part else place
    return found


def claims_of(pod: Pod) -> list[str]:
    """The paths at which a container of a pod has a claim: what is there is of the run, not of the task."""
    spec = pod.spec
    claims = {str(each.get("name")) for each in spec.get("volumes") or () if each.get("persistentVolumeClaim")}
    group = spec.get("containerSet") or {}
    own = [spec.get("container") or {}, spec.get("script") or {}, group]
    holders = [*own, *(group.get("containers") or ()), *(spec.get("initContainers") or ())]
    mounts = [mount for holder in holders for mount in holder.get("volumeMounts") or ()]
    return [str(each.get("mountPath")) for each in mounts if str(each.get("name")) in claims]


def _part(place: Path, part: str) -> Path:
    """A folder or file of a volume."""
    here = Tree(place, {}).make(f"/{part}")
    if here.is_symlink():
        raise TaskError(f"`{part}` is a link")
    if not here.exists():
        here.mkdir(exist_ok=True)
    return here


def _volume(volume: Node, supplies: Supplies, work: Path) -> Path:
    """The folder of a volume."""
    name = _plain(volume["name"])
    if (claim := volume.get("persistentVolumeClaim")) is not None:
        place = supplies.claims / _plain(claim["claimName"])
    else:
        place = work / "volumes" / name
    try:
        place.mkdir(parents=True, exist_ok=True)
        for kind, key in (("secret", "secretName"), ("configMap", "name")):
            if kind in volume:
                _write_all(place, kind, volume[kind].get(key, ""), volume[kind], supplies)
    except OSError as error:
        raise TaskError(f"the volume `{name}` cannot be made: {reason(error)}") from error
    return place


def _write_all(place: Path, kind: str, name: str, source: Node, supplies: Supplies) -> None:
    """Write the keys of a Secret or ConfigMap as files, which only this user reads."""
    values: Mapping[str, bytes] | None = supplies.kept(kind, name)
    if values is None and not source.get("optional"):
        raise TaskError(f"no values are given for the {kind} `{name}`")
    items: Any = source.get("items")
    paths = {each["key"]: each["path"] for each in items} if items else {key: key for key in values or {}}
    for key, path in paths.items():
        if key not in (values or {}):
            raise TaskError(f"the {kind} `{name}` has no key `{key}`")
        target = Tree(place, {}).make(f"/{path}")
        with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600), "wb") as file:
            file.write((values or {})[key])


def _plain(name: object) -> str:
    text = str(name)
    if not text or "/" in text or text.startswith(".") or "\0" in text:
        raise TaskError(f"`{text}` is no name of a volume")
    return text
