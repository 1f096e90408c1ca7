"""A value of a manifest: a literal, a text with expressions, or the mark of a reported mistake; and a stored file."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from transpiler.model.argo_data import Tree
from transpiler.model.expressions.tree import Text
from transpiler.read.yaml.nodes import Map, Unusable


class Literal(Struct, frozen=True):
    """A value without references: any YAML value, and the characters it was written with."""

    IS_OPAQUE = True

    value: Any
    written: str

    def __hash__(self) -> int:
        """Lists and mappings have none of their own; equal literals are written alike more often than not."""
        return hash(self.written)


Value = Literal | Text | Unusable


class StoredFile(Struct, frozen=True):
    """`{artifact: …}` as an argument: a file that exists, by its location in Argo's fields, and these as written."""

    location: Tree
    written: Map

    def __hash__(self) -> int:
        """Mappings have none of their own."""
        return hash(self.location)


Passed = Value | StoredFile
"""What a task passes to an input."""
