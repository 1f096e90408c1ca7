"""A mapping with other mappings laid over it: each value keeps the place where it is written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from transpiler.diagnostics import Source
from transpiler.read.yaml.nodes import Elsewhere, Map, Mark

SHORT: Final = {"retry": "limit", "schedule": "cron", "cache": "maxAge", "ttl": "completion", "podGC": "strategy"}
"""Keys with a short form → the key of the long form that it stands for."""
KeepsNull = Callable[[tuple[str, ...]], bool]
"""True for keys, below the mapping that is changed, where a `null` says more than that nothing is there."""


class Laid(Map):
    """A document or a task over which something is laid."""

    __slots__ = ("base", "below", "images")

    def __init__(self, source: Source, mark: Mark) -> None:
        super().__init__(source, mark)
        self.base: Map | None = None
        """The document as it was written."""
        self.images: Map | None = None
        """`images` of all layers of a document."""
        self.below: tuple[Map, ...] = ()
        """Settings of the tasks of the pipeline that a task calls: paths there, and what is said of each."""


def laid_over(node: Map) -> Laid:
    """The same mapping, to be changed."""
    new = Laid(node.source, node.mark)
    new.update(node)
    new.keys_at, new.values_at = dict(node.keys_at), dict(node.values_at)
    new.is_incomplete, new.incomplete_keys = node.is_incomplete, set(node.incomplete_keys)
    new.is_repeated = node.is_repeated
    if isinstance(node, Laid):
        new.base, new.images, new.below = node.base, node.images, node.below
    return new


def never(_: tuple[str, ...]) -> bool:
    """A `null` only takes values off."""
    return False


def put(target: Map, key: str, value: Any, place: tuple[Map, str]) -> None:
    """Set a key to a value that stands at a key of a mapping of a layer."""
    where, name = place
    is_instead = key in target
    key_at = Elsewhere.at(where.keys_at[name], where.source, is_instead=is_instead)
    value_at = Elsewhere.at(where.values_at[name], where.source, is_instead=is_instead)
    target.put(key, value, key_at, value_at)
    target.incomplete_keys.discard(key)
    if name in where.incomplete_keys:
        target.incomplete_keys.add(key)


def remove(target: Map, key: str) -> None:
    """Take a key off."""
    for each in (target, target.keys_at, target.values_at):
        each.pop(key, None)
    target.incomplete_keys.discard(key)


def opened(parent: Map, key: str) -> Laid | None:
    """The mapping at a key, to be changed; None if there is none."""
    value = parent.get(key)
    if not isinstance(value, Map):
        return None
    new = parent[key] = laid_over(value)
    return new


def lay(target: Map, key: str, values: Map, keeps_null: KeepsNull = never, path: tuple[str, ...] = ()) -> None:
    """Lay the value of a key of a layer over that of the target: mappings merge, others replace, `null` takes off."""
    value, path = values[key], (*path, key)
    if value is None and not keeps_null(path):
        remove(target, key)
    elif isinstance(value, Map):
        own = _long(target, key, value, path)
        if own is None:
            own = Laid(value.source, value.mark)
            put(target, key, own, (values, key))
        take_mistakes(own, value)
        for name in value:
            lay(own, name, value, keeps_null, path)
    else:
        put(target, key, value, (values, key))


def _long(target: Map, key: str, value: Map, path: tuple[str, ...]) -> Laid | None:
    """The target's mapping at a key, to be changed; a short form becomes one first."""
    own = opened(target, key)
    short = SHORT.get(key) if own is None and len(path) == 1 else None
    current = target.get(key)
    if short is None or current is None or current is False or target.hides(key) or short in value:
        return own
    own = Laid(target.source, target.values_at[key])
    own.put(short, current, target.keys_at[key], target.values_at[key])
    target[key] = own
    return own


def take_mistakes(own: Map, value: Map) -> None:
    """Note the reported mistakes of a mapping that is laid over another."""
    own.is_incomplete = own.is_incomplete or value.is_incomplete
    own.is_repeated = own.is_repeated or value.is_repeated
    own.incomplete_keys |= {key for key in value.incomplete_keys if key not in value}
