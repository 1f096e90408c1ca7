"""The versions of Argo that a pipeline can be compiled for, and the fields that later ones brought.

`schemas/argo.since.json` is made from Argo's own types of each version (`make argo-schema`). What those versions do
differently stands where it is decided: `plan/passes/older_forms.py` writes an older form, `check/argo/versions.py`
refuses.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final

from transpiler.resources import since

VERSIONS: Final = ("3.6", "3.7", "4.0", "4.1")
"""In their order."""
NEWEST: Final = VERSIONS[-1]
OF_UI: Final = "workflows.argoproj.io/"
"""Only Argo's UI reads annotations of templates that start like this: a version without them leaves them out."""


def is_before(version: str, other: str) -> bool:
    """True if a version is older than another one."""
    return VERSIONS.index(version) < VERSIONS.index(other)


@cache
def fields_since() -> Mapping[tuple[str, str], str]:
    """The type and the name of a field → the version that brought it, for fields that the first version lacks."""
    return {
        (kind, field): version
        for version, kinds in since().items()
        for kind, fields in kinds.items()
        for field in fields
    }
