"""One evaluation of an expression: its environment, its variables, and what it may use up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from transpiler.engine.tags.errors import ExpressionError, UnsupportedError
from transpiler.engine.tags.times import Time

BUDGET: Final = 1_000_000
"""Items of lists and mappings that one evaluation may make, and characters that it repeats: the engine's budget."""
MAX_STEPS: Final = 2_000_000
"""Elements that the predicates of one evaluation may look at."""

Random: TypeAlias = Callable[[int], bytes]
"""A number of bytes → as many random bytes."""


class Scope:
    """The loop of a predicate: its elements, the place among them, and what has been gathered."""

    __slots__ = ("gathered", "index", "items")

    def __init__(self, items: list[Any]) -> None:
        self.items = items
        self.index = 0
        self.gathered: Any = None


class Run:
    """The state of one evaluation."""

    __slots__ = ("budget", "env", "now", "random", "scopes", "steps", "variables")

    def __init__(self, env: Mapping[str, Any], variables: int, now: Time | None, random: Random | None) -> None:
        self.env = env
        self.variables: list[Any] = [None] * variables
        self.scopes: list[Scope] = []
        self.now = now
        self.random = random
        self.budget = BUDGET
        self.steps = MAX_STEPS

    def grow(self, size: int) -> None:
        """Use up some of the budget. Raises ExpressionError when it is spent."""
        self.budget -= size
        if self.budget <= 0:
            raise ExpressionError("memory budget exceeded")

    def step(self) -> None:
        """Look at one more element. Raises ExpressionError when that has happened too often."""
        self.steps -= 1
        if self.steps < 0:
            raise ExpressionError("the expression takes too long")

    def time(self) -> Time:
        """The time now. Raises UnsupportedError where nobody has said what it is."""
        if self.now is None:
            raise UnsupportedError("the time now is not known here")
        return self.now

    def random_bytes(self, count: int) -> bytes:
        """Random bytes. Raises UnsupportedError without a source of them."""
        if self.random is None:
            raise UnsupportedError("a random value would differ from run to run, and there is no source of randomness")
        return self.random(count)
