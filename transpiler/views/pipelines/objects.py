"""The objects that two pipelines compile to → the fields that differ: the last word on whether anything has changed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, Final

from transpiler.views.changes import Change
from transpiler.views.pipelines.leaves import shown

_MOST: Final = 200
"""Fields that are told."""


def diff_objects(old: Sequence[Any], new: Sequence[Any]) -> list[Change]:
    """A change for each field of the objects that differs; at least one."""
    before, after = ({_title(each): each for each in side} for side in (old, new))
    found: list[Change] = []
    for title in {**before, **after}:
        for path, was, comes in _differences("", before.get(title), after.get(title)):
            if len(found) < _MOST:
                found.append(_change(f"{title}: {path}" if path else title, was, comes))
    return found or [Change("workflow-changed", "notice", "the order of fields changed", None, None)]


def _title(node: Any) -> str:
    metadata = node.get("metadata", {})
    return f"{node.get('kind')} {metadata.get('name') or metadata.get('generateName')}"


def _change(path: str, old: Any, new: Any) -> Change:
    if old is None or new is None:
        message = f"`{path}` is new: {_text(new)}" if old is None else f"`{path}` was removed; it was {_text(old)}"
    else:
        message = f"`{path}` is {_text(new)}, not {_text(old)}"
    return Change("workflow-changed", "notice", message, None, None, path)


def _text(value: Any) -> str:
    return shown(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def _differences(path: str, old: Any, new: Any) -> Iterator[tuple[str, Any, Any]]:
    """Path, old and new value of each field that differs; items of lists are known by their names."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in {**old, **new}:
            yield from _differences(f"{path}.{key}" if path else key, old.get(key), new.get(key))
    elif isinstance(old, list) and isinstance(new, list):
        before, after = _keyed(old), _keyed(new)
        for key in {**before, **after}:
            yield from _differences(f"{path}[{key}]", before.get(key), after.get(key))
    elif type(old) is not type(new) or old != new:
        yield path, old, new


def _keyed(items: list[Any]) -> dict[str, Any]:
    names = [str(item["name"]) for item in items if isinstance(item, dict) and isinstance(item.get("name"), str)]
    keys = names if len(set(names)) == len(items) else list(map(str, range(len(items))))
    return dict(zip(keys, items, strict=True))
