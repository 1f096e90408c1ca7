"""The variables of a DAG's task, and of its outputs. Only tasks that are mentioned give values: there may be many."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from transpiler.engine.dag_plan import Plan
from transpiler.engine.errors import CallError
from transpiler.engine.library import Context
from transpiler.engine.nodes import NodeState
from transpiler.engine.resolve import mentioned
from transpiler.engine.run import Run
from transpiler.engine.scope import Scope, add_left_out, add_loop, add_node, add_run_outputs, template_scope
from transpiler.plan.argo_objects import Node


class Dag(Struct):
    """A DAG that runs."""

    node: NodeState
    template: Node
    context: Context
    plan: Plan
    is_exit: bool
    expanded: dict[str, list[Node]] = {}
    """The items of each task that was resolved; of a task without a loop, itself."""
    has_bad_loop: bool = False
    """True once the results of a loop are no JSON: whatever comes after it is an error."""


def of_task(run: Run, dag: Dag, task: Node) -> Scope:
    """What a task sees: inputs, and its ancestors. Raises CallError."""
    scope = template_scope(dag.template)
    add_run_outputs(run, scope)
    names, loops = mentioned(task), dag.plan.loops
    for name in dag.plan.ancestors.get(task["name"], ()):
        if names is not None and name not in names and name not in loops:
            continue
        node = run.nodes.get(f"{dag.node.name}.{name}")
        if node is None:
            raise CallError(f"Ancestor task node {name} not found")
        if names is None or name in names or node.type == "TaskGroup":
            _add(run, dag, scope, name, node)
    return scope


def _add(run: Run, dag: Dag, scope: Scope, name: str, node: NodeState) -> None:
    if node.type == "TaskGroup":
        try:
            add_loop(run, scope, f"tasks.{name}", node, [each for each in run.nodes.children(node) if not each.is_hook])
        except CallError:
            dag.has_bad_loop = True
            raise
    add_node(run, scope, f"tasks.{name}", node)
    add_left_out(run, scope, f"tasks.{name}", node, (dag.plan.tasks[name], dag.context), files=False)


def left_over(run: Run, dag: Dag) -> Scope:
    """What the outputs of a DAG may be made of: all its tasks. Raises CallError."""
    scope = template_scope(dag.template)
    names = mentioned(_outputs(dag.template))
    for name in dag.plan.tasks:
        node = run.nodes.get(f"{dag.node.name}.{name}")
        if node is not None and (names is None or name in names or node.type == "TaskGroup"):
            _add(run, dag, scope, name, node)
    return scope


def _outputs(template: Node) -> Any:
    return ["{{=", template.get("outputs")]
