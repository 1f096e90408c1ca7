"""Hooks of a task or step, and its handler of the exit: nodes of their own, children of the node that has them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from transpiler.engine import texts
from transpiler.engine.errors import BlockedError, CallError, TimedOutError, TooDeepError
from transpiler.engine.library import Context
from transpiler.engine.nodes import NodeState
from transpiler.engine.run import Call, Run
from transpiler.engine.scope import Scope, last_try
from transpiler.engine.texts import TagError
from transpiler.plan.argo_objects import Node

EXIT = "exit"


class Around(Struct, frozen=True):
    """The node that has hooks, and what is around it. `prefix`: `tasks.NAME` or `steps.NAME`."""

    node: NodeState
    boundary: NodeState | None
    context: Context
    prefix: str


def others(task: Node) -> dict[str, Node]:
    """The hooks of a task but that of its exit, by name."""
    hooks = task.get("hooks") or {}
    return {name: hooks[name] for name in sorted(hooks) if name != EXIT}


def exit_hook(run: Run, holder: Node) -> Node | None:
    """The handler of an exit, of a task or of the run; without arguments of its own it has those of the run."""
    arguments = run.spec.get("arguments") or {}
    if holder.get("onExit"):
        return {"template": holder["onExit"], "arguments": arguments}
    found: Node | None = (holder.get("hooks") or {}).get(EXIT)
    if found is not None and not _has_arguments(found):
        return {**found, "arguments": arguments}
    return found


def _has_arguments(hook: Node) -> bool:
    arguments = hook.get("arguments") or {}
    return bool(arguments.get("parameters") or arguments.get("artifacts"))


def run_hooks(run: Run, hooks: Mapping[str, Node], around: Around, scope: Scope) -> bool:
    """Starts the hooks whose time has come; True if all that started are over. Raises CallError."""
    started = [
        node
        for name, hook in hooks.items()
        for node in _hook(run, f"{around.node.name}.hooks.{name}", hook, around, scope)
    ]
    return all(each.is_over for each in started)


def _hook(run: Run, name: str, hook: Node, around: Around, scope: Scope) -> list[NodeState]:
    if not hook.get("expression"):
        raise CallError(f"Expression required for hook {name}")
    is_due = _is_true(run, hook["expression"], scope)
    if not is_due and run.nodes.get(name) is None:
        return []
    outputs = _outputs(run, around.node)
    arguments = hook.get("arguments") or {}
    if _has_arguments(hook) and outputs is not None:
        arguments = _with_values(run, arguments, around.prefix, outputs, scope)
    node = _called(run, _call(name, hook, around, arguments, is_exit=False))
    run.nodes.connect(around.node, name, around.boundary or around.node)
    return [node] if node is not None else []


def run_exit(run: Run, hook: Node | None, around: Around, scope: Scope) -> bool:
    """Starts the handler of an exit; True if there is none, or it is over. Raises CallError."""
    if hook is None or not run.shutdown.allows(is_exit=True):
        return True
    if hook.get("expression") and not _is_true(run, hook["expression"], scope):
        return True
    name = f"{around.node.name}.onExit"
    node = run.nodes.get(name)
    if node is None or not node.is_over:
        arguments = hook.get("arguments") or {}
        if _has_arguments(hook):
            arguments = _with_values(run, arguments, around.prefix, _outputs(run, around.node), scope)
        try:
            node = _called(run, _call(name, hook, around, arguments, is_exit=True))
        finally:
            run.nodes.connect(around.node, name, around.boundary or around.node)
    return node is not None and node.is_over


def _call(name: str, hook: Node, around: Around, arguments: Node, *, is_exit: bool) -> Call:
    holder: Node = {key: hook[key] for key in ("template", "templateRef") if key in hook}
    return Call(
        name,
        holder,
        "steps",
        around.context,
        arguments,
        around.boundary,
        is_exit=is_exit,
        is_hook=True,
        up=around.node.up or around.node,
        key=around.node.key if around.node.up is not None else name,
    )


def _called(run: Run, call: Call) -> NodeState | None:
    try:
        return run.execute(run, call)
    except BlockedError as error:
        if error.node is not None:  # it goes on once the limit allows; Argo fails if it happens to look right now
            return error.node
        raise CallError(str(error)) from error
    except (TooDeepError, TimedOutError) as error:
        raise CallError(str(error)) from error


def _is_true(run: Run, expression: str, scope: Scope) -> bool:
    try:
        return texts.is_true(expression, run.variables(scope.values))
    except TagError as error:
        raise CallError(str(error)) from error


def _outputs(run: Run, node: NodeState) -> Node | None:
    return (last_try(run, node) or node).outputs


def _with_values(run: Run, arguments: Node, prefix: str, outputs: Node | None, scope: Scope) -> Node:
    for each in (outputs or {}).get("parameters") or []:
        scope.values[f"{prefix}.outputs.parameters.{each['name']}"] = each.get("value") or ""
    for each in (outputs or {}).get("artifacts") or []:
        scope.artifacts[f"{prefix}.outputs.artifacts.{each['name']}"] = each
    try:
        found: Node = texts.replaced(scope.marked(arguments), run.variables(scope.values))
        if found.get("artifacts"):
            found = {**found, "artifacts": [_artifact(each, scope) for each in found["artifacts"]]}
    except TagError as error:
        raise CallError(str(error)) from error
    return found


def _artifact(artifact: Node, scope: Scope) -> Node:
    try:
        found: Any = scope.artifact(artifact)
    except TagError as error:
        if artifact.get("optional"):
            return artifact
        raise CallError(f"unable to resolve references: {error}") from error
    return artifact if found is None else {**found, "name": artifact["name"]}
