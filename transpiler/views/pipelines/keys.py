"""Keys of a mapping on both sides → a change for each part that differs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from transpiler.diagnostics import Span
from transpiler.read.yaml.nodes import Map
from transpiler.views.changes import Change
from transpiler.views.pipelines.leaves import Leaf, both_shown, leaves, shown

_SAFE = frozenset(["description", "labels", "annotations"])
"""Keys that no program and no run depends on."""


def key_changes(
    keys: Iterable[str], old: Map | None, new: Map | None, places: tuple[Span, Span], prefix: str = ""
) -> Iterator[Change]:
    """The changes of keys that mean something else than before. One that looks the same is told as a whole."""
    named = [key for key in keys if any(side is not None and key in side for side in (old, new))]
    found = [leaf for key in named for leaf in leaves(f"{prefix}{key}", old, new, key)]
    if found:
        yield from map(setting, found)
    else:
        name = next(iter(named or keys))
        yield Change("setting-changed", level_of(name), f"`{prefix}{name}` changed", *places, f"{prefix}{name}")


def setting(leaf: Leaf) -> Change:
    """A key that was added, removed or changed."""
    level = level_of(leaf.path)
    if leaf.old is None:
        message = f"`{leaf.path}` is new: {shown(leaf.new or '')}"
        return Change("setting-added", level, message, None, leaf.after, leaf.path)
    if leaf.new is None:
        message = f"`{leaf.path}` was removed; it was {shown(leaf.old)}"
        return Change("setting-removed", level, message, leaf.before, None, leaf.path)
    old, new = both_shown(leaf.old, leaf.new)
    message = f"`{leaf.path}` is {new}, not {old}"
    return Change("setting-changed", level, message, leaf.before, leaf.after, leaf.path)


def level_of(path: str) -> str:
    """How much a change of a key matters."""
    return "safe" if path.partition(".")[0] in _SAFE else "notice"
