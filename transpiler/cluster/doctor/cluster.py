"""A cluster: that it answers, has Argo, and lets the user and the pods of a run do what they need."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from msgspec import Struct

from transpiler.cluster.doctor.finding import CLUSTER, OK, PROBLEM, UNKNOWN, WARNING, Finding
from transpiler.cluster.doctor.named_objects import Named, there
from transpiler.cluster.doctor.queries import Queries
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


class Wanted(Struct, frozen=True):
    """What a run needs; empty for what kubectl chooses itself."""

    namespace: str = ""
    account: str = ""
    argo: str = ""
    """The version of Argo that Workflows are written for, such as 3.7."""
    has_files: bool | None = None
    """True if files travel between its tasks; None if it is not known."""
    named: tuple[Named, ...] = ()
    """The objects that must be there."""


class Controller(Struct, frozen=True):
    """A workflow controller of the cluster."""

    namespace: str
    version: str
    is_ready: bool


def cluster(queries: Queries, wanted: Wanted) -> list[Finding]:
    """The findings. When the cluster cannot be reached, that is the only one."""
    try:
        reached, namespace = _reach(queries, wanted)
    except ClusterError as error:
        return [Finding(CLUSTER, "cluster", PROBLEM, error.message, error.hint)]
    if reached.state != OK:
        return [reached]
    account = wanted.account or "default"
    looks: tuple[Callable[[], list[Finding]], ...] = (
        lambda: _argo(queries, wanted, namespace),
        lambda: _looked("namespace", lambda: _namespace(queries, namespace)),
        lambda: _looked("you", lambda: _you(queries, namespace)),
        lambda: _looked("service account", lambda: _account(queries, namespace, account)),
        lambda: _looked("pods of a run", lambda: _executor(queries, namespace, account)),
        lambda: _looked("named objects", lambda: there(queries, namespace, wanted.named)) if wanted.named else [],
    )
    with ThreadPoolExecutor(len(looks)) as pool:
        found = [pool.submit(look) for look in looks]
        return [reached, *(finding for each in found for finding in each.result())]


def _looked(name: str, look: Callable[[], Finding]) -> list[Finding]:
    """A finding; what the user may not look at is unknown."""
    try:
        return [look()]
    except ClusterError as error:
        return [Finding(CLUSTER, name, UNKNOWN, error.message, error.hint)]


def _reach(queries: Queries, wanted: Wanted) -> tuple[Finding, str]:
    """That the cluster answers, and the namespace that is meant."""
    try:
        config = queries.json("config", "view", "--minify")
    except ClusterError as error:
        if "current-context" not in error.message:
            raise
        config = {}  # in a pod, kubectl finds its cluster by itself
    first = {key: (config.get(key) or [{}])[0] for key in ("clusters", "contexts")}
    server = _at(first["clusters"], "cluster", "server")
    namespace = wanted.namespace or _at(first["contexts"], "context", "namespace") or "default"
    try:
        version = _at(queries.json("version"), "serverVersion", "gitVersion")
    except ClusterError:
        if config:
            raise
        hint = "`kubectl config use-context NAME` chooses one; `kubectl config get-contexts` lists them"
        return Finding(CLUSTER, "cluster", UNKNOWN, "none is chosen: there is no current context", hint), namespace
    context = _at(first["contexts"], "name")
    where = f"{server} (context {context})" if context else "the cluster of this pod"
    return Finding(CLUSTER, "cluster", OK, f"Kubernetes {version} at {where}"), namespace


def _at(node: Any, *keys: str) -> str:
    for key in keys:
        node = node.get(key) if isinstance(node, dict) else None
    return node if isinstance(node, str) else ""


# ---------------------------------------------------------------------- Argo


def _argo(queries: Queries, wanted: Wanted, namespace: str) -> list[Finding]:
    """The resource definitions, the controller, and where it stores files."""
    controllers = list(_controllers(queries, namespace))
    home = controllers[0].namespace if controllers else "argo"
    found = _looked("Argo's resources", lambda: _definitions(queries, wanted))
    found.append(_controller(controllers, wanted))
    found += _looked("artifact repository", lambda: _repository(queries, namespace, home, wanted))
    return found


def _definitions(queries: Queries, wanted: Wanted) -> Finding:
    names = [f"{kind}.argoproj.io" for kind in _KINDS]
    try:
        listed = queries.json("get", "customresourcedefinitions", *names, "--ignore-not-found")
    except ClusterError:
        return _served(queries)
    items = listed.get("items", [listed] if listed else [])
    found = {_at(each, "metadata", "name").partition(".")[0]: each for each in items}
    missing = [kind for kind in _KINDS if kind not in found]
    if missing:
        return _lacking(missing)
    form, version = _form(found["workflows"])
    state, hint = _fits(version, wanted.argo)
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


def _controller(controllers: list[Controller], wanted: Wanted) -> Finding:
    if not controllers:
        hint = f"if there is one, you may not see it; else {_INSTALL}"
        return Finding(CLUSTER, "controller", UNKNOWN, "no workflow controller is seen", hint)
    first = controllers[0]
    seen = f"workflow-controller {first.version or 'of unknown version'} in namespace {first.namespace}"
    if not first.is_ready:
        hint = f"no run starts: `kubectl describe deployment workflow-controller -n {first.namespace}` tells why"
        return Finding(CLUSTER, "controller", PROBLEM, f"{seen} is not ready", hint)
    state, hint = _fits(first.version, wanted.argo)
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


# ---------------------------------------------------------------------- a namespace


def _namespace(queries: Queries, namespace: str) -> Finding:
    try:
        queries.text("get", "namespace", namespace, "--output=name")
    except ClusterError as error:
        if "NotFound" not in error.message:
            raise
        hint = f"`kubectl create namespace {namespace}`, or pass another one with `--namespace`"
        return Finding(CLUSTER, "namespace", PROBLEM, f"there is no namespace {namespace}", hint)
    return Finding(CLUSTER, "namespace", OK, namespace)


def _you(queries: Queries, namespace: str) -> Finding:
    if queries.may("create", "workflows.argoproj.io", namespace):
        return Finding(CLUSTER, "you", OK, f"may create Workflows in {namespace}")
    hint = "ask for a role that allows it, or use another namespace"
    return Finding(CLUSTER, "you", PROBLEM, f"may not create Workflows in {namespace}", hint)


def _account(queries: Queries, namespace: str, account: str) -> Finding:
    try:
        queries.text("get", "serviceaccount", account, "--output=name", namespace=namespace)
    except ClusterError as error:
        if "NotFound" not in error.message:
            raise
        hint = f"`kubectl create serviceaccount {account} -n {namespace}`"
        seen = f"there is no service account {account} in {namespace}"
        return Finding(CLUSTER, "service account", PROBLEM, seen, hint)
    return Finding(CLUSTER, "service account", OK, account)


def _executor(queries: Queries, namespace: str, account: str) -> Finding:
    """Argo's executor stores the results of a pod as its service account (docs/workflow-rbac.md of Argo)."""
    user = f"system:serviceaccount:{namespace}:{account}"
    lacking = [
        verb
        for verb in ("create", "patch")
        if not queries.may(verb, "workflowtaskresults.argoproj.io", namespace, user)
    ]
    if not lacking:
        return Finding(CLUSTER, "pods of a run", OK, f"may store their results, as {account}")
    seen = f"may not {' or '.join(lacking)} workflowtaskresults, as {account}: every task would fail"
    hint = (
        f"`kubectl create role executor --verb=create,patch --resource=workflowtaskresults.argoproj.io -n {namespace}` "
        f"and `kubectl create rolebinding executor --role=executor --serviceaccount={namespace}:{account} "
        f"-n {namespace}`"
    )
    return Finding(CLUSTER, "pods of a run", PROBLEM, seen, hint)


