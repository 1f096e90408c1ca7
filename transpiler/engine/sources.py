"""Where a file comes from or goes to, and what names it in the run."""

from __future__ import annotations

from typing import Final

from transpiler.argo.artifacts import LOCATIONS, STORES, place_of
from transpiler.plan.argo_objects import Node

_NAMED: Final = "stores"
"""Below this key stands what a task has stored at a location that the Workflow names."""


def source_of(artifact: Node) -> Node | None:
    """Where a file comes from, as `InputFile` has it."""
    for name in LOCATIONS:
        location = artifact.get(name)
        if location is not None:
            key = STORES[name].key
            is_key = bool(key) and bool(location.get(key)) and not is_whole(name, location)
            return {"key": location[key]} if is_key else {name: location}
    return None


def key_of(source: Node) -> str:
    """What names a file of a source in this run, wherever that is; empty for one that stands in no store."""
    place = "" if "key" in source else place_of(source)
    return str(source.get("key", "")) or (f"{_NAMED}/{place}" if place else "")


def is_whole(store: str, location: Node) -> bool:
    """True for a location that Argo takes as it is; of any other it takes the key alone."""
    return all(location.get(each) for each in STORES[store].whole)
