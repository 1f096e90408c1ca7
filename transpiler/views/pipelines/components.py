"""Two components that tasks run, or references to them, compared by what they mean."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from transpiler.model.component import Component
from transpiler.read.documents import COMPONENT
from transpiler.read.yaml.nodes import Map
from transpiler.views.changes import Change
from transpiler.views.content import content
from transpiler.views.pipelines.keys import setting
from transpiler.views.pipelines.leaves import leaves


def same_component(old: Component, new: Component) -> bool:
    """True for components with the same content, wherever they stand."""
    return bool(content(old) == content(new))


def same_file(old: str, new: str) -> bool:
    """True for references to one component, as a file or a folder, from wherever they start."""
    return _end(old) == _end(new)


def _end(reference: str) -> tuple[str, ...]:
    parts = [part for part in PurePosixPath(reference).parts if part not in {".", ".."}]
    return tuple(parts[:-1] if parts and parts[-1] == COMPONENT.file else parts)


def implementation_changes(old: Map | None, new: Map | None, whole: Change) -> Iterator[Change]:
    """The parts of an implementation that differ, but for the image; `whole` where nothing can be said of parts."""
    found = []
    if old is not None and new is not None:
        keys = {**old, **new}
        found = [leaf for key in keys if key != "image" for leaf in leaves(key, old, new, key)]
    yield from map(setting, found) if found else [whole]
