"""Nodes without a pod of their own, which an agent of Argo answers: `http` and `plugin`.

Argo leaves such a node Pending until there is an answer, so that its `timeout` holds; no limit of pods counts it.
"""

from __future__ import annotations

from typing import Final

from transpiler.engine import pods
from transpiler.engine.nodes import NodeState
from transpiler.engine.protocol import Start
from transpiler.engine.run import Call, Run
from transpiler.plan.argo_objects import Node

KINDS: Final = ("http", "plugin")


def start(run: Run, call: Call, node: NodeState, template: Node) -> None:
    """Orders an answer, unless somebody was asked already, or the run is over. Raises CallError."""
    if node.id in run.pods or node.is_over:
        return
    if not run.shutdown.allows(is_exit=call.is_exit):
        run.mark(node, "Failed", f"Stopped with strategy '{run.shutdown.how}'")
        return
    run.pods[node.id] = node
    run.agents.add(node.id)
    run.orders.append(Start(pods.pod_of(run, call, node, template, None)))
