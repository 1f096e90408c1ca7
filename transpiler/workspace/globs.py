"""Patterns of paths: `*`, `?` and `[ab]` stay in one folder, `**` stands for any folders or none."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Final

from transpiler.patterns import regex

_SPECIAL: Final = regex(r"[*?\[]")
_FOLDERS: Final = "**"


def has_wildcard(pattern: str) -> bool:
    """True for a pattern that more than one path can match."""
    return _SPECIAL.search(pattern) is not None


def matches(path: str, pattern: str) -> bool:
    """True if a pattern describes the whole of a relative path, written with `/`."""
    parts = path.split("/")
    reached = {0}
    """How many parts of the path the pattern may have taken so far."""
    for each in pattern.removeprefix("./").rstrip("/").split("/"):
        if each == _FOLDERS:
            reached = set(range(min(reached), len(parts) + 1))
        else:
            reached = {at + 1 for at in reached if at < len(parts) and fnmatchcase(parts[at], each)}
        if not reached:
            return False
    return len(parts) in reached
