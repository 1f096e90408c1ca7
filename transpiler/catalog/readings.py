"""Component files that were read before: manifests that are compiled together share most of theirs."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from msgspec import Struct, field

from transpiler.diagnostics import Report
from transpiler.model.component import Component

Reading: TypeAlias = tuple[Component | None, Report]
"""The component of a file, as far as it can be understood, and what is wrong with the file."""


class Readings(Struct):
    """What each content was read as. A reading depends on its key alone, so that no entry is ever out of date."""

    _found: dict[tuple[str, str, bytes], Reading] = field(default_factory=dict)

    def reading(self, name: str, fallback: str, data: bytes, read: Callable[[str, str, bytes], Reading]) -> Reading:
        """The component of a file that messages call `name`; `fallback` names a component without a name."""
        key = name, fallback, data
        if key not in self._found:
            self._found[key] = read(*key)
        return self._found[key]
