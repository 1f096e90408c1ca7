"""Absolute paths of a task where it has no view of its own: they are rewritten to those of its folder.

Only whole names count: `/tmp/outputs/x` is inside of `/tmp/outputs`, and `/tmp/outputs2` is not. A path that a program
puts together by itself is not seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from posixpath import dirname

_SHARED = ("/", "/tmp", "/var", "/home", "/root", "/usr", "/etc", "/opt", "/mnt", "/data", "/run", "/srv")  # noqa: S108


def rewritten_roots(paths: Iterable[str]) -> tuple[str, ...]:
    """What stands for itself in the words of a program: the folders around the paths of a task, or the paths."""
    roots = set()
    for path in paths:
        parts = path.split("/")
        inner = "/".join(parts[:3])
        roots.add(inner if dirname(path) not in _SHARED and inner not in _SHARED else path)
    return tuple(sorted(roots, key=lambda each: (-len(each), each)))


class Rewriting:
    """Rewrites texts of one task."""

    def __init__(self, roots: Iterable[str], tree: Path) -> None:
        self._tree = str(tree)
        choices = "|".join(map(re.escape, roots))
        self._pattern = re.compile(rf"(?<![\w./~-])(?:{choices})(?![\w.-])") if choices else None

    def text(self, text: str) -> str:
        """A text with the task's own folder before each of its paths."""
        return self._pattern.sub(lambda found: self._tree + found[0], text) if self._pattern else text

    def values(self, variables: Mapping[str, str]) -> dict[str, str]:
        """Variables likewise."""
        return {name: self.text(value) for name, value in variables.items()}
