"""Literals, names, lists and mappings, and what puts expressions together → functions of a run."""

from __future__ import annotations

from typing import Any

from transpiler.engine.tags.compilers.state import Compiled, Compiler, shown_type
from transpiler.engine.tags.errors import ExpressionError
from transpiler.engine.tags.run import Run
from transpiler.engine.tags.tree import (
    Array,
    Conditional,
    Let,
    Literal,
    Mapping,
    Name,
    Nil,
    Node,
    Sequence,
)


def compile_nil(_: Compiler, __: Nil) -> Compiled:
    """The function of `nil`."""
    return lambda _: None


def compile_literal(_: Compiler, node: Literal) -> Compiled:
    """The function of a literal."""
    value = node.value
    return lambda _: value


def compile_name(compiler: Compiler, node: Name) -> Compiled:
    """The function of a name."""
    name = node.name
    for known, index in reversed(compiler.variables):
        if known == name:
            return lambda run: run.variables[index]
    if name == "$env":
        return lambda run: run.env
    return lambda run: run.env.get(name)


def compile_let(compiler: Compiler, node: Let) -> Compiled:
    """The function of a declaration."""
    value = compiler.compiled(node.value)
    index = compiler.count
    compiler.count += 1
    compiler.variables.append((node.name, index))
    body = compiler.compiled(node.body)
    compiler.variables.pop()

    def bound(run: Run) -> Any:
        run.variables[index] = value(run)
        return body(run)

    return bound


def compile_sequence(compiler: Compiler, node: Sequence) -> Compiled:
    """The function of expressions one after another."""
    nodes = compiler.several(node.nodes)

    def last(run: Run) -> Any:
        value: Any = None
        for each in nodes:
            value = each(run)
        return value

    return last


def compile_conditional(compiler: Compiler, node: Conditional) -> Compiled:
    """The function of a choice."""
    choices: list[tuple[Compiled, Compiled, int]] = []
    other: Node = node
    while isinstance(other, Conditional):
        choices.append((compiler.compiled(other.test), compiler.compiled(other.one), other.at))
        other = other.other
    otherwise = compiler.compiled(other)

    def chosen(run: Run) -> Any:
        for test, one, at in choices:
            value = test(run)
            if value is True:
                return one(run)
            if value is not False:
                raise ExpressionError(f"interface conversion: interface {{}} is {shown_type(value)}, not bool", at)
        return otherwise(run)

    return chosen


def compile_array(compiler: Compiler, node: Array) -> Compiled:
    """The function of a list."""
    nodes = compiler.several(node.nodes)

    def listed(run: Run) -> Any:
        run.grow(len(nodes))
        return [each(run) for each in nodes]

    return listed


def compile_mapping(compiler: Compiler, node: Mapping) -> Compiled:
    """The function of a mapping."""
    pairs = [(compiler.compiled(key), compiler.compiled(value)) for key, value in node.pairs]
    at = node.at

    def mapped(run: Run) -> Any:
        run.grow(len(pairs))
        found = [(key(run), value(run)) for key, value in pairs]
        for key, _ in found:
            if not isinstance(key, str):
                raise ExpressionError(f"interface conversion: interface {{}} is {shown_type(key)}, not string", at)
        return dict(found)

    return mapped
