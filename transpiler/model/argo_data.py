"""Data in Kubernetes' or Argo's own fields of a manifest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import deepcopy
from typing import Any

from msgspec import Struct

from transpiler.argo.kubelet import is_read
from transpiler.argo.merge import beneath, over
from transpiler.model.expressions.tree import Text


class Slot(Struct, frozen=True):
    """A text with references in data of Argo's own: the keys and indices that lead to it, and the text."""

    path: tuple[str | int, ...]
    text: Text


class Tree(Struct, frozen=True):
    """Data in Kubernetes' or Argo's own form (`valueFrom`, a toleration): plain dicts, lists and scalars."""

    data: Any
    slots: tuple[Slot, ...] = ()

    def __hash__(self) -> int:
        """Trees cannot be hashed by content; few are compared."""
        return 0

    def below(self, *keys: str) -> Tree:
        """The same data under some keys."""
        data = self.data
        for key in reversed(keys):
            data = {key: data}
        return Tree(data, tuple(Slot((*keys, *slot.path), slot.text) for slot in self.slots))

    def over(self, default: Tree) -> Tree:
        """These fields over those of a default, each with its own texts."""
        both = over(filled(default.data, default.slots, _itself), filled(self.data, self.slots, _itself))
        return Tree(both, tuple(_slots(both)))

    def beneath(self, said: Mapping[str, Any]) -> Tree:
        """These fields without those that something over them has itself."""
        left = beneath(filled(self.data, self.slots, _itself), said)
        return Tree(left, tuple(_slots(left)))


Write = Callable[[Text], Any]


def filled(data: Any, slots: Iterable[Slot], write: Write, program: Write | None = None) -> Any:
    """The data with a text at each slot; the original is not changed. `program` writes texts for the kubelet."""
    slots = tuple(slots)
    result = deepcopy(data) if slots else data
    for slot in slots:
        node = result
        for step in slot.path[:-1]:
            node = node[step]
        node[slot.path[-1]] = (program if program and is_read(slot.path) else write)(slot.text)
    return result


def _itself(text: Text) -> Text:
    return text


def _slots(data: Any, path: tuple[str | int, ...] = ()) -> Iterator[Slot]:
    """The texts with references in data."""
    entries = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in entries:
        if isinstance(value, Text):
            yield Slot((*path, key), value)
        else:
            yield from _slots(value, (*path, key))
