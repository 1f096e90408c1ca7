"""Results that a cache keeps: what an earlier call with the same key has left."""

from __future__ import annotations

from typing import Final

from transpiler.engine.errors import CallError
from transpiler.engine.nodes import NodeState
from transpiler.engine.protocol import Kept
from transpiler.engine.results import wants_result
from transpiler.engine.run import Call, Run
from transpiler.engine.times import go_duration
from transpiler.patterns import regex
from transpiler.plan.argo_objects import Node

_KEY: Final = regex(r"[a-zA-Z0-9][-a-zA-Z0-9]*")


def status(memoize: Node, *, hit: bool) -> Node:
    """What a node tells about its cache."""
    return {"hit": hit, "key": memoize["key"], "cacheName": memoize["cache"]["configMap"]["name"]}


def found(run: Run, call: Call, template: Node) -> Kept | None:
    """The result that a cache has for a call of a template, if it is not too old. Raises CallError."""
    memoize = template["memoize"]
    key = memoize.get("key", "")
    if _KEY.fullmatch(key) is None:
        raise CallError(f"invalid cache key: {key}")
    if run.preset is not None and call.boundary is not None:
        preset = run.preset(call.name, call.boundary.name, template, wants_result(run, call, call.name))
        if preset is not None:
            return preset
    kept = run.memo.get(memoize["cache"]["configMap"]["name"], {}).get(key)
    if kept is None or not memoize.get("maxAge"):
        return kept
    try:
        age = go_duration(memoize["maxAge"])
    except CallError as error:
        raise CallError(f'invalid maxAge: time: invalid duration "{memoize["maxAge"]}"') from error
    return kept if run.now - kept.created <= age else None


def keep(run: Run, node: NodeState) -> None:
    """The outputs of a node that succeeded are in its cache now."""
    if node.memo is not None and not node.memo["hit"]:
        cache = run.memo.setdefault(node.memo["cacheName"], {})
        cache[node.memo["key"]] = Kept(node.outputs or {}, node.id, run.now)
