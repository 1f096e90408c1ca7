"""Where a key belongs that stands in a wrong mapping: among a manifest's own keys, or in Argo's own fields.

Everything is looked up in the schemas: what a level has, what a level below it has, and Argo's types.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import cache
from typing import Any, Final

from transpiler import resources
from transpiler.argo.template_kinds import KINDS
from transpiler.read.schema.argo_fields import properties
from transpiler.read.schema.vocabulary import SAID, meaning
from transpiler.read.schema.work import CALLEES, OF_PROGRAMS, work_of_task

_ARGO_IN: Final = {
    "manifest": (
        ("WorkflowSpec", ("argo", "spec")),
        ("ObjectMeta", ("argo", "metadata")),
        ("CronWorkflowSpec", ("argo", "cron")),
        ("Template", ("defaults", "argo", "template")),
        ("Container", ("defaults", "argo", "container")),
    ),
    "task": (
        ("Template", ("argo", "template")),
        ("Container", ("argo", "container")),
        ("DAGTask", ("argo", "task")),
    ),
    "settings": (("Template", ("argo", "template")), ("Container", ("argo", "container"))),
}
"""Level → Argo's types that can be written there, and under which keys, the likeliest first."""
_NOT_WRITTEN: Final = frozenset(
    {
        *("name", "namespace", "template", "templates", "inputs", "outputs", "arguments", "steps", "dag"),
        *("labels", "annotations", "generateName", "schedule", "workflowSpec"),
    }
)
"""Fields of Argo that the compiler writes, or that mean something else in a manifest."""


def way_home(key: str, node: Mapping[str, Any], known: Mapping[str, Any], schema: str) -> str:
    """The hint for a key of a node that belongs elsewhere; `known` are the keys that it may have.

    Empty if nothing has the key.
    """
    level = _level(known)
    if level == "component":
        return SAID["component"].get(key, "")
    if schema != "pipeline":
        return ""
    in_task = work_of_task(key, node) if level == "task" else ""
    said = in_task or SAID.get(level, {}).get(key, "")
    return said or _own(key, level) or _synonym(key, level) or _of_argo(key, level)


@cache
def _levels() -> dict[str, Mapping[str, Any]]:
    """The mappings of a manifest that keys are mistaken for: level → its keys."""
    document = resources.schema("pipeline")
    definitions = document["$defs"]
    return {
        "manifest": document["properties"],
        "task": definitions["task"]["properties"],
        "settings": definitions["settings"]["properties"],
        "input": definitions["inputDeclaration"]["properties"],
        "component": resources.schema("component")["properties"],
    }


def _level(known: Mapping[str, Any]) -> str:
    return next((level for level, keys in _levels().items() if keys.keys() == known.keys()), "")


def home_of_task(path: tuple[str | int, ...], node: Any) -> str:
    """What to do about a key among the tasks that is none of them, but of the manifest or a task; else empty."""
    levels = _levels()
    if len(path) != 2 or path[0] != "tasks" or (isinstance(node, Mapping) and not CALLEES.isdisjoint(node)):
        return ""
    key = str(path[1])
    if key in levels["manifest"] and key not in levels["task"]:
        return f"`{key}` belongs at the top level: indent it less"
    if key in levels["task"] and not isinstance(node, Mapping):
        return f"`{key}` is a key of a task: indent it more"
    return ""


def home_of_body(body: Any) -> str:
    """What to do about an unknown key at the top whose value is a task or a component; else empty."""
    if not isinstance(body, Mapping):
        return ""
    if not CALLEES.isdisjoint(body):
        return "it looks like a task: indent it, below `tasks`"
    return "it looks like a component: indent it, below `components`" if "implementation" in body else ""


def _own(key: str, level: str) -> str:
    """The level that has a key."""
    levels = _levels()
    if level == "manifest" and key in levels["settings"]:
        return f"it is a setting of tasks: write it in a task, or in `defaults: {{{key}: …}}` for all"
    if key in levels["manifest"]:
        return f"`{key}` belongs at the top level"
    if level != "task" and key in levels["task"]:
        return f"`{key}` belongs under a task"
    return f"`{key}` belongs under an input" if level != "input" and key in levels["input"] else ""


def _synonym(key: str, level: str) -> str:
    """The key of another level that a word stands for."""
    if not level:
        return ""
    levels = _levels()
    for other, words in (("manifest", "at the top level"), ("task", "in a task")):
        meant = meaning(key, [each for each in levels[other] if each not in levels[level]])
        if meant and other != level and not (level == "task" and meant in levels["settings"]):
            return f"write `{meant}` {words}"
    return ""


def _of_argo(key: str, level: str) -> str:
    """The place of one of Argo's fields."""
    if key in _NOT_WRITTEN:
        return ""
    if key in OF_PROGRAMS:
        return f"it is of a container: write `template: {{container: {{{key}: …}}}}` in a task, or in the component"
    path = next(_paths(key, level), None)
    return f"it is Argo's: write `{_written((*path, key))}`" if path is not None else ""


def _paths(key: str, level: str) -> Iterator[tuple[str, ...]]:
    homes = _ARGO_IN.get(level, ())
    yield from (path for kind, path in homes if key in properties(kind))
    for kind, path in homes:
        yield from ((*path, field) for field in _fields_with(key, properties(kind)))


def _fields_with(key: str, fields: Mapping[str, Any]) -> Iterator[str]:
    """The fields that are mappings with the key."""
    for field, schema in fields.items():
        target = str(schema.get("$ref", "")).rpartition("/")[2]
        if field not in {*KINDS, "inline", *_NOT_WRITTEN} and target and key in properties(target):
            yield field


def _written(path: Collection[str]) -> str:
    *outer, last = path
    return "".join(f"{key}: {{" for key in outer) + f"{last}: …" + "}" * len(outer)
