"""Data in Argo's or Kubernetes' own fields → plain data, and the texts in it that hold references."""

from __future__ import annotations

from collections.abc import Iterator

from transpiler.diagnostics import Report
from transpiler.model import fields
from transpiler.model.raw import plain
from transpiler.model.tree import Slot, Tree
from transpiler.read.interpolation import parse_text
from transpiler.read.nodes import List, Map


def tree_of(parent: Map, key: str, report: Report) -> Tree | None:
    """The data of a key; None when it is empty or wrong, which is reported."""
    value = parent.get(key)
    if not value or key in parent.faulty or not fields.is_sound(value):
        return None
    assert isinstance(value, (Map, List))
    return Tree(plain(value), tuple(slots_of(value, report)))


def slots_of(node: Map | List, report: Report, path: tuple[str | int, ...] = ()) -> Iterator[Slot]:
    """The texts below a node that hold references, or a `$${{`. Reports what is no expression."""
    marks = node.values_at if isinstance(node, Map) else dict(enumerate(node.items_at))
    entries = node.items() if isinstance(node, Map) else enumerate(node)
    for key, value in entries:
        if isinstance(value, (Map, List)):
            yield from slots_of(value, report, (*path, key))
        elif isinstance(value, str) and "${{" in value:
            text = parse_text(value, node.source, marks[key], report)  # type: ignore[index]  # keys of this very node
            if text is not None:
                yield Slot((*path, key), text)
