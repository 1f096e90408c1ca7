"""New nodes that run something."""

from __future__ import annotations

from typing import Final

from transpiler.engine import memo
from transpiler.engine.library import kind_of
from transpiler.engine.names import DISPLAY_NAME
from transpiler.engine.nodes import NodeState
from transpiler.engine.run import Call, Run, Work
from transpiler.plan.argo_objects import Node

POD_KINDS: Final = frozenset(["container", "script", "containerSet", "resource", "data"])
_TYPES: Final = {"dag": "DAG", "steps": "Steps", "suspend": "Suspend", "http": "HTTP", "plugin": "Plugin"}
_DISPLAY: Final = "workflows.argoproj.io/display-name"


def made(
    run: Run, call: Call, work: Work, kind: str, phase: str, message: str = "", *, is_try: bool = False
) -> NodeState:
    """A new node that runs something: with its inputs, and its place in a cache."""
    node = run.create(call, kind, phase, message, is_try=is_try)
    node.work = work
    if work.template.get("inputs"):
        node.inputs = work.template["inputs"]
    if work.template.get("memoize"):
        node.memo = memo.status(work.template["memoize"], hit=False)
    shown = (work.template.get("annotations") or {}).get(_DISPLAY)
    if shown and DISPLAY_NAME.fullmatch(shown):
        node.display = shown
    return node


def type_of(template: Node) -> str:
    """The type of a node that runs a template once."""
    return _TYPES.get(kind_of(template), "Pod")


def release(run: Run, node: NodeState) -> None:
    """A node that is over gives back its locks."""
    if run.locks.release(node.id):
        run.nodes.changes += 1
