"""The templates of a run, and what is passed to them, with their places: also those that stand inline in a task."""

from __future__ import annotations

from collections.abc import Iterator

from transpiler.plan.argo_objects import Node

Path = tuple[str | int, ...]
Placed = Iterator[tuple[Node, Path]]
"""Parts of an object with their places in it."""


def templates(spec: Node, path: Path) -> Placed:
    """All templates of a spec that stands at a path; not `templateDefaults`, which is a part of each."""
    for template, place in _entries(spec, "templates", path):
        yield from _with_inline(template, place)


def _with_inline(template: Node, path: Path) -> Placed:
    yield template, path
    for call, place in calls(template, path):
        if call.get("inline"):
            yield from _with_inline(call["inline"], (*place, "inline"))


def calls(template: Node, path: Path) -> Placed:
    """The tasks of a DAG, or the steps."""
    yield from _entries(template.get("dag") or {}, "tasks", (*path, "dag"))
    for index, group in enumerate(template.get("steps") or ()):
        for number, step in enumerate(group or ()):
            yield step, (*path, "steps", index, number)


def hooks(owner: Node, path: Path) -> Placed:
    """The hooks of a run, a task or a step."""
    for name, hook in (owner.get("hooks") or {}).items():
        yield hook or {}, (*path, "hooks", name)


def ports(spec: Node, path: Path) -> Placed:
    """All that is passed or taken: the arguments of the run, tasks and hooks, and the inputs of templates."""
    yield spec.get("arguments") or {}, (*path, "arguments")
    yield from _arguments(hooks(spec, path))
    for template, place in templates(spec, path):
        yield template.get("inputs") or {}, (*place, "inputs")
        for call, where in calls(template, place):
            yield from _arguments([(call, where), *hooks(call, where)])


def _arguments(owners: Placed | list[tuple[Node, Path]]) -> Placed:
    for owner, path in owners:
        yield owner.get("arguments") or {}, (*path, "arguments")


def _entries(owner: Node, key: str, path: Path) -> Placed:
    for index, each in enumerate(owner.get(key) or ()):
        yield each, (*path, key, index)
