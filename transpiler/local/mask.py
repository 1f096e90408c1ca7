"""The values of Secrets, taken out of what programs print before it is shown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

_SHORTEST: Final = 4
"""Characters; shorter values are in too many words that are no secret."""
_SHOWN: Final = "***"


class Mask:
    """Knows the values that a run was given, whole and line by line."""

    def __init__(self, secrets: Mapping[str, Mapping[str, bytes]]) -> None:
        """`secrets`: the name of each → its keys with their values."""
        found = {each for values in secrets.values() for value in values.values() for each in _texts(value)}
        words = sorted(found, key=lambda each: (-len(each), each))
        self._pattern = re.compile("|".join(map(re.escape, words))) if words else None

    def __call__(self, text: str) -> str:
        """A text with *** for each value."""
        return self._pattern.sub(_SHOWN, text) if self._pattern is not None else text

    def data(self, value: Any) -> Any:
        """Plain data with *** in its texts."""
        if isinstance(value, dict):
            return {key: self.data(each) for key, each in value.items()}
        if isinstance(value, list):
            return [self.data(each) for each in value]
        return self(value) if isinstance(value, str) else value


def _texts(value: bytes) -> Iterator[str]:
    text = value.decode("utf-8", "replace")
    yield from (each for each in (text.strip(), *map(str.strip, text.splitlines())) if len(each) >= _SHORTEST)
