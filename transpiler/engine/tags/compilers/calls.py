"""Calls, and predicates about elements → functions of a run."""

from __future__ import annotations

from typing import Any

from transpiler.engine.tags import predicates
from transpiler.engine.tags.compilers.state import Compiled, Compiler, at_place
from transpiler.engine.tags.errors import ExpressionError
from transpiler.engine.tags.functions.table import TABLE
from transpiler.engine.tags.run import Run
from transpiler.engine.tags.tree import (
    Builtin,
    Call,
    Pointer,
    Predicate,
)
from transpiler.engine.tags.values import Function, type_name


def compile_call(compiler: Compiler, node: Call) -> Compiled:
    """The function of a call."""
    arguments, callee, at = compiler.several(node.arguments), compiler.compiled(node.callee), node.at

    def called(run: Run) -> Any:
        values = [argument(run) for argument in arguments]
        function = callee(run)
        try:
            if not isinstance(function, Function):
                name = "nil" if function is None else f"non-function of type {type_name(function)}"
                raise ExpressionError(f"invalid operation: cannot call {name}")
            return function.call(run, *values) if function.needs_run else function.call(*values)
        except ExpressionError as error:
            raise at_place(error, at) from None

    return called


def compile_builtin(compiler: Compiler, node: Builtin) -> Compiled:
    """The function of a function of the language."""
    if node.name in predicates.PREDICATES:
        arguments = compiler.several(node.arguments)
        mapped = compiler.compiled(node.mapped) if node.mapped is not None else None
        return predicates.PREDICATES[node.name](arguments, mapped, node.throws)
    entry, at = TABLE[node.name], node.at
    arguments = compiler.several(node.arguments)
    if not entry.least <= len(arguments) <= entry.most:
        wrong = f"invalid number of arguments for {node.name} (got {len(arguments)})"
        return lambda _: _fail(wrong, at)
    call = entry.call

    def computed(run: Run) -> Any:
        values = [argument(run) for argument in arguments]
        try:
            return call(run, *values)
        except ExpressionError as error:
            raise at_place(error, at) from None

    return computed


def _fail(message: str, at: int) -> Any:
    raise ExpressionError(message, at)


def compile_predicate(compiler: Compiler, node: Predicate) -> Compiled:
    """The function of a predicate."""
    return compiler.compiled(node.inner)


def compile_pointer(_: Compiler, node: Pointer) -> Compiled:
    """The function of `#`, the element that a predicate is asked about."""
    if node.name == "index":
        return lambda run: run.scopes[-1].index
    if node.name == "acc":
        return lambda run: run.scopes[-1].gathered
    if node.name:
        raise ExpressionError(f"unknown pointer {node.name}", node.at)

    def element(run: Run) -> Any:
        scope = run.scopes[-1]
        return scope.items[scope.index]

    return element
