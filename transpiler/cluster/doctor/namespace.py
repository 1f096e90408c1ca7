"""A namespace of a cluster, and what the user and the pods of a run may do in it. All raise ClusterError."""

from __future__ import annotations

from transpiler.cluster.doctor.finding import CLUSTER, OK, PROBLEM, Finding
from transpiler.cluster.doctor.queries import Queries
from transpiler.cluster.refusals import ClusterError


def namespace_finding(queries: Queries, namespace: str) -> Finding:
    """That it is there."""
    try:
        queries.text("get", "namespace", namespace, "--output=name")
    except ClusterError as error:
        if "NotFound" not in error.message:
            raise
        hint = f"`kubectl create namespace {namespace}`, or pass another one with `--namespace`"
        return Finding(CLUSTER, "namespace", PROBLEM, f"there is no namespace {namespace}", hint)
    return Finding(CLUSTER, "namespace", OK, namespace)


def user_finding(queries: Queries, namespace: str) -> Finding:
    """That the user may start a run."""
    if queries.may("create", "workflows.argoproj.io", namespace):
        return Finding(CLUSTER, "you", OK, f"may create Workflows in {namespace}")
    hint = "ask for a role that allows it, or use another namespace"
    return Finding(CLUSTER, "you", PROBLEM, f"may not create Workflows in {namespace}", hint)


def account_finding(queries: Queries, namespace: str, account: str) -> Finding:
    """That the service account of the pods is there."""
    try:
        queries.text("get", "serviceaccount", account, "--output=name", namespace=namespace)
    except ClusterError as error:
        if "NotFound" not in error.message:
            raise
        hint = f"`kubectl create serviceaccount {account} -n {namespace}`"
        seen = f"there is no service account {account} in {namespace}"
        return Finding(CLUSTER, "service account", PROBLEM, seen, hint)
    return Finding(CLUSTER, "service account", OK, account)


def executor_finding(queries: Queries, namespace: str, account: str) -> Finding:
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
