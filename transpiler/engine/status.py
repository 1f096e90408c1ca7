"""The Workflow with its status, in Argo's fields."""

from __future__ import annotations

from transpiler.engine.nodes import NodeState
from transpiler.engine.run import Run
from transpiler.engine.times import rfc3339
from transpiler.plan.argo_objects import Node, without_empty


def workflow_of(run: Run) -> Node:
    """The Workflow as the API of a cluster gives it."""
    own = run.library.own
    metadata = {**run.library.metadata, "name": run.info.name, "namespace": run.info.namespace, "uid": run.info.uid}
    metadata.pop("generateName", None)
    metadata["creationTimestamp"] = rfc3339(run.info.created)
    return {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Workflow",
        "metadata": metadata,
        "spec": _spec(run, own),
        "status": _status(run),
    }


def _spec(run: Run, own: Node) -> Node:
    spec: Node = run.spec if run.library.stored is None else (own.get("spec") or {})
    return {**spec, **({"shutdown": run.shutdown.how} if run.shutdown.how else {})}


def _status(run: Run) -> Node:
    fields = without_empty(
        {
            "phase": run.phase,
            "message": run.message,
            "startedAt": rfc3339(run.started) if run.phase else "",
            "finishedAt": rfc3339(run.finished) if run.finished is not None else "",
            "outputs": run.outputs,
            "storedWorkflowTemplateSpec": run.library.stored,
        }
    )
    return {**fields, "nodes": {node.id: _node(run, node) for node in run.nodes.by_name.values()}}


def _node(run: Run, node: NodeState) -> Node:
    flag = {**({"hooked": True} if node.is_hook else {}), **({"retried": True} if node.is_try else {})}
    fields = {
        "templateName": node.template,
        "templateRef": node.template_ref,
        "templateScope": node.scope,
        "phase": node.phase,
        "boundaryID": node.boundary.id if node.boundary is not None else "",
        "message": node.message,
        "finishedAt": rfc3339(node.finished) if node.finished is not None else "",
        "inputs": node.inputs,
        "outputs": node.outputs,
        "children": [run.nodes.id(name) for name in node.children],
        "outboundNodes": [run.nodes.id(name) for name in node.outbound or []],
        "memoizationStatus": node.memo,
        "synchronizationStatus": {"waiting": node.waits_for} if node.waits_for else None,
        "nodeFlag": flag,
    }
    head = {"id": node.id, "name": node.name, "displayName": node.display, "type": node.type}
    return {**head, "startedAt": rfc3339(node.started), **without_empty(fields)}
