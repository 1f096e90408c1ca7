"""A value of a manifest: a literal, a text with expressions, or one that is unusable."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from transpiler.model.expressions.tree import Text


class Literal(Struct, frozen=True):
    """A value without references: any YAML value, and the characters it was written with."""

    value: Any
    written: str

    def __hash__(self) -> int:
        """Lists and mappings have none of their own; equal literals are written alike more often than not."""
        return hash(self.written)


class Unusable(Struct, frozen=True):
    """A value with a mistake that is reported: it counts as given, and nothing more is said about it."""


Value = Literal | Text | Unusable
