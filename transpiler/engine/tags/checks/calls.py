"""The types of calls: whether arguments fit a function, and what it gives."""

from __future__ import annotations

from contextlib import suppress

from transpiler.engine.tags import tree
from transpiler.engine.tags.checks.collections import check_predicate_function
from transpiler.engine.tags.checks.state import Checker, wrong
from transpiler.engine.tags.errors import ExpressionError
from transpiler.engine.tags.functions.types import OVERLOADS, VALIDATED
from transpiler.engine.tags.names_of_functions import PREDICATES
from transpiler.engine.tags.natures import (
    UNKNOWN,
    Nature,
    Signature,
)


def check_call(checker: Checker, node: tree.Call) -> Nature:
    """The type of a call. Raises ExpressionError for what the engine refuses."""
    callee = checker.check(node.callee)
    if callee.is_unknown:
        return UNKNOWN
    name = _called(node.callee)
    if callee.kind == "nil":
        raise wrong(node, f"{name} is nil; cannot call nil as function")
    if callee.kind != "func":
        raise wrong(node, f"{callee.name} is not callable")
    if callee.signature is None:
        return UNKNOWN
    return _fitting(checker, name, callee.signature, node.arguments, node)


def _called(callee: tree.Node) -> str:
    if isinstance(callee, tree.Name):
        return callee.name
    if isinstance(callee, tree.Member) and isinstance(callee.key, tree.Literal):
        return str(callee.key.value)
    return "function"


def _fitting(
    checker: Checker, name: str, wanted: Signature, arguments: tuple[tree.Node, ...], node: tree.Node
) -> Nature:
    """The result of a function, when the arguments fit. Raises ExpressionError."""
    inputs = wanted.inputs
    if len(arguments) < len(inputs) - wanted.is_variadic:
        raise wrong(node, f"not enough arguments to call {name}")
    if len(arguments) > len(inputs) and not wanted.is_variadic:
        raise wrong(node, f"too many arguments to call {name}")
    for index, argument in enumerate(arguments):
        nature, given = inputs[min(index, len(inputs) - 1)], checker.check(argument)
        if (nature.kind == "float" and given.kind == "int") or nature.kind == given.kind == "int":
            continue
        if given.kind == "nil" and nature.kind not in {"unknown", "zone"}:
            raise wrong(argument, f"cannot use nil as argument (type {nature.name}) to call {name}")
        if not given.assignable_to(nature) and not given.is_unknown and given.kind != "nil":
            raise wrong(argument, f"cannot use {given.name} as argument (type {nature.name}) to call {name} ")
    return wanted.output


def check_builtin(checker: Checker, node: tree.Builtin) -> Nature:
    """The type of a function of the language. Raises ExpressionError for what the engine refuses."""
    if node.name in PREDICATES:
        return check_predicate_function(checker, node)
    if node.name == "get":
        return _get(checker, node)
    if node.name in VALIDATED:
        natures = [checker.check(each) for each in node.arguments]
        try:
            return VALIDATED[node.name](node.name, natures)
        except ExpressionError as error:
            raise wrong(node, error.message) from None
    *others, last = OVERLOADS[node.name]
    for signature in others:
        with suppress(ExpressionError):  # the last one says what is wrong
            return _fitting(checker, node.name, signature, node.arguments, node)
    return _fitting(checker, node.name, last, node.arguments, node)


def _get(checker: Checker, node: tree.Builtin) -> Nature:
    if len(node.arguments) != 2:
        raise wrong(node, f"invalid number of arguments (expected 2, got {len(node.arguments)})")
    base, key = (checker.check(each) for each in node.arguments)
    first, second = node.arguments
    if isinstance(first, tree.Name) and first.name == "$env":
        known = checker.env.get(second.value) if isinstance(second, tree.Literal) else None
        return known or UNKNOWN
    if base.is_unknown:
        return UNKNOWN
    if base.kind == "list":
        if key.kind not in {"int", "unknown"}:
            raise wrong(second, f"non-integer slice index {key.name}")
        return base.inside()
    if base.kind == "map":
        if base.key != "interface {}" and not key.is_unknown and key.name != base.key:
            raise wrong(second, f"cannot use {key.name} to get an element from {base.name}")
        return base.inside()
    raise wrong(first, f"type {base.name} does not support indexing")
