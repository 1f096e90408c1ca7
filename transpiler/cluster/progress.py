"""The status of a run → its steps in the user's terms. Every text in it comes from the cluster, and is not trusted."""

from __future__ import annotations

import base64
import gzip
import json
import re
import zlib
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from msgspec import Struct, field

from transpiler.argo.phases import ENDED
from transpiler.plan.argo_objects import Node

_FAILED: Final = ("Failed", "Error")
_ENDED_RUN: Final = ("Succeeded", *_FAILED)
_SHOWN: Final = ("Pod", "Suspend", "HTTP", "Plugin", "Skipped", "Retry")
"""Types of nodes that are a task of the user, or a try of it; all others are what holds these."""
_NEVER_RAN: Final = ("Skipped", "Omitted")
_MAX_UNPACKED: Final = 64 * 1024 * 1024


class Step(NamedTuple):
    """A task of a run, with the tasks around it, and its phase."""

    name: str
    phase: str
    message: str = ""
    seconds: int | None = None
    """How long it took, once it has ended."""
    since: str = ""
    """When it got this far, as a text that can be compared."""
    outputs: Mapping[str, str] = {}
    """What it yields as values."""


class Progress(Struct):
    """A run that is asked for again and again: what has changed since the last time."""

    names: Mapping[str, str]
    """Task of Argo's → task of the manifest."""
    _seen: dict[str, str] = field(default_factory=dict)

    def changes(self, workflow: Node) -> Iterator[Step]:
        """The steps whose phase is another one than before, those that have ended first."""
        for key, step in steps_of(workflow, self.names):
            if self._seen.get(key) != step.phase:
                self._seen[key] = step.phase
                yield step


def steps_of(workflow: Node, names: Mapping[str, str]) -> list[tuple[str, Step]]:
    """The steps of a run by the ids of their nodes, in the order in which they got where they are.

    A task with tries is one step, and each of its tries that failed another one.
    """
    nodes = nodes_of(workflow)
    tries = {child for each in nodes.values() if each.get("type") == "Retry" for child in _children(each)}
    shown = {key: node for key, node in nodes.items() if _is_shown(node)}
    found = [(key, _step(key, node, nodes, names, tries)) for key, node in shown.items()]
    told = [(key, step) for key, step in found if step.phase in _FAILED or key not in tries]
    return sorted(told, key=lambda pair: (pair[1].phase not in ENDED, pair[1].since, pair[1].name))


def run_step(workflow: Node) -> Step:
    """The run itself."""
    status = _mapping(workflow.get("status"))
    name = _text(_mapping(workflow.get("metadata")).get("name"))
    return Step(name, _text(status.get("phase")) or "Pending", _text(status.get("message")), _seconds(status))


def has_ended(workflow: Node) -> bool:
    """True once the run goes no further."""
    status = _mapping(workflow.get("status"))
    return status.get("phase") in _ENDED_RUN and bool(status.get("finishedAt"))


def outputs_of(workflow: Node) -> dict[str, str]:
    """The outputs of the pipeline that are values: those of the node that the run starts with."""
    name = _text(_mapping(workflow.get("metadata")).get("name"))
    return _values(_mapping(nodes_of(workflow).get(name)))


def _values(node: Node) -> dict[str, str]:
    parameters = _mapping(node.get("outputs")).get("parameters")
    given = [_mapping(each) for each in parameters] if isinstance(parameters, list) else []
    return {_text(each.get("name")): _text(each.get("value")) for each in given if "value" in each}


def nodes_of(workflow: Node) -> dict[str, Node]:
    """The nodes of a run by their ids; Argo packs those of a large one, or stores them elsewhere."""
    status = _mapping(workflow.get("status"))
    nodes = status.get("nodes") or _unpacked(_text(status.get("compressedNodes")))
    return {key: node for key, node in _mapping(nodes).items() if isinstance(node, dict)}


def _unpacked(packed: str) -> Any:
    """Argo's packed nodes: JSON, through gzip and base64."""
    try:
        data = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(base64.b64decode(packed), _MAX_UNPACKED)
        return json.loads(data) if data else {}
    except (ValueError, zlib.error, gzip.BadGzipFile, RecursionError):
        return {}


def _is_shown(node: Node) -> bool:
    return node.get("type") in _SHOWN and node.get("phase") not in (None, "")


def _step(key: str, node: Node, nodes: Mapping[str, Node], names: Mapping[str, str], tries: set[str]) -> Step:
    path = _path(node, nodes, names)
    name = " / ".join(path) or key
    last = path[-1] if path else key
    number = re.fullmatch(r"(.*)\((\d+)\)", last)
    if key in tries and number:
        name = " / ".join([*path[:-1], f"{number[1]}, try {int(number[2]) + 1}"])
    phase, since = _text(node.get("phase")), _text(node.get("finishedAt") or node.get("startedAt"))
    seconds = None if phase in _NEVER_RAN else _seconds(node)
    return Step(name, phase, _text(node.get("message")), seconds, since, _values(node))


def _path(node: Node, nodes: Mapping[str, Node], names: Mapping[str, str]) -> list[str]:
    """The names of a node and of those around it, without the run itself."""
    path: list[str] = []
    seen: set[str] = set()
    while node and node.get("boundaryID") and _text(node.get("id")) not in seen:
        seen.add(_text(node.get("id")))
        path.append(_named(_text(node.get("displayName")), names))
        node = _mapping(nodes.get(_text(node.get("boundaryID"))))
    return path[::-1]


def _named(shown: str, names: Mapping[str, str]) -> str:
    """`load-data(0:eu)` as `load data(0:eu)`, where that is the task of the manifest."""
    name, bracket, rest = shown.partition("(")
    return names.get(name, name) + bracket + rest


def _children(node: Node) -> list[str]:
    children = node.get("children")
    return [_text(each) for each in children] if isinstance(children, list) else []


def _seconds(status: Node) -> int | None:
    from datetime import datetime  # noqa: PLC0415 - only who follows a run asks

    try:
        started = datetime.fromisoformat(_text(status.get("startedAt")))
        return max(0, round((datetime.fromisoformat(_text(status.get("finishedAt"))) - started).total_seconds()))
    except (ValueError, TypeError):
        return None


def _mapping(value: Any) -> Node:
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else "" if value is None else json.dumps(value)
