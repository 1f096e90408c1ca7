"""The dependencies of a DAG task → Argo's `depends`.

A task name alone stands for success or skipping. A task that may be omitted because of its own dependencies is
`Omitted`, which this does not include, so it is added if its output has a `??`. A task that only inspects
another's status waits for any outcome, as does one queued in a lane.
"""

from __future__ import annotations

from transpiler.model.depends import Depends, Junction, Negation, TaskResult, results
from transpiler.plan.expressions.tags import Tags
from transpiler.resolve.absences import guarded_in
from transpiler.resolve.scope import Call, only_asked_how_they_ended


def depends_of(call: Call, tags: Tags, omitted: frozenset[str]) -> str:
    """The logic of a task: its `depends`, and every other task whose values it uses."""
    said = call.task.depends
    named = {result.task for result in results(said)} if said else set()
    may_be_missing = {getattr(each, "task", "") for each in guarded_in(call)} & omitted & call.dependencies
    asked = only_asked_how_they_ended(call) & call.dependencies
    others = sorted(tags.tasks[other] for other in call.dependencies - named - may_be_missing - asked)
    tolerated = (tags.tasks[other] for other in sorted(may_be_missing - named - asked))
    ended = (tags.tasks[other] for other in sorted((asked - named) | call.runs_after_end_of))
    terms = [
        *others,
        *(f"({name} || {name}.Omitted)" for name in tolerated),
        *(f"({name} || {name}.Failed || {name}.Errored || {name}.Omitted)" for name in ended),
    ]
    if said is None:
        return " && ".join(terms)
    logic = _logic(said, tags)
    needs_brackets = bool(terms) and isinstance(said, Junction) and said.operator == "||"
    return " && ".join([f"({logic})" if needs_brackets else logic, *terms])


def _logic(node: Depends, tags: Tags) -> str:
    if isinstance(node, TaskResult):
        name = tags.tasks[node.task]
        return f"{name}.{node.result}" if node.result else name
    if isinstance(node, Negation):
        inner = _logic(node.operand, tags)
        return f"!({inner})" if isinstance(node.operand, Junction) else f"!{inner}"
    parts = (_logic(each, tags) for each in node.operands)
    return f" {node.operator} ".join(
        f"({part})" if isinstance(each, Junction) and each.operator != node.operator else part
        for part, each in zip(parts, node.operands, strict=True)
    )
