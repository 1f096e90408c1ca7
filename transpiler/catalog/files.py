"""Opening files that somebody else names: only regular files, only below a root, only up to a size.

Links are resolved first, so that no link leads out of the root (docker compose had that hole: CVE-2025-62725).
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Final

from transpiler.read.documents import COMPONENT, MANIFEST
from transpiler.read.yaml.source import MAX_BYTES

COMPONENT_FILE: Final = COMPONENT.file
PIPELINE_FILE: Final = MANIFEST.file
"""The file of a folder in `pipeline:`."""
SUFFIXES: Final = frozenset([".yaml", ".yml", ".json"])
"""How the names of YAML files end; JSON is YAML."""


class Unreadable(Exception):  # noqa: N818 - carries a diagnostic
    """A file that may not or cannot be read; `code`, `message` and `hint` say why."""

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.code, self.message, self.hint = code, message, hint


def resolve_inside(path: Path, root: Path) -> Path:
    """The real path, links followed. Raises Unreadable when it lies outside `root`."""
    try:
        real = path.resolve()
        inside = real.is_relative_to(root.resolve())
        loops = real.is_symlink()  # since Python 3.13 a loop of links resolves to itself
    except (OSError, RuntimeError, ValueError) as error:  # RuntimeError: a loop of links, before Python 3.13
        raise Unreadable("cannot-read", f"cannot read the path: {_reason(error)}") from error
    if loops:
        raise Unreadable("cannot-read", "the path is a loop of links", "name the file itself")
    if not inside:
        raise Unreadable(
            "outside-root",
            "the path leads outside the root folder",
            "move the file inside, or name its folder with --catalog or --root",
        )
    return real


def read_regular_file(path: Path) -> bytes:
    """The bytes of a regular file of at most 4 MiB. Raises Unreadable."""
    try:
        if not path.is_file():
            kind = "a folder" if path.is_dir() else "not a regular file" if path.exists() else "missing"
            raise Unreadable("cannot-read", f"`{path.name}` is {kind}")
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise Unreadable("too-large", f"`{path.name}` has {size:,} bytes; the limit is {MAX_BYTES:,}")
        return path.read_bytes()
    except (OSError, ValueError) as error:
        raise Unreadable("cannot-read", f"cannot read `{path.name}`: {_reason(error)}") from error


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or "the path is invalid"


def exists(path: Path) -> bool:
    """True if the path exists; False for a path that is invalid in every file system."""
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def is_folder(path: Path) -> bool:
    """True for a folder; False for a path that is invalid in every file system."""
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def digest_of(data: bytes) -> str:
    """KFP's digest of a component: sha256 of its bytes with LF line ends (kfp.components._components)."""
    return hashlib.sha256(data.replace(b"\r\n", b"\n")).hexdigest()


def shown(path: Path) -> str:
    """A path as a message shows it: relative to the working folder where that is shorter."""
    try:
        relative = os.path.relpath(path)
    except ValueError:  # another drive
        return path.as_posix()
    return Path(relative).as_posix() if len(relative) < len(str(path)) else path.as_posix()


def git_root(folder: Path) -> Path:
    """The root of a folder, which relative paths must not leave: its Git checkout, or the folder itself."""
    for candidate in (folder, *folder.parents):
        if exists(candidate / ".git"):
            return candidate
    return folder
