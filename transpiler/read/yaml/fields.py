"""Reading the fields of a mapping that JSON Schema has judged. Never reports anything.

What has the wrong type counts as absent, because it is reported already.
"""

from __future__ import annotations

from transpiler.read.yaml.nodes import UNUSABLE, List, Map


def is_complete(node: object) -> bool:
    """True when nothing in a mapping or list is reported as wrong."""
    if node is UNUSABLE:
        return False
    if isinstance(node, Map):
        return not node.has_mistakes and all(is_complete(value) for value in node.values())
    return not node.is_incomplete and all(is_complete(item) for item in node) if isinstance(node, List) else True


def hides_names(parent: Map, key: str) -> bool:
    """True when the names under a key are not all known, since something there is wrong and reported."""
    value = parent.get(key)
    hides = value.is_incomplete if isinstance(value, Map) else isinstance(value, List) and _hides_items(value)
    return parent.hides(key) or hides


def _hides_items(value: List) -> bool:
    """True when the names in a list, or of the mappings in it, are not all known."""
    if value.has_lost_items or (value.is_incomplete and not all(isinstance(item, Map) for item in value)):
        return True
    return any(isinstance(item, Map) and item.hides("name") for item in value)


def text(mapping: Map, key: str) -> str:
    """A text, or a scalar as it was written; empty when there is none."""
    value = mapping.get(key)
    if isinstance(value, str):
        return value
    return mapping.written(key) if isinstance(value, (int, float)) else ""


def boolean(mapping: Map, key: str) -> bool | None:
    """The boolean at a key, None when there is none."""
    value = mapping.get(key)
    return value if isinstance(value, bool) else None


def mapping(parent: Map, key: str) -> Map | None:
    """A mapping, or None."""
    value = parent.get(key)
    return value if isinstance(value, Map) else None


def mappings(parent: Map, key: str) -> list[Map]:
    """The mappings in a list."""
    return [item for item in items(parent, key) if isinstance(item, Map)]


def items(parent: Map, key: str) -> List | tuple[()]:
    """A list, or nothing."""
    value = parent.get(key)
    return value if isinstance(value, List) else ()


def pairs(parent: Map, key: str) -> tuple[tuple[str, str], ...]:
    """A mapping of texts, sorted by key."""
    found = mapping(parent, key)
    if found is None:
        return ()
    return tuple(sorted((name, text(found, name)) for name in found))
