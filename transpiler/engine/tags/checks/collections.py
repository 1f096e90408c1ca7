"""The types of functions that ask a predicate about each element, such as `filter` and `map`."""

from __future__ import annotations

from typing import Final

from transpiler.engine.tags import tree
from transpiler.engine.tags.checks.state import Checker, wrong
from transpiler.engine.tags.natures import (
    BOOL,
    INT,
    LIST,
    UNKNOWN,
    Nature,
    list_of,
)

_WITH_INDEX: Final = {"map": {"index": INT}, "reduce": {"index": INT, "acc": UNKNOWN}}


_ASKING: Final = frozenset("all none any one filter count find findLast findIndex findLastIndex".split())


def check_predicate_function(checker: Checker, node: tree.Builtin) -> Nature:
    """The type of a function that asks a predicate. Raises ExpressionError for what the engine refuses."""
    collection = checker.check(node.arguments[0])
    if collection.kind not in {"list", "unknown"}:
        raise wrong(node.arguments[0], f"builtin {node.name} takes only array (got {collection.name})")
    gives = UNKNOWN
    if len(node.arguments) > 1:
        checker.collections.append((collection, _WITH_INDEX.get(node.name, {})))
        gives = checker.check(node.arguments[1])
        checker.collections.pop()
        if gives.kind == "nil":
            raise wrong(node.arguments[1], "predicate should has one input and one output param")
        if node.name in _ASKING and gives.kind not in {"bool", "unknown"}:
            raise wrong(node.arguments[1], f"predicate should return boolean (got {gives.name})")
    for each in node.arguments[2:]:
        checker.check(each)
    return _predicate_result(node, collection, gives)


def _predicate_result(node: tree.Builtin, collection: Nature, gives: Nature) -> Nature:
    inside = UNKNOWN if collection.is_unknown else collection.inside()
    name = node.name
    if name in {"all", "none", "any", "one"}:
        return BOOL
    if name in {"count", "findIndex", "findLastIndex"}:
        return INT
    if name == "filter":
        return LIST if collection.is_unknown else list_of(inside)
    if name in {"find", "findLast"}:
        return inside
    if name == "groupBy":
        return Nature("map", "map[interface {}][]interface {}", LIST, "interface {}")
    if name == "sum":
        return gives if len(node.arguments) > 1 else inside
    return {"map": list_of(gives), "sortBy": collection, "reduce": gives}[name]


def check_predicate(checker: Checker, node: tree.Predicate) -> Nature:
    """The type of a predicate. Raises ExpressionError for what the engine refuses."""
    return checker.check(node.inner)


def check_pointer(checker: Checker, node: tree.Pointer) -> Nature:
    """The type of `#`, an element of a collection. Raises ExpressionError for what the engine refuses."""
    if not checker.collections:
        raise wrong(node, "cannot use pointer accessor outside predicate")
    collection, names = checker.collections[-1]
    if not node.name:
        return UNKNOWN if collection.is_unknown else collection.inside()
    if node.name not in names:
        raise wrong(node, f"unknown pointer #{node.name}")
    return names[node.name]
