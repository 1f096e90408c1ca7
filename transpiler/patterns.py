"""Regular expressions that are compiled when they are first used: a run needs a few of them, and a start none."""

from __future__ import annotations

import re
from typing import Any, AnyStr, Final, cast

_METHODS: Final = ("findall", "finditer", "flags", "fullmatch", "match", "pattern", "search", "split", "sub")


def regex(text: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """Like `re.compile`, which is called on first use."""
    return cast("re.Pattern[AnyStr]", Later(text, flags))


class Later:
    """A pattern that is compiled when something of it is asked for."""

    def __init__(self, text: str | bytes, flags: int) -> None:
        self._source = text, flags

    def __getattr__(self, name: str) -> Any:
        """An attribute of the compiled pattern, which is stored for the next access."""
        compiled: re.Pattern[Any] = re.compile(*self._source)
        vars(self).update((each, getattr(compiled, each)) for each in _METHODS)
        return getattr(compiled, name)
