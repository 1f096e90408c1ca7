"""The variables that a task, a hook or an output sees: inputs of the template, and what other tasks have left."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from msgspec import Struct, field

from transpiler.engine import texts
from transpiler.engine.aggregates import aggregated
from transpiler.engine.errors import CallError
from transpiler.engine.nodes import NodeState
from transpiler.engine.run import Run
from transpiler.engine.texts import TagError
from transpiler.engine.times import rfc3339
from transpiler.plan.argo_objects import Node

ABSENT: Final = "__argo-internal.absent-optional-output__"
"""The value of an argument that refers to an output that a skipped task does not have: Argo's own word."""
_LEFT_OUT: Final = frozenset(["Skipped", "Omitted"])


class Scope(Struct):
    """Variables by name. A value of None: an output of a skipped task, without a default."""

    values: dict[str, str | None] = field(default_factory=dict)
    artifacts: dict[str, Node] = field(default_factory=dict)

    @property
    def all(self) -> dict[str, Any]:
        """Values and artifacts."""
        return {**self.values, **self.artifacts}

    def is_absent(self, text: str) -> bool:
        """True for one tag, and no more, of an output that is not there for good."""
        if not (text.startswith("{{") and text.endswith("}}")):
            return False
        name = text[2:-2].strip()
        return "{{" not in name and "}}" not in name and name in self.values and self.values[name] is None

    def marked(self, arguments: Node) -> Node:
        """Arguments in which those without a value for good are marked, so that defaults of inputs take over."""
        parameters = arguments.get("parameters") or []
        if not any(self.is_absent(str(each.get("value", ""))) for each in parameters):
            return arguments
        return {
            **arguments,
            "parameters": [
                {**each, "value": ABSENT} if self.is_absent(str(each.get("value", ""))) else each for each in parameters
            ],
        }

    def artifact(self, artifact: Node) -> Node | None:
        """The artifact that another refers to; None if it refers to none. Raises TagError."""
        if artifact.get("fromExpression"):
            found = texts.evaluated(artifact["fromExpression"], self.all)
        elif artifact.get("from"):
            found = texts.resolved(artifact["from"], self.all)
        else:
            return None
        if not isinstance(found, dict):
            raise TagError(f"Variable {{{{{artifact.get('name', '')}}}}} is not an artifact")
        return self._below(artifact, found) if artifact.get("subPath") else found

    def _below(self, artifact: Node, found: Node) -> Node:
        path = texts.replaced(artifact["subPath"], self.values)
        return {
            key: {**value, "key": f"{value['key'].rstrip('/')}/{path}"}
            if isinstance(value, dict) and "key" in value
            else value
            for key, value in found.items()
        }


def template_scope(template: Node | None) -> Scope:
    """The inputs of a template whose values are known."""
    scope = Scope()
    inputs = (template or {}).get("inputs") or {}
    for each in inputs.get("parameters") or []:
        scope.values[f"inputs.parameters.{each.get('name', '')}"] = each.get("value", "")
    for each in inputs.get("artifacts") or []:
        scope.artifacts[f"inputs.artifacts.{each.get('name', '')}"] = each
    return scope


def add_run_outputs(run: Run, scope: Scope) -> None:
    """The global outputs that are there; values are variables of the run already."""
    for each in run.outputs.get("artifacts") or []:
        scope.artifacts[f"workflow.outputs.artifacts.{each['name']}"] = each
    for each in run.outputs.get("parameters") or []:
        name = f"workflow.outputs.parameters.{each['name']}"
        if name not in run.globals and each.get("value") is not None:
            scope.values[name] = each["value"]


def add_node(run: Run, scope: Scope, prefix: str, node: NodeState) -> None:
    """What a node tells of itself, and its outputs; of tries, the last one."""
    node = last_try(run, node) or node
    values = scope.values
    values[f"{prefix}.id"] = node.id
    values[f"{prefix}.startedAt"] = rfc3339(node.started)
    if node.finished is not None:
        values[f"{prefix}.finishedAt"] = rfc3339(node.finished)
    values[f"{prefix}.status"] = node.phase
    _add_outputs(scope, prefix, node.outputs)


def last_try(run: Run, node: NodeState) -> NodeState | None:
    """The last try of a node that is tried again; None for others, and for a result from a cache."""
    if node.type != "Retry" or (node.memo or {}).get("hit"):
        return None
    found = [each for each in run.nodes.children(node) if not each.is_hook]
    return found[-1] if found else None


def _add_outputs(scope: Scope, prefix: str, outputs: Mapping[str, Any] | None) -> None:
    if not outputs:
        return
    if outputs.get("result") is not None:
        scope.values[f"{prefix}.outputs.result"] = outputs["result"]
    if outputs.get("exitCode") is not None:
        scope.values[f"{prefix}.exitCode"] = outputs["exitCode"]
    for each in outputs.get("parameters") or []:
        if each.get("value") is not None:
            scope.values[f"{prefix}.outputs.parameters.{each['name']}"] = each["value"]
    for each in outputs.get("artifacts") or []:
        scope.artifacts[f"{prefix}.outputs.artifacts.{each['name']}"] = each


def add_loop(run: Run, scope: Scope, prefix: str, node: NodeState, items: list[NodeState]) -> None:
    """The outputs of all items, as lists. Raises CallError if what they printed is no JSON."""
    key = ("aggregate", node.id, prefix)
    found = run.cache.get(key)
    if found is None:
        found = aggregated(items)
        if node.is_over:
            run.cache[key] = found
    if isinstance(found, str):
        raise CallError(found)
    scope.values.update({f"{prefix}.{name}": value for name, value in found.items()})


def add_left_out(run: Run, scope: Scope, prefix: str, node: NodeState, call: tuple[Node, Any], *, files: bool) -> None:
    """The outputs that a skipped or omitted task declares: their defaults, or nothing for good."""
    if node.outputs is not None or node.phase not in _LEFT_OUT:
        return
    try:
        _, template = run.library.resolve(*call)
    except CallError:
        return
    outputs = template.get("outputs") or {}
    for each in outputs.get("parameters") or []:
        default = (each.get("valueFrom") or {}).get("default")
        scope.values[f"{prefix}.outputs.parameters.{each['name']}"] = default
    if files:
        for each in outputs.get("artifacts") or []:
            scope.artifacts[f"{prefix}.outputs.artifacts.{each['name']}"] = {}
    if outputs.get("result") is not None:
        scope.values[f"{prefix}.outputs.result"] = None
