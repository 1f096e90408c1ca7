"""The descriptions of tasks, as annotations of their templates: a task has no annotations in Argo."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from transpiler.argo.merge import merged
from transpiler.model.task import Task
from transpiler.plan.argo_objects import Node

DESCRIPTION: Final = "workflows.argoproj.io/description"
"""The annotation in which Argo keeps descriptions."""
Described = tuple[str, str]
"""The name of a task, and its description; empty for none."""


def described_by(task: Task) -> Described:
    """What a task says of itself."""
    return task.name, str(getattr(task.description.value, "value", "")) if task.description is not None else ""


def with_description(template: Node, tasks: Collection[Described]) -> Node:
    """A template with what the tasks that call it say. Tasks share it even if they say different things."""
    texts = {text for _, text in tasks}
    if not any(texts):
        return template
    lines = (f"{name}: {text.rstrip()}" for name, text in sorted(tasks) if text)
    text = texts.pop() if len(texts) == 1 else "\n".join(lines)
    return merged({"annotations": {DESCRIPTION: text}}, template)
