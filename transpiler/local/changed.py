"""Whether the files of a run are still what they were when it was started."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path


def digests(files: Iterable[Path]) -> dict[str, str]:
    """The absolute paths of files, each with the SHA-256 of what is in it; empty for one that cannot be read."""
    return {str(path): _digest(path) for path in sorted({each.absolute() for each in files})}


def changed(before: Mapping[str, str]) -> list[Path]:
    """The files that have another digest now, in the order of their paths."""
    return [Path(path) for path, digest in before.items() if _digest(Path(path)) != digest]


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError):
        return ""
