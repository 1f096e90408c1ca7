"""Data in Kubernetes' or Argo's own fields, as a manifest holds it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from transpiler.read.expressions import Text


@dataclass(frozen=True, slots=True)
class Slot:
    """A text with references in data of Argo's own: the keys and indices that lead to it, and the text."""

    HOLDS_EXPRESSIONS = True

    path: tuple[str | int, ...]
    text: Text


@dataclass(frozen=True, slots=True)
class Tree:
    """Data in Kubernetes' or Argo's own form (`valueFrom`, a toleration): plain dicts, lists and scalars."""

    HOLDS_EXPRESSIONS = True

    data: Any
    slots: tuple[Slot, ...] = ()

    def __hash__(self) -> int:
        """Trees cannot be hashed by content; few are compared."""
        return 0
