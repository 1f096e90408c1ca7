"""What a check of an expression knows: types of names, and what it has found already."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from transpiler.engine.tags import tree
from transpiler.engine.tags.errors import ExpressionError
from transpiler.engine.tags.natures import (
    Nature,
)


class Checker:
    """The state: the types of the environment, of variables, and of the elements of predicates."""

    def __init__(self, env: Mapping[str, Nature], checks: Mapping[type, Callable[[Checker, Any], Nature]]) -> None:
        """`checks`: what tells the type of a node, for each class of nodes."""
        self.env, self._checks = env, checks
        self.variables: list[tuple[str, Nature]] = []
        self.collections: list[tuple[Nature, dict[str, Nature]]] = []
        self.known: dict[int, Nature] = {}

    def check(self, node: tree.Node) -> Nature:
        """The type of a node. Raises ExpressionError for what the engine refuses."""
        found = self.known.get(id(node))
        if found is None:
            found = self.known[id(node)] = self._checks[type(node)](self, node)
        return found


def wrong(node: tree.Node, message: str) -> ExpressionError:
    """An error at a node."""
    return ExpressionError(message, node.at)
