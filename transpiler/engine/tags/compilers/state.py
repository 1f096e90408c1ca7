"""What a compilation of an expression knows: its variables; and what all functions of nodes share."""

from __future__ import annotations

from collections import abc
from collections.abc import Callable
from typing import Any, TypeAlias

from transpiler.engine.tags.errors import ExpressionError
from transpiler.engine.tags.run import Run
from transpiler.engine.tags.tree import (
    Node,
)
from transpiler.engine.tags.values import type_name

Compiled: TypeAlias = Callable[[Run], Any]


Step: TypeAlias = Callable[[Run, Any], Any]


class Compiler:
    """The state: the variables in scope, and how many there are."""

    def __init__(self, compilers: abc.Mapping[type, Callable[[Compiler, Any], Compiled]]) -> None:
        """`compilers`: what makes the function of a node, for each class of nodes."""
        self._compilers = compilers
        self.variables: list[tuple[str, int]] = []
        self.count = 0

    def compiled(self, node: Node) -> Compiled:
        """The function of a node."""
        return self._compilers[type(node)](self, node)

    def several(self, nodes: tuple[Node, ...]) -> list[Compiled]:
        """The functions of nodes."""
        return [self.compiled(each) for each in nodes]


def truth(value: Any) -> bool:
    """A value that is a truth value. Raises ExpressionError for anything else."""
    if value is True or value is False:
        return bool(value)
    raise ExpressionError(f"interface conversion: interface {{}} is {shown_type(value)}, not bool")


def shown_type(value: Any) -> str:
    """The type of a value as the engine prints it."""
    return "nil" if value is None else type_name(value)


def at_place(error: ExpressionError, at: int) -> ExpressionError:
    """An error that knows where it happened; the innermost place stays."""
    if error.at is None:
        error.at = at
    return error
