"""Reading the fields of a mapping that JSON Schema has judged. Never reports anything.

What has the wrong type counts as absent, because it is reported already.
"""

from __future__ import annotations

from transpiler.read.nodes import List, Map


def text(mapping: Map, key: str) -> str:
    """A text, or a scalar as it was written; empty when there is none."""
    value = mapping.get(key)
    if isinstance(value, str):
        return value
    return mapping.written(key) if isinstance(value, (int, float)) else ""


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
