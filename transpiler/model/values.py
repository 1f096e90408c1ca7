"""A value of a manifest: a literal, a text with expressions, or one that is unusable."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from transpiler.model.expressions.tree import Text


@dataclass(frozen=True, slots=True)
class Literal:
    """A value without references: any YAML value, and the characters it was written with."""

    value: Any
    written: str

    def __hash__(self) -> int:
        """Lists and mappings have none of their own; equal literals are written alike more often than not."""
        return hash(self.written)


@dataclass(frozen=True, slots=True)
class Unusable:
    """A value with a mistake that is reported: it counts as given, and nothing more is said about it."""


Value = Literal | Text | Unusable
