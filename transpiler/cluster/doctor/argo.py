"""Argo in a cluster: its resource definitions, its controller, and the repository of files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from transpiler.cluster.doctor.finding import CLUSTER, OK, PROBLEM, UNKNOWN, WARNING, Finding, looked
from transpiler.cluster.doctor.queries import Queries, text_at
from transpiler.cluster.refusals import ClusterError
from transpiler.plan.argo_objects import Node

_KINDS: Final = ("workflows", "workflowtemplates", "cronworkflows", "clusterworkflowtemplates", "workflowtaskresults")
_INSTALL: Final = "install Argo Workflows: https://argo-workflows.readthedocs.io/en/latest/quick-start/"
_UNCHANGED_SINCE: Final = (4, 0)
"""The first version of Argo that reads what is written for the newest, but for the fields that are new in it."""
_STORES: Final = ("s3", "gcs", "azure", "oss", "artifactory", "hdfs", "plugin")
_CONTROLLERS: Final = (
    r'jsonpath={range .items[*]}{.metadata.namespace}{"\t"}{.spec.template.spec.containers[*].image}{"\t"}'
    r'{.status.readyReplicas}{"\n"}{end}'
)
_DEFAULT_REPOSITORY: Final = "workflows.argoproj.io/default-artifact-repository"


class Controller(Struct, frozen=True):
    """A workflow controller of the cluster."""

    namespace: str
    version: str
    is_ready: bool


def argo(queries: Queries, namespace: str, version: str, *, has_files: bool | None) -> list[Finding]:
    """The resource definitions, the controller, and where it stores files.

    `version` is that which Workflows are written for; `has_files` is None if it is not known whether files travel.
    """
    controllers = list(_controllers(queries, namespace))
    home = controllers[0].namespace if controllers else "argo"
    found = looked("Argo's resources", lambda: _definitions(queries, version))
    found.append(_controller(controllers, version))
    found += looked("artifact repository", lambda: _repository(queries, namespace, home, has_files=has_files))
    return found


def _definitions(queries: Queries, wanted: str) -> Finding:
    names = [f"{kind}.argoproj.io" for kind in _KINDS]
    try:
        listed = queries.json("get", "customresourcedefinitions", *names, "--ignore-not-found")
    except ClusterError:
        return _served(queries)
    items = listed.get("items", [listed] if listed else [])
    found = {text_at(each, "metadata", "name").partition(".")[0]: each for each in items}
    missing = [kind for kind in _KINDS if kind not in found]
    if missing:
        return _lacking(missing)
    form, version = _form(found["workflows"])
    state, hint = _fits(version, wanted)
    return Finding(CLUSTER, "Argo's resources", state, f"{form} definitions{f' of {version}' if version else ''}", hint)


def _served(queries: Queries) -> Finding:
    """For a user who may not read definitions: the kinds that the cluster serves."""
    served = queries.text("api-resources", "--api-group=argoproj.io", "--output=name")
    missing = [kind for kind in _KINDS if f"{kind}.argoproj.io" not in served.split()]
    return _lacking(missing) if missing else Finding(CLUSTER, "Argo's resources", OK, "served")


def _lacking(missing: list[str]) -> Finding:
    if len(missing) == len(_KINDS):
        return Finding(CLUSTER, "Argo's resources", PROBLEM, "there are none", _INSTALL)
    hint = f"install those of the same version of Argo as the controller; {_INSTALL}"
    return Finding(CLUSTER, "Argo's resources", PROBLEM, f"missing: {', '.join(missing)}", hint)


def _form(definition: Node) -> tuple[str, str]:
    """Whether a definition judges all fields, and then the version of Argo that its fields show."""
    versions = definition.get("spec", {}).get("versions") or [{}]
    schema = versions[0].get("schema", {}).get("openAPIV3Schema", {}).get("properties", {})
    fields = schema.get("spec", {}).get("properties", {})
    if not fields:
        return "minimal", ""
    locks = fields.get("synchronization", {}).get("properties", {})
    return "full", "3.6 or older" if "podPriority" in fields else "3.7" if "mutex" in locks else "4.0 or newer"


def _controllers(queries: Queries, namespace: str) -> Iterator[Controller]:
    """The controllers that the user can see: in all namespaces, or in the two that are likely."""
    for words in (["--all-namespaces"], ["--namespace=argo"], [f"--namespace={namespace}"]):
        try:
            listed = queries.text("get", "deployments", f"--output={_CONTROLLERS}", *words)
        except ClusterError:
            continue
        for line in listed.splitlines():
            home, images, ready = [*line.split("\t"), "", ""][:3]
            found = re.search(r"workflow-controller\S*?(?::v?(\d+\.\d+[\w.-]*))?(?:@\S+)?(?:\s|$)", images)
            if found:
                yield Controller(home, found[1] or "", ready.strip() not in {"", "0"})
        return


def _controller(controllers: list[Controller], wanted: str) -> Finding:
    if not controllers:
        hint = f"if there is one, you may not see it; else {_INSTALL}"
        return Finding(CLUSTER, "controller", UNKNOWN, "no workflow controller is seen", hint)
    first = controllers[0]
    seen = f"workflow-controller {first.version or 'of unknown version'} in namespace {first.namespace}"
    if not first.is_ready:
        hint = f"no run starts: `kubectl describe deployment workflow-controller -n {first.namespace}` tells why"
        return Finding(CLUSTER, "controller", PROBLEM, f"{seen} is not ready", hint)
    state, hint = _fits(first.version, wanted)
    return Finding(CLUSTER, "controller", state, seen, hint)


def _fits(version: str, wanted: str) -> tuple[str, str]:
    """Whether a version runs what is written for another one: for the newest, unless the user says another."""
    found, target = _number(version), _number(wanted) or _UNCHANGED_SINCE
    if not found or found >= target or "newer" in version:
        return OK, ""
    written = wanted or f"{target[0]}.{target[1]} and newer"
    return WARNING, f"Workflows are written for Argo {written}; compile and submit with `--argo {found[0]}.{found[1]}`"


def _number(version: str) -> tuple[int, int] | None:
    found = re.match(r"v?(\d+)\.(\d+)", version)
    return (int(found[1]), int(found[2])) if found else None


def _repository(queries: Queries, namespace: str, home: str, *, has_files: bool | None) -> Finding:
    """Where files are stored: what the namespace says, or else the controller."""
    own = queries.json("get", "configmap", "artifact-repositories", "--ignore-not-found", namespace=namespace)
    key = own.get("metadata", {}).get("annotations", {}).get(_DEFAULT_REPOSITORY, "")
    text = text_at(own, "data", key)
    if text:
        return Finding(CLUSTER, "artifact repository", OK, f"{_store(text)}, by artifact-repositories in {namespace}")
    try:
        name = "workflow-controller-configmap"
        shared = queries.json("get", "configmap", name, "--ignore-not-found", namespace=home)
    except ClusterError as error:
        seen = f"none in {namespace}, and the controller's cannot be seen: {error.message}"
        return Finding(CLUSTER, "artifact repository", UNKNOWN, seen)
    text = text_at(shared, "data", "artifactRepository") or _part(
        text_at(shared, "data", "config"), "artifactRepository"
    )
    if _store(text):
        return Finding(CLUSTER, "artifact repository", OK, f"{_store(text)}, by the controller in {home}")
    state = PROBLEM if has_files else OK if has_files is False else WARNING
    hint = "files cannot travel between tasks: https://argo-workflows.readthedocs.io/en/latest/configure-artifact-repository/"
    return Finding(CLUSTER, "artifact repository", state, "there is none", "" if state == OK else hint)


def _store(text: str) -> str:
    """The kind of store that a repository names, in YAML or JSON; its other fields name Secrets."""
    return next((each for each in _STORES if re.search(rf"""(?m)^\s*[{{"']*{each}["']?\s*:""", text)), "")


def _part(text: str, key: str) -> str:
    """What stands below a key of a text in YAML, as a controller's old `config` has it."""
    found = re.search(rf"(?ms)^{key}:[ ]*\n((?:[ ]+.*\n?)*)", text)
    return found[1] if found else ""
