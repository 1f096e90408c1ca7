"""A value of a manifest: a literal, a text with expressions, or the mark of a reported mistake."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from transpiler.model.expressions.tree import Text
from transpiler.read.yaml.nodes import Unusable


class Literal(Struct, frozen=True):
    """A value without references: any YAML value, and the characters it was written with."""

    IS_OPAQUE = True

    value: Any
    written: str

    def __hash__(self) -> int:
        """Lists and mappings have none of their own; equal literals are written alike more often than not."""
        return hash(self.written)


Value = Literal | Text | Unusable
