"""Going through Argo's own fields, as JSON Schema has judged them: every field, every text, names and their places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from transpiler.argo.loops import LOOPS
from transpiler.argo.merge import FREE
from transpiler.build.template import has_location
from transpiler.diagnostics import Related, Report, Span
from transpiler.read.yaml import fields
from transpiler.read.yaml.nodes import List, Map


class Field(NamedTuple):
    """A key of a mapping; `owner` is the key of the mapping."""

    parent: Map
    key: str
    owner: str

    @property
    def value(self) -> Any:
        """The value of the key."""
        return self.parent[self.key]

    @property
    def span(self) -> Span:
        """The position of the value."""
        return self.parent.value_span(self.key)


def fields_below(node: object, owner: str) -> Iterator[Field]:
    """Every field of Argo at a node and below it. `owner` is the key of the node."""
    if isinstance(node, Map):
        for key in (each for each in node if not node.hides(each)):
            yield Field(node, key, owner)
            if key not in FREE:
                yield from fields_below(node[key], key)
    elif isinstance(node, List):
        for item in node:
            yield from fields_below(item, owner)


def mounts_below(node: object) -> Iterator[Map]:
    """Every volume that the containers of a template mount, those of the templates in it too."""
    for found in fields_below(node, ""):
        if found.key == "volumeMounts":
            yield from fields.mappings(found.parent, found.key)


def texts_below(node: object, without: Iterable[str] = ()) -> Iterator[tuple[str, Span]]:
    """Every text at a node and below it, but for those under the keys `without` of the node itself."""
    if isinstance(node, Map):
        for key in node:
            if key not in without:
                yield from _texts(node[key], node.value_span(key))
    elif isinstance(node, List):
        for index, item in enumerate(node):
            yield from _texts(item, node.item_span(index))


def _texts(value: object, span: Span) -> Iterator[tuple[str, Span]]:
    if isinstance(value, str):
        yield value, span
    else:
        yield from texts_below(value)


def text_of(node: Map | None, key: str) -> str:
    """A text; empty where there is none."""
    value = node.get(key) if node is not None else None
    return value if isinstance(value, str) else ""


def place(node: Map) -> Span:
    """The position of the name of a mapping, or of the mapping itself."""
    return node.value_span("name") if "name" in node else node.span


def name_of(node: Map) -> str:
    """The `name` of a mapping."""
    return text_of(node, "name")


def by_name(entries: Iterable[Map]) -> dict[str, Map]:
    """Name → the first entry of that name."""
    found: dict[str, Map] = {}
    for entry in entries:
        if name_of(entry):
            found.setdefault(name_of(entry), entry)
    return found


def ports(parent: Map | None, side: str, kind: str) -> list[Map]:
    """`inputs.parameters` and the like."""
    found = fields.mapping(parent, side) if parent is not None else None
    return fields.mappings(found, kind) if found is not None else []


def hides_ports(template: Map, side: str) -> bool:
    """True when the names of inputs or outputs are not all known, since something there is reported."""
    return template.hides(side) or not fields.is_complete(template.get(side))


def loops(task: Map) -> bool:
    """True for a task that runs for each of some items."""
    return any(key in task for key in LOOPS)


def is_required(port: Map) -> bool:
    """True for an input that somebody must pass."""
    if {"value", "default", "valueFrom"} & port.keys() or port.has_mistakes:
        return False
    return port.get("optional") is not True and not has_location(port)


def check_one_of(node: Map, keys: Iterable[str], rule: str, report: Report, hint: str = "keep one of them") -> None:
    """Keys of which a mapping has one at most."""
    found = [key for key in keys if key in node]
    for extra in found[1:]:
        related = (Related("the first", node.key_span(found[0])),)
        report.error("argo-field", f"{rule}: `{found[0]}` or `{extra}`", node.key_span(extra), hint, related)


def check_unique(entries: Iterable[Map], what: str, report: Report) -> None:
    """Names in a list, each once."""
    first: dict[str, Map] = {}
    for entry in entries:
        name = name_of(entry)
        if name and name in first:
            related = (Related("the first", place(first[name])),)
            report.error(
                "duplicate-name", f"two {what} are named `{name}`", place(entry), "rename one of them", related
            )
        first.setdefault(name, entry)
