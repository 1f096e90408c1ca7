"""The types of members, elements and parts of lists and texts."""

from __future__ import annotations

from transpiler.engine.tags import tree
from transpiler.engine.tags.checks.state import Checker, wrong
from transpiler.engine.tags.checks.values import named
from transpiler.engine.tags.functions.types import METHODS
from transpiler.engine.tags.natures import (
    INT,
    UNKNOWN,
    Nature,
)


def check_chain(checker: Checker, node: tree.Chain) -> Nature:
    """The type of a chain with `?.`. Raises ExpressionError for what the engine refuses."""
    return checker.check(node.inner)


def check_member(checker: Checker, node: tree.Member) -> Nature:
    """The type of a member or an element. Raises ExpressionError for what the engine refuses."""
    text = node.key.value if isinstance(node.key, tree.Literal) and isinstance(node.key.value, str) else None
    if isinstance(node.base, tree.Name) and node.base.name == "$env":
        if text is None:
            return UNKNOWN
        return named(checker, node, text, is_strict=not node.is_optional, has_builtins=False)
    base, key = checker.check(node.base), checker.check(node.key)
    if base.is_unknown:
        return UNKNOWN
    if base.kind == "nil" and text is not None:
        raise wrong(node, f"type nil has no field {text}")
    if text is not None and (base.kind, text) in METHODS:
        return METHODS[base.kind, text]
    found = _element(node, base, key)
    if found is not None:
        return found
    if text is not None:
        raise wrong(node, f"type {base.name} has no {'method' if node.is_method else 'field'} {text}")
    raise wrong(node, f"type {base.name}[{key.name}] is undefined")


def _element(node: tree.Member, base: Nature, key: Nature) -> Nature | None:
    """The type of an item or value; None where there are none."""
    if base.kind == "map":
        if base.key != "interface {}" and not key.is_unknown and key.name != base.key:
            raise wrong(node.key, f"cannot use {key.name} to get an element from {base.name}")
        return base.inside()
    if base.kind == "list":
        if key.kind not in {"int", "unknown"}:
            raise wrong(node.key, f"array elements can only be selected using an integer (got {key.name})")
        return base.inside()
    return None


def check_slice(checker: Checker, node: tree.Slice) -> Nature:
    """The type of a part of a list or a text. Raises ExpressionError for what the engine refuses."""
    base = checker.check(node.base)
    if base.is_unknown:
        return UNKNOWN
    if base.kind not in {"string", "list"}:
        raise wrong(node, f"cannot slice {base.name}")
    for bound in (node.start, node.stop):
        nature = INT if bound is None else checker.check(bound)
        if nature.kind not in {"int", "unknown"}:
            raise wrong(node, f"non-integer slice index {nature.name}")
    return base
