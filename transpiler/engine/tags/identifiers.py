"""The names that an expression needs, and whether an environment has them (Argo's util/template)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from transpiler.engine.tags.parser import parse
from transpiler.engine.tags.tree import Binary, Literal, Member, Name, Node, walk


@lru_cache(maxsize=8192)
def identifiers(expression: str) -> tuple[str, ...]:
    """The names in an expression, and the paths of texts behind them, in the order of its parts.

    Members on the left of `??` are left out, and what stands right before `?.`: they may be missing. Raises
    ExpressionError for what cannot be read.
    """
    tree = parse(expression)
    guarded = set(_guarded(tree))
    found: dict[str, None] = {}
    for node in walk(tree):
        if id(node) in guarded:
            continue
        if isinstance(node, Name):
            found.setdefault(node.name)
        elif isinstance(node, Member):
            path = _path(node)
            if path:
                found.setdefault(path)
    return tuple(found)


def _guarded(tree: Node) -> Iterator[int]:
    for node in walk(tree):
        if isinstance(node, Binary) and node.operator == "??":
            yield from (id(each) for each in walk(node.left) if isinstance(each, Member))
        elif isinstance(node, Member) and node.is_optional and isinstance(node.base, Member):
            yield id(node.base)


def _path(node: Member) -> str:
    """A variable and its members with dots between them; empty for anything else."""
    parts: list[str] = []
    each: Node = node
    while isinstance(each, Member):
        if each.is_optional or not (isinstance(each.key, Literal) and isinstance(each.key.value, str)):
            return ""
        parts.append(each.key.value)
        each = each.base
    return ".".join([each.name, *reversed(parts)]) if isinstance(each, Name) else ""


def has_name(env: Mapping[str, Any], name: str) -> bool:
    """True when an environment has a name, be its value nil; parts of a name are sought in mappings."""
    if name in env:
        return True
    parts = name.split(".")
    place: Any = env
    for size in range(len(parts), 0, -1):
        start = ".".join(parts[:size])
        if start in env:
            place, parts = env[start], parts[size:]
            break
    for part in parts:
        if not isinstance(place, Mapping) or part not in place:
            return False
        place = place[part]
    return True