def _repository(queries: Queries, namespace: str, home: str, wanted: Wanted) -> Finding:
    """Where files are stored: what the namespace says, or else the controller."""
    own = queries.json("get", "configmap", "artifact-repositories", "--ignore-not-found", namespace=namespace)
    key = own.get("metadata", {}).get("annotations", {}).get(_DEFAULT_REPOSITORY, "")
    text = _at(own, "data", key)
    if text:
        return Finding(CLUSTER, "artifact repository", OK, f"{_store(text)}, by artifact-repositories in {namespace}")
    try:
        name = "workflow-controller-configmap"
        shared = queries.json("get", "configmap", name, "--ignore-not-found", namespace=home)
    except ClusterError as error:
        seen = f"none in {namespace}, and the controller's cannot be seen: {error.message}"
        return Finding(CLUSTER, "artifact repository", UNKNOWN, seen)
    text = _at(shared, "data", "artifactRepository") or _part(_at(shared, "data", "config"), "artifactRepository")
    if _store(text):
        return Finding(CLUSTER, "artifact repository", OK, f"{_store(text)}, by the controller in {home}")
    state = PROBLEM if wanted.has_files else OK if wanted.has_files is False else WARNING
    hint = "files cannot travel between tasks: https://argo-workflows.readthedocs.io/en/latest/configure-artifact-repository/"
    return Finding(CLUSTER, "artifact repository", state, "there is none", "" if state == OK else hint)


def _store(text: str) -> str:
    """The kind of store that a repository names, in YAML or JSON; its other fields name Secrets."""
    return next((each for each in _STORES if re.search(rf"""(?m)^\s*[{{"']*{each}["']?\s*:""", text)), "")


def _part(text: str, key: str) -> str:
    """What stands below a key of a text in YAML, as a controller's old `config` has it."""
    found = re.search(rf"(?ms)^{key}:[ ]*\n((?:[ ]+.*\n?)*)", text)
    return found[1] if found else ""
