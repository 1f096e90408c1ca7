"""The types of literals, names, lists and mappings, and of what puts expressions together."""

from __future__ import annotations

from transpiler.engine.tags import tree
from transpiler.engine.tags.checks.state import Checker, wrong
from transpiler.engine.tags.names_of_functions import BUILTINS, PREDICATES
from transpiler.engine.tags.natures import (
    LIST,
    MAP,
    UNKNOWN,
    Nature,
    list_of,
    nature_of,
)


def check_literal(_: Checker, node: tree.Literal) -> Nature:
    """The type of a literal. Raises ExpressionError for what the engine refuses."""
    return nature_of(node.value)


def check_name(checker: Checker, node: tree.Name) -> Nature:
    """The type of a name. Raises ExpressionError for what the engine refuses."""
    for name, nature in reversed(checker.variables):
        if name == node.name:
            return nature
    if node.name == "$env":
        return UNKNOWN
    return named(checker, node, node.name, is_strict=True, has_builtins=True)


def named(checker: Checker, node: tree.Node, name: str, *, is_strict: bool, has_builtins: bool) -> Nature:
    """The type of a name. `is_strict`: an unknown one is refused; `has_builtins`: functions have names too."""
    if name in checker.env:
        return checker.env[name]
    if has_builtins and (name in BUILTINS or name in PREDICATES):
        return Nature("func", f"builtin {name}")
    if is_strict:
        raise wrong(node, f"unknown name {name}")
    return UNKNOWN


def check_let(checker: Checker, node: tree.Let) -> Nature:
    """The type of a declaration. Raises ExpressionError for what the engine refuses."""
    if node.name in checker.env:
        raise wrong(node, f"cannot redeclare {node.name}")
    if node.name in BUILTINS or node.name in PREDICATES:
        raise wrong(node, f"cannot redeclare builtin {node.name}")
    if any(name == node.name for name, _ in checker.variables):
        raise wrong(node, f"cannot redeclare variable {node.name}")
    checker.variables.append((node.name, checker.check(node.value)))
    body = checker.check(node.body)
    checker.variables.pop()
    return body


def check_sequence(checker: Checker, node: tree.Sequence) -> Nature:
    """The type of expressions one after another. Raises ExpressionError for what the engine refuses."""
    return [checker.check(each) for each in node.nodes][-1]


def check_conditional(checker: Checker, node: tree.Conditional) -> Nature:
    """The type of a choice. Raises ExpressionError for what the engine refuses."""
    choices: list[Nature] = []
    each: tree.Node = node
    while isinstance(each, tree.Conditional):
        test = checker.check(each.test)
        if test.kind not in {"bool", "unknown"}:
            raise wrong(each.test, f"non-bool expression (type {test.name}) used as condition")
        choices.append(checker.check(each.one))
        each = each.other
    other = checker.check(each)
    for one in reversed(choices):
        other = _either(one, other)
    return other


def _either(one: Nature, other: Nature) -> Nature:
    """The type of a choice."""
    if one.kind == "nil":
        return other
    if other.kind == "nil":
        return one
    if not one.assignable_to(other):
        return UNKNOWN
    if one.kind == "list" and one.inside() != other.inside():
        inside, others = one.inside(), other.inside()
        return one if inside.assignable_to(others) and others.assignable_to(inside) else LIST
    return one


def check_array(checker: Checker, node: tree.Array) -> Nature:
    """The type of a list. Raises ExpressionError for what the engine refuses."""
    natures = [checker.check(each) for each in node.nodes]
    kinds = {_go_kind(each) for each in natures}
    return list_of(natures[-1]) if len(kinds) == 1 else LIST if kinds else list_of(UNKNOWN)


def _go_kind(nature: Nature) -> str:
    if nature.name == "unknown":
        return "invalid"
    return nature.kind if nature.kind in {"list", "map"} else nature.name


def check_mapping(checker: Checker, node: tree.Mapping) -> Nature:
    """The type of a mapping. Raises ExpressionError for what the engine refuses."""
    for key, value in node.pairs:
        checker.check(key)
        checker.check(value)
    return MAP
