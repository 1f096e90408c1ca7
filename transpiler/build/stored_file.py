"""`{artifact: …}` → the place of a file that exists: an input of a manifest, or an argument of a task."""

from __future__ import annotations

from typing import Final

from transpiler.build.argo_data import slots_of
from transpiler.diagnostics import Report
from transpiler.model.argo_data import Tree
from transpiler.model.values import StoredFile
from transpiler.read.plain_data import plain
from transpiler.read.yaml import fields
from transpiler.read.yaml.nodes import UNUSABLE, Map, Unusable

ARTIFACT: Final = "artifact"


def stored_file(parent: Map, key: str, report: Report) -> StoredFile | Unusable | None:
    """The file that an argument is; None for any other argument.

    The form alone decides, whatever takes the argument: a mapping of `artifact` alone, which is a mapping itself.
    """
    value = parent[key]
    if not isinstance(value, Map) or list(value) != [ARTIFACT] or not isinstance(value[ARTIFACT], Map):
        return None
    location = location_of(value, report)
    return StoredFile(location, value[ARTIFACT]) if location is not None else UNUSABLE


def location_of(parent: Map, report: Report) -> Tree | None:
    """The location under `artifact`, empty for a file that the caller of a pipeline passes; None if it is unusable."""
    value = parent.get(ARTIFACT)
    if not isinstance(value, Map) or parent.hides(ARTIFACT) or not fields.is_complete(value):
        return None
    return Tree(plain(value), tuple(slots_of(value, report)))
