"""Keys and indices that lead into a document → the place there that is nearest to what they name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from transpiler.diagnostics import Span
from transpiler.read.yaml.nodes import List, Map


class Nearest(NamedTuple):
    """A place, and how many of the steps lead to it: all of them if what they name is there."""

    span: Span
    depth: int


def nearest(node: Map | List, path: Sequence[str | int]) -> Nearest:
    """The last of these steps that is there; the node itself if none is."""
    found = node.span
    for depth, step in enumerate(path):
        if isinstance(node, Map) and isinstance(step, str) and step in node:
            found, inner = node.key_span(step), node[step]
        elif isinstance(node, List) and isinstance(step, int) and step < len(node):
            found, inner = node.item_span(step), node[step]
        else:
            return Nearest(found, depth)
        if not isinstance(inner, (Map, List)):
            return Nearest(found, depth + 1)
        node = inner
    return Nearest(found, len(path))
