"""Two values of a file → the smallest parts that differ, each with its keys, its texts and its places."""

from __future__ import annotations

import json
from itertools import zip_longest
from typing import Any, Final

from msgspec import Struct

from transpiler.diagnostics import Span, excerpt
from transpiler.read.yaml.nodes import List, Map
from transpiler.views.content import content

MOST: Final = 12
"""A value with more differences is told as a whole."""
_FEW: Final = 3
"""Items that are told one by one where a list has got longer or shorter."""
_AROUND: Final = 20
"""Characters of a long text before the first one that differs."""
Parent = Map | List
Key = str | int


class Leaf(Struct, frozen=True):
    """A part that differs; a text is None on the side that lacks it."""

    path: str
    old: str | None
    new: str | None
    before: Span | None
    after: Span | None


def leaves(path: str, old: Map | None, new: Map | None, key: str) -> list[Leaf]:
    """The differences of the value of a key in two mappings, either of which may lack it."""
    return _leaves(path, old, key if old is not None and key in old else None, new, key if new and key in new else None)


def _leaves(path: str, old: Parent | None, one: Key | None, new: Parent | None, other: Key | None) -> list[Leaf]:
    """The differences of two entries; the key None is a side that lacks it."""
    if one is None or other is None or old is None or new is None:
        return [] if one is None and other is None else [_whole(path, old, one, new, other)]
    if content(_value(old, one)) == content(_value(new, other)):
        return []
    found = _below(path, _value(old, one), _value(new, other))
    return found if 0 < len(found) <= MOST else [_whole(path, old, one, new, other)]


def _below(path: str, old: Any, new: Any) -> list[Leaf]:
    """The differences of the entries of two mappings, or of lists whose items belong together; none for others."""
    if isinstance(old, Map) and isinstance(new, Map) and old and new:
        keys = {**old, **new}
        return [leaf for key in keys for leaf in leaves(f"{path}.{key}", old, new, key)]
    if not (isinstance(old, List) and isinstance(new, List)):
        return []
    before, after = _by_name(old), _by_name(new)
    if before is not None and after is not None:
        names = {**before, **after}
        pairs = ((name, before.get(name), after.get(name)) for name in names)
        return [leaf for name, one, other in pairs for leaf in _leaves(f"{path}[{name}]", old, one, new, other)]
    return _items(path, old, new)


def _items(path: str, old: List, new: List) -> list[Leaf]:
    """The differences between what two lists have in common at their starts and at their ends; none for many."""
    one, other = list(map(content, old)), list(map(content, new))
    shorter = min(len(one), len(other))
    start = next((index for index in range(shorter) if one[index] != other[index]), shorter)
    end = next((index for index in range(shorter - start) if one[-1 - index] != other[-1 - index]), shorter - start)
    before, after = range(start, len(one) - end), range(start, len(other) - end)
    if len(before) == len(after):
        together = zip(before, after, strict=True)
        return [leaf for at, to in together for leaf in _leaves(f"{path}[{at}]", old, at, new, to)]
    if min(len(before), len(after)) > 0 or len(before) + len(after) > _FEW:
        return []
    gone = [_whole(f"{path}[{at}]", old, at, None, None) for at in before]
    return [*gone, *(_whole(f"{path}[{at}]", None, None, new, at) for at in after)]


def _by_name(items: List) -> dict[str, int] | None:
    """The items of a list of mappings with names, such as variables in Kubernetes' form; None for any other list."""
    names = {item["name"]: index for index, item in enumerate(items) if isinstance(item, Map) and _is_named(item)}
    return names if names and len(names) == len(items) else None


def _is_named(item: Map) -> bool:
    return isinstance(item.get("name"), str)


def _whole(path: str, old: Parent | None, one: Key | None, new: Parent | None, other: Key | None) -> Leaf:
    texts = _text(old, one), _text(new, other)
    spans = _span(old, one), _span(new, other)
    if texts[0] is not None and texts[1] is not None and "\n" in texts[0] + texts[1]:
        spans = _first_difference(texts[0], texts[1], spans)
    return Leaf(path, *texts, *spans)


def _first_difference(old: str, new: str, spans: tuple[Span | None, Span | None]) -> tuple[Span | None, Span | None]:
    """The lines of two texts that differ first."""
    for one, other in zip_longest(old.splitlines(), new.splitlines(), fillvalue=""):
        if one != other:
            return _below_start(spans[0], one.strip()), _below_start(spans[1], other.strip())
    return spans


def _below_start(span: Span | None, word: str) -> Span | None:
    return span.below(word) if span is not None and word else span


def _value(parent: Parent, key: Key) -> Any:
    return parent[key]  # type: ignore[index]  # a key of that parent


def _span(parent: Parent | None, key: Key | None) -> Span | None:
    if isinstance(parent, Map) and isinstance(key, str):
        return parent.value_span(key)
    return parent.item_span(key) if isinstance(parent, List) and isinstance(key, int) else None


def _text(parent: Parent | None, key: Key | None) -> str | None:
    if parent is None or key is None:
        return None
    value = _value(parent, key)
    if isinstance(value, str):
        return value
    if isinstance(parent, Map) and isinstance(key, str) and key in parent.values_at:
        return parent.written(key)
    is_item = isinstance(parent, List) and isinstance(key, int) and key < len(parent.items_at)
    return parent.written(key) if is_item else json.dumps(value, default=str)  # type: ignore[arg-type]  # see is_item


def shown(text: str) -> str:
    """A value in a message."""
    return f"`{excerpt(text)}`" if text.strip() else "the empty string" if not text else "spaces"


def both_shown(old: str, new: str) -> tuple[str, str]:
    """Two values that differ; of long ones, the part where they do."""
    if excerpt(old) != excerpt(new):
        return shown(old), shown(new)
    lines = " ".join(old.split()), " ".join(new.split())
    same = next((index for index, (a, b) in enumerate(zip(*lines, strict=False)) if a != b), min(map(len, lines)))
    if lines[0] == lines[1]:
        return "this with other spaces", shown(new)
    return _from(lines[0], same), _from(lines[1], same)


def _from(line: str, place: int) -> str:
    start = max(0, place - _AROUND)
    return shown(f"{'...' if start else ''}{line[start:]}")
