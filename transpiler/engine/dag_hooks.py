"""Hooks of the tasks of a DAG, and handlers of their exits: when they are looked at."""

from __future__ import annotations

from transpiler.engine import hooks
from transpiler.engine.dag_scope import Dag, of_task
from transpiler.engine.errors import CallError
from transpiler.engine.hooks import Around
from transpiler.engine.nodes import NodeState
from transpiler.engine.run import Run
from transpiler.engine.scope import Scope
from transpiler.plan.argo_objects import Node


def is_visited(run: Run, dag: Dag, name: str) -> bool:
    """True if Argo comes by a task once more: from a target, or from a task behind it that is not over."""
    behind = (run.nodes.get(f"{dag.node.name}.{each}") for each in dag.plan.dependants.get(name, ()))
    return name in dag.plan.targets or any(each is None or not each.is_over for each in behind)


def note_hooks(run: Run, dag: Dag, task: Node, *, is_new: bool) -> None:
    """A task that runs from the start has its hooks looked at once more, as any that begins to run."""
    node = run.nodes.get(f"{dag.node.name}.{task['name']}")
    if is_new and node is not None and node.phase == "Running" and hooks.others(task):
        run.nodes.notice(node)


def after_hooks(run: Run, dag: Dag, task: Node, node: NodeState) -> bool:
    """Hooks first; False while they run."""
    others = hooks.others(task)
    if not others or not (node.is_over or node.phase == "Running"):
        return True
    try:
        return hooks.run_hooks(run, others, _around(dag, task, node), _scope_of(run, dag, task, node))
    except CallError as error:
        run.fail(node, str(error))
        return False


def _around(dag: Dag, task: Node, node: NodeState) -> Around:
    return Around(node, dag.node, dag.context, f"tasks.{task['name']}")


def _scope_of(run: Run, dag: Dag, task: Node, node: NodeState) -> Scope:
    scope = of_task(run, dag, task)
    scope.values[f"tasks.{task['name']}.status"] = node.phase
    return scope


def exit_of(run: Run, dag: Dag, task: Node, node: NodeState) -> bool:
    """The handler of the exit of a task or item; True if there is none, or it is over."""
    hook = hooks.exit_hook(run, task)
    if hook is None or not node.is_completed:
        return True
    try:
        return hooks.run_exit(run, hook, _around(dag, task, node), _scope_of(run, dag, task, node))
    except CallError:
        return False
