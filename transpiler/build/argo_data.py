"""Data in Argo's or Kubernetes' own fields → plain data, and its texts with references."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, TypeGuard

from transpiler.build.expressions.interpolation import parse_text
from transpiler.diagnostics import Report, Source
from transpiler.model.argo_data import Slot, Tree
from transpiler.read.plain_data import plain
from transpiler.read.yaml import fields
from transpiler.read.yaml.nodes import FileText, List, Map, Mark


def tree_of(parent: Map, key: str, report: Report) -> Tree | None:
    """The data of a key; None when it is empty or wrong, which is reported."""
    value = parent.get(key)
    if not value or key in parent.incomplete_keys or not fields.is_complete(value):
        return None
    assert isinstance(value, (Map, List))
    return Tree(plain(value), tuple(slots_of(value, report)))


NEUTRAL: Final = "{{workflow.name}}"
"""A tag that may stand wherever one may: what is said of it holds for each that a reference becomes."""


def as_argo_reads(node: Map) -> Map:
    """The mapping with a tag of Argo's for each reference, for rules that are independent of references."""
    read: Map = _read(node)
    return read


def _read(node: Any) -> Any:
    if isinstance(node, Map) and _holds_references(node):
        new = Map(node.source, node.mark)
        new.keys_at, new.values_at, new.is_incomplete, new.incomplete_keys = (
            node.keys_at,
            node.values_at,
            node.is_incomplete,
            node.incomplete_keys,
        )
        new.update({key: _text(node[key], node.source, node.values_at[key]) for key in node})
        return new
    if isinstance(node, List) and _holds_references(node):
        items = List(node.source, node.mark)
        items.items_at = node.items_at
        items.extend(_text(item, node.source, mark) for item, mark in zip(node, node.items_at, strict=True))
        return items
    return node


def _text(value: Any, source: Source, mark: Mark) -> Any:
    if not _has_references(value):
        return _read(value)
    text = parse_text(value, source, mark, Report())
    parts = text.parts if text is not None else (None,)
    return "".join(part if isinstance(part, str) else NEUTRAL for part in parts)


def _holds_references(node: Map | List) -> bool:
    values = node.values() if isinstance(node, Map) else node
    return any(
        _has_references(value) or (isinstance(value, (Map, List)) and _holds_references(value)) for value in values
    )


def _has_references(value: object) -> TypeGuard[str]:
    """True for a text that may contain references; one in a file of its own contains none."""
    return isinstance(value, str) and "${{" in value and not isinstance(value, FileText)


def slots_of(node: Map | List, report: Report, path: tuple[str | int, ...] = ()) -> Iterator[Slot]:
    """The texts below a node that contain references, or a `$${{`. Reports invalid expressions."""
    marks = node.values_at if isinstance(node, Map) else dict(enumerate(node.items_at))
    entries = node.items() if isinstance(node, Map) else enumerate(node)
    for key, value in entries:
        if isinstance(value, (Map, List)):
            yield from slots_of(value, report, (*path, key))
        elif _has_references(value):
            text = parse_text(value, node.source, marks[key], report)  # type: ignore[index]  # keys of this very node
            if text is not None:
                yield Slot((*path, key), text)
