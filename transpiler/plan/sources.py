"""Where files come from, as values: passes over the templates ask these, and the tags that say it are printed last."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from transpiler.patterns import regex
from transpiler.plan.argo_objects import Node
from transpiler.plan.expressions.engine_references import Path, engine_path
from transpiler.plan.templates.loop_files import LoopFolder


class Port(Struct, frozen=True):
    """An input of a DAG, or an output of one of its tasks, by its name in Argo."""

    name: str
    task: str = ""
    """The task in Argo; empty for an input of the DAG."""
    root: str = "tasks"
    """`steps` where the tasks are steps."""
    kind: str = "artifacts"

    @property
    def path(self) -> Path:
        """The names that lead to it."""
        task = [(self.root, False), (self.task, True), ("outputs", False)]
        return [*(task if self.task else [("inputs", False)]), (self.kind, False), (self.name, True)]

    @property
    def tag(self) -> str:
        """The tag that Argo replaces by it."""
        return f"{{{{{'.'.join(name for name, _ in self.path)}}}}}"

    def parameter(self, name: str) -> Port:
        """The parameter of that name in the same place."""
        return replace(self, kind="parameters", name=name)


class Choice(Struct, frozen=True):
    """An expression that yields one of several artifacts: its pieces, with a value for each artifact."""

    parts: tuple[str | Port, ...]

    @property
    def text(self) -> str:
        """The expression, for Argo's engine."""
        return "".join(part if isinstance(part, str) else engine_path(part.path) for part in self.parts)

    def over(self, become: Callable[[Port], Port]) -> Choice:
        """The same choice between others."""
        return Choice(tuple(part if isinstance(part, str) else become(part) for part in self.parts))


Source: TypeAlias = Port | Choice


def source_of(artifact: Node) -> Source | None:
    """The source of an artifact of a DAG; None for one with a location, or a text."""
    source = artifact.get("from", artifact.get("fromExpression"))
    return _read(source) if isinstance(source, str) else source


def ports_in(source: Source | None) -> Iterator[Port]:
    """Every artifact that may be taken."""
    if isinstance(source, Port):
        yield source
    elif source is not None:
        yield from (part for part in source.parts if isinstance(part, Port))


_TAG: Final = regex(r"\{\{(?:inputs|(tasks)\.([-\w]+)\.outputs)\.artifacts\.([-\w]+)\}\}")
_NAME: Final = regex(r"(?:inputs|(tasks)\['([-\w]+)'\]\.outputs)\.artifacts\['([-\w]+)'\]")


def _read(text: str) -> Source:
    """Sources in Argo's own fields of a user, in the form of this module."""
    tag = _TAG.fullmatch(text)
    if tag is not None:
        return Port(tag[3], tag[2] or "")
    parts: list[str | Port] = []
    end = 0
    for found in _NAME.finditer(text):
        parts += [text[end : found.start()], Port(found[3], found[2] or "")]
        end = found.end()
    return Choice((*parts, text[end:]))


# ---------------------------------------------------------------------- printing


_HOLD_SOURCES: Final = frozenset(["inputs", "outputs", "arguments", "hooks"])
"""The fields of templates and tasks that contain such values, at any depth."""


def with_tags(template: Node) -> Node:
    """A template in which all of these values are texts."""
    result = _fields(template)
    if "dag" in template:
        result["dag"] = {**template["dag"], "tasks": [_fields(task) for task in template["dag"]["tasks"]]}
    if "steps" in template:
        result["steps"] = [[_fields(step) for step in row] for row in template["steps"]]
    return result


def _fields(node: Node) -> Node:
    return {key: _printed(value) if key in _HOLD_SOURCES else value for key, value in node.items()}


def _printed(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _printed(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_printed(each) for each in value]
    if isinstance(value, Port):
        return value.tag
    if isinstance(value, Choice):
        return value.text
    return value.key if isinstance(value, LoopFolder) else value
