"""The status of a run → its nodes. Every text in it comes from a cluster, and is not trusted: any JSON will do."""

from __future__ import annotations

import base64
import gzip
import json
import zlib
from typing import Any, Final

from transpiler.argo.phases import ENDED
from transpiler.plan.argo_objects import Node

FAILED: Final = ("Failed", "Error")
_ENDED_RUN: Final = ("Succeeded", *FAILED)
_MAX_UNPACKED: Final = 64 * 1024 * 1024


class StatusError(ValueError):
    """What was read is no run that has a status, or the status is elsewhere; the message says which."""


def workflow_of(data: Any) -> Node:
    """The run in what kubectl or argo print: a Workflow, or a List with one. Raises StatusError."""
    kind = mapping(data).get("kind")
    if kind in ("List", "WorkflowList"):
        items = mapping(data).get("items")
        found = items if isinstance(items, list) else []
        if len(found) != 1:
            raise StatusError(f"there are {len(found)} runs in it, and a graph shows one: name the run")
        return workflow_of(found[0])
    if not isinstance(data, dict) or kind not in ("Workflow", None) or not {"status", "kind"} & data.keys():
        is_named = isinstance(kind, str) and bool(kind)
        raise StatusError(f"it is {f'a {kind}' if is_named else 'something else'}, and no Workflow")
    status = mapping(data.get("status"))
    if status.get("offloadNodeStatusVersion") and not nodes_of(data):
        raise StatusError("Argo keeps the nodes of this run in its database, and `argo get NAME -o json` has them")
    if status.get("compressedNodes") and not nodes_of(data):
        raise StatusError("its packed nodes (`compressedNodes`) are damaged")
    return data


def nodes_of(workflow: Node) -> dict[str, Node]:
    """The nodes of a run by their ids; Argo packs those of a large one, or stores them elsewhere."""
    status = mapping(workflow.get("status"))
    nodes = status.get("nodes") or _unpacked(text(status.get("compressedNodes")))
    return {key: node for key, node in mapping(nodes).items() if isinstance(node, dict)}


def _unpacked(packed: str) -> Any:
    """Argo's packed nodes: JSON, through gzip and base64."""
    try:
        data = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(base64.b64decode(packed), _MAX_UNPACKED)
        return json.loads(data) if data else {}
    except (ValueError, zlib.error, gzip.BadGzipFile, RecursionError):
        return {}


def is_hit(node: Node) -> bool:
    """True for a node whose result a cache had."""
    return bool(mapping(node.get("memoizationStatus")).get("hit"))


def name_of(workflow: Node) -> str:
    """The name of a run, which its first node has too."""
    return text(mapping(workflow.get("metadata")).get("name"))


def has_ended(workflow: Node) -> bool:
    """True once the run goes no further."""
    status = mapping(workflow.get("status"))
    return status.get("phase") in _ENDED_RUN and bool(status.get("finishedAt"))


def is_over(node: Node) -> bool:
    """True for a node that stays as it is."""
    return node.get("phase") in ENDED


def seconds(status: Node) -> float | None:
    """How long a node or a run took; None if it has not ended."""
    return seconds_between(text(status.get("startedAt")), text(status.get("finishedAt")))


def seconds_between(started: str, finished: str) -> float | None:
    """The seconds between two times as Kubernetes writes them; None if one is missing."""
    from datetime import datetime  # noqa: PLC0415 - only who follows a run asks

    try:
        took = datetime.fromisoformat(finished) - datetime.fromisoformat(started)
        return max(0.0, took.total_seconds())
    except (ValueError, TypeError):
        return None


def values(node: Node) -> dict[str, str]:
    """The outputs of a node that are values."""
    parameters = mapping(node.get("outputs")).get("parameters")
    given = [mapping(each) for each in parameters] if isinstance(parameters, list) else []
    return {text(each.get("name")): text(each.get("value")) for each in given if "value" in each}


def children(node: Node) -> list[str]:
    """The ids of the nodes that came after a node."""
    found = node.get("children")
    return [text(each) for each in found] if isinstance(found, list) else []


def mapping(value: Any) -> Node:
    """A mapping as it is, and nothing for anything else."""
    return value if isinstance(value, dict) else {}


def text(value: Any) -> str:
    """A text as it is, a number or boolean as JSON has it, and nothing for anything else."""
    return value if isinstance(value, str) else json.dumps(value) if isinstance(value, (int, float)) else ""
