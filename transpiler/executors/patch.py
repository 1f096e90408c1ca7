"""`podSpecPatch`: what it changes of the program of a pod, as Kubernetes' strategic merge does; the rest is refused.

Fields that say to a cluster where and with what a pod runs have no meaning on one machine.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from msgspec.structs import replace

from transpiler.engine.protocol import Pod
from transpiler.executors.errors import TaskError
from transpiler.plan.argo_objects import Node
from transpiler.read.plain_data import plain_of_text

KEY: Final = "podSpecPatch"
OF_RUN: Final = "workflow.podSpecPatch"
"""Where `Pod.spec` has that of the Workflow, which comes before that of the template."""
_MERGED: Final = {"env": "name", "volumeMounts": "mountPath", "volumes": "name", "containers": "name"}
"""Lists whose entries Kubernetes merges, by this field of theirs; other lists are replaced."""
_OF_PROGRAM: Final = frozenset("name image command args env envFrom workingDir volumeMounts".split())
_OF_CLUSTER: Final = frozenset(
    "resources ports securityContext imagePullPolicy terminationMessagePath terminationMessagePolicy tty stdin "
    "stdinOnce readinessProbe livenessProbe startupProbe resizePolicy".split()
)
_POD_OF_CLUSTER: Final = frozenset(
    "nodeSelector nodeName affinity tolerations topologySpreadConstraints priorityClassName priority preemptionPolicy "
    "schedulerName schedulingGates readinessGates securityContext serviceAccountName serviceAccount overhead resources "
    "automountServiceAccountToken hostNetwork hostname subdomain setHostnameAsFQDN dnsPolicy dnsConfig hostAliases "
    "imagePullSecrets runtimeClassName enableServiceLinks terminationGracePeriodSeconds resourceClaims os".split()
)
_OF_ARGO: Final = frozenset(["wait", "init"])
"""Containers of Argo, which are not here."""


def patched(pod: Pod) -> Pod:
    """A pod with the patches of the Workflow and its template in its fields. Raises TaskError."""
    for key in (OF_RUN, KEY):
        if pod.spec.get(key):
            pod = _with(pod, _read(str(pod.spec[key])))
    return pod


def faults(text: str, containers: frozenset[str]) -> Iterator[str]:
    """What a patch wants that cannot be done on one machine; nothing yet for one that has to be put together."""
    try:
        patch = _read(text)
    except TaskError as error:
        if "{{" not in text:
            yield str(error)
        return
    yield from _faults(patch, containers)


def _read(text: str) -> Node:
    found = plain_of_text(text)
    if not isinstance(found, dict):
        raise TaskError("`podSpecPatch` is not a text that contains a YAML mapping")
    return found


def _faults(patch: Node, containers: frozenset[str]) -> Iterator[str]:
    if any(str(key).startswith("$") for key in _keys(patch)):
        yield "directives such as `$patch` need a cluster"
    for key, value in patch.items():
        if key in {"containers", "initContainers"}:
            for each in value if isinstance(value, list) else [value]:
                yield from _container_faults(each if isinstance(each, dict) else {}, containers)
        elif key not in _POD_OF_CLUSTER | {"volumes", "activeDeadlineSeconds"}:
            yield f"a patch of `{key}` needs a cluster"


def _container_faults(container: Node, containers: frozenset[str]) -> Iterator[str]:
    name = container.get("name")
    if name in _OF_ARGO:
        return
    if name not in containers:
        yield f"there is no container `{name}` to patch, and one beside the program needs a cluster"
        return
    for key in container.keys() - _OF_PROGRAM - _OF_CLUSTER:
        yield f"a patch of `{key}` of a container needs a cluster"


def _keys(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        yield from value
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _keys(each)


def containers_of(template: Node) -> frozenset[str]:
    """The names of the containers of a template in its pod."""
    found = (template.get("containerSet") or {}).get("containers")
    return frozenset(str(each.get("name")) for each in found) if found else frozenset(["main"])


def _with(pod: Pod, patch: Node) -> Pod:
    for fault in _faults(patch, containers_of(pod.spec)):
        raise TaskError(f"`podSpecPatch`: {fault}")
    spec = dict(pod.spec)
    for each in patch.get("containers") or ():
        spec = _with_container(spec, each)
    if patch.get("volumes"):
        spec["volumes"] = _merged(spec.get("volumes") or [], patch["volumes"], "volumes")
    deadline = patch.get("activeDeadlineSeconds")
    return replace(pod, spec=spec, deadline=pod.deadline if deadline is None else float(deadline))


def _with_container(spec: Node, patch: Node) -> Node:
    change = {key: value for key, value in patch.items() if key in _OF_PROGRAM - {"name"}}
    for kind in ("container", "script"):
        if spec.get(kind) and patch["name"] == "main":
            return {**spec, kind: _merged(spec[kind], change, kind)}
    found = (spec.get("containerSet") or {}).get("containers") or []
    changed = [_merged(each, change, "") if each["name"] == patch["name"] else each for each in found]
    return {**spec, "containerSet": {**spec["containerSet"], "containers": changed}} if found else spec


def _merged(old: Any, new: Any, key: str) -> Any:
    """A strategic merge; None takes a field away."""
    if isinstance(old, dict) and isinstance(new, dict):
        both = {**old, **{name: _merged(old.get(name), value, name) for name, value in new.items()}}
        return {name: value for name, value in both.items() if value is not None}
    if isinstance(old, list) and isinstance(new, list) and key in _MERGED:
        return _merged_list(old, new, _MERGED[key])
    return new


def _merged_list(old: list[Node], new: list[Node], name: str) -> list[Node]:
    """The entries of two lists: those of the new one in its order, and others in front of the first that was behind."""
    place = {each.get(name): number for number, each in enumerate(old)}
    before = {each.get(name): each for each in old}
    changes = [_merged(before.get(each.get(name), {}), each, "") for each in new]
    changed = {each.get(name) for each in new}
    left = [each for each in old if each.get(name) not in changed]
    found: list[Node] = []
    for each in changes:
        while left and place[left[0].get(name)] < place.get(each.get(name), -1):
            found.append(left.pop(0))
        found.append(each)
    return [*found, *left]
