"""Members, elements and parts of lists and texts → functions of a run."""

from __future__ import annotations

from typing import Any

from transpiler.engine.tags import operators
from transpiler.engine.tags.compilers.state import Compiled, Compiler, at_place
from transpiler.engine.tags.errors import ExpressionError
from transpiler.engine.tags.run import Run
from transpiler.engine.tags.tree import (
    Chain,
    Literal,
    Member,
    Slice,
)
from transpiler.engine.tags.values import is_nil


class _ChainEnd(Exception):  # noqa: N818 - no error: the base of `?.` is nil
    """The rest of a chain is left out."""


def compile_chain(compiler: Compiler, node: Chain) -> Compiled:
    """The function of a chain with `?.`."""
    inner = compiler.compiled(node.inner)

    def chained(run: Run) -> Any:
        try:
            value = inner(run)
        except _ChainEnd:
            return None
        return None if is_nil(value) else value

    return chained


def compile_member(compiler: Compiler, node: Member) -> Compiled:
    """The function of a member or an element."""
    base, at, is_optional = compiler.compiled(node.base), node.at, node.is_optional
    if isinstance(node.key, Literal) and not is_optional:
        constant = node.key.value

        def fetched(run: Run) -> Any:
            value = base(run)
            if type(value) is dict and type(constant) is str:
                return value.get(constant)
            try:
                return operators.fetch(value, constant)
            except ExpressionError as error:
                raise at_place(error, at) from None

        return fetched
    key = compiler.compiled(node.key)

    def looked_up(run: Run) -> Any:
        value = base(run)
        if is_optional and is_nil(value):
            raise _ChainEnd
        name = key(run)
        try:
            return operators.fetch(value, name)
        except ExpressionError as error:
            raise at_place(error, at) from None

    return looked_up


def compile_slice(compiler: Compiler, node: Slice) -> Compiled:
    """The function of a part of a list or a text."""
    base, at = compiler.compiled(node.base), node.at
    start = compiler.compiled(node.start) if node.start is not None else None
    stop = compiler.compiled(node.stop) if node.stop is not None else None

    def cut(run: Run) -> Any:
        value = base(run)
        end = stop(run) if stop else 1 << 62
        begin = start(run) if start else 0
        try:
            return operators.sliced(value, begin, end)
        except ExpressionError as error:
            raise at_place(error, at) from None

    return cut
