"""Which templates a template calls, in any of the places that Argo has for that."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from transpiler.plan.argo_objects import Node

Redirect = Callable[[Node], Node]
"""A task, step or hook → the same, with the new place of its callee."""


def calls_of(template: Node) -> Counter[str]:
    """The templates of the same object that a template calls → how often."""
    return Counter(caller["template"] for caller in _callers(template) if "template" in caller)


def redirected(template: Node, become: Redirect) -> Node:
    """A template with each of its calls rewritten for another place; the original is not changed."""
    result = dict(template)
    if "dag" in template:
        result["dag"] = {**template["dag"], "tasks": [_task(each, become) for each in template["dag"]["tasks"]]}
    if "steps" in template:
        result["steps"] = [[_task(each, become) for each in group] for group in template["steps"]]
    return result


def redirected_hooks(hooks: Any, become: Redirect) -> Any:
    """`hooks` of a task or a Workflow, likewise."""
    return {name: become(hook) for name, hook in hooks.items()}


def _callers(template: Node) -> Iterator[Node]:
    groups = [template.get("dag", {}).get("tasks", []), *template.get("steps", [])]
    for task in (task for group in groups for task in group):
        yield task
        yield from task.get("hooks", {}).values()
        if "inline" in task:
            yield from _callers(task["inline"])


def _task(task: Node, become: Redirect) -> Node:
    result = become(task)
    if "hooks" in task:
        result = {**result, "hooks": redirected_hooks(task["hooks"], become)}
    if "inline" in task:
        result = {**result, "inline": redirected(task["inline"], become)}
    return result
