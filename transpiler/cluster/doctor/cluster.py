"""A cluster: that it answers, has Argo, and lets the user and the pods of a run do what they need."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from msgspec import Struct

from transpiler.cluster.doctor.argo import argo
from transpiler.cluster.doctor.finding import CLUSTER, OK, PROBLEM, UNKNOWN, Finding, looked
from transpiler.cluster.doctor.named_objects import Named, there
from transpiler.cluster.doctor.namespace import account_finding, executor_finding, namespace_finding, user_finding
from transpiler.cluster.doctor.queries import Queries, text_at
from transpiler.cluster.refusals import ClusterError


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
        lambda: argo(queries, namespace, wanted.argo, has_files=wanted.has_files),
        lambda: looked("namespace", lambda: namespace_finding(queries, namespace)),
        lambda: looked("you", lambda: user_finding(queries, namespace)),
        lambda: looked("service account", lambda: account_finding(queries, namespace, account)),
        lambda: looked("pods of a run", lambda: executor_finding(queries, namespace, account)),
        lambda: looked("named objects", lambda: there(queries, namespace, wanted.named)) if wanted.named else [],
    )
    with ThreadPoolExecutor(len(looks)) as pool:
        found = [pool.submit(look) for look in looks]
        return [reached, *(finding for each in found for finding in each.result())]


def _reach(queries: Queries, wanted: Wanted) -> tuple[Finding, str]:
    """That the cluster answers, and the namespace that is meant."""
    try:
        config = queries.json("config", "view", "--minify")
    except ClusterError as error:
        if "current-context" not in error.message:
            raise
        config = {}  # in a pod, kubectl finds its cluster by itself
    first = {key: (config.get(key) or [{}])[0] for key in ("clusters", "contexts")}
    server = text_at(first["clusters"], "cluster", "server")
    namespace = wanted.namespace or text_at(first["contexts"], "context", "namespace") or "default"
    try:
        version = text_at(queries.json("version"), "serverVersion", "gitVersion")
    except ClusterError:
        if config:
            raise
        hint = "`kubectl config use-context NAME` chooses one; `kubectl config get-contexts` lists them"
        return Finding(CLUSTER, "cluster", UNKNOWN, "none is chosen: there is no current context", hint), namespace
    context = text_at(first["contexts"], "name")
    where = f"{server} (context {context})" if context else "the cluster of this pod"
    return Finding(CLUSTER, "cluster", OK, f"Kubernetes {version} at {where}"), namespace
