"""Data in Argo's own fields, with its texts written as Argo reads them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from copy import deepcopy
from typing import Any

from transpiler.model.tree import Slot
from transpiler.read.expressions import Text


def filled(data: Any, slots: Iterable[Slot], write: Callable[[Text], str]) -> Any:
    """The data with a text at each slot; what was given is not changed."""
    slots = tuple(slots)
    result = deepcopy(data) if slots else data
    for slot in slots:
        node = result
        for step in slot.path[:-1]:
            node = node[step]
        node[slot.path[-1]] = write(slot.text)
    return result
