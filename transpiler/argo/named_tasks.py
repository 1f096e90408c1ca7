"""Data in Argo's own fields of a task → the tasks and inputs of the DAG around it that it names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from msgspec import Struct

from transpiler.argo.conditions import depends_tokens
from transpiler.argo.expressions import Name, names_in
from transpiler.argo.text import argo_tags

_OF_A_DAG: Final = frozenset(["inputs", "tasks", "steps"])
"""The first word of such a name."""


class Named(Struct, frozen=True):
    """The named `tasks`, by their names in Argo, and whether the DAG itself is named."""

    tasks: frozenset[str]
    is_anything: bool


def named_in(fields: Mapping[str, Any]) -> Named:
    """The tasks named by fields of a task: in tags, in expressions, and in its dependencies."""
    names = [
        name for text in _texts(fields) for name in _names(text) if len(name.path) > 1 and name.path[0] in _OF_A_DAG
    ]
    of_tasks = [name for name in names if name.path[0] != "inputs"]
    tasks = {part for name in of_tasks for part in (name.path[1], name.longer)} - {""}
    awaited = [text for key in ("depends", "dependencies") for text in _texts(fields.get(key))]
    tasks |= {each.task for text in awaited for each in depends_tokens(text) if each.task}
    return Named(frozenset(tasks), bool(names or awaited))


def _texts(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, (dict, list)):
        for each in node.values() if isinstance(node, dict) else node:
            yield from _texts(each)


def _names(text: str) -> Iterator[Name]:
    """The names in a text: those of its tags, and those beside them, as if all else were an expression: it may be."""
    rest, end = "", 0
    for tag, start, behind in argo_tags(text):
        yield from names_in(tag[1:]) if tag.startswith("=") else (Name(tuple(tag.split("."))),)
        rest, end = f"{rest}{text[end:start]} x ", behind
    yield from names_in(rest + text[end:])
