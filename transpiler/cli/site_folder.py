"""Writing a folder whole: it holds the new files or the old ones, never some of each, and loses nothing of others."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from transpiler.cli.main import UsageError

MARKER: Final = ".transpile-site"
"""Lists the files that this command made. A folder without it, or with files that it does not list, is somebody's."""


def write_site(target: Path, files: Mapping[str, bytes]) -> bool:
    """Write the files; False when the folder holds just these already. Raises UsageError where that may not be."""
    files = {**files, MARKER: "".join(f"{name}\n" for name in sorted(files)).encode()}
    try:
        if _own_files(target) == files:
            return False
        target.parent.mkdir(parents=True, exist_ok=True)
        _replace(target.resolve(), files)
    except (OSError, ValueError, RuntimeError) as error:  # RuntimeError: a loop of links, before Python 3.13
        reason = getattr(error, "strerror", None) or "not a usable path"
        raise UsageError(f"cannot write `{target}`: {reason}") from error
    return True


def _own_files(target: Path) -> dict[str, bytes]:
    """What stands in the folder. Raises UsageError when some of it was not made here."""
    if not target.exists():
        return {}
    if not target.is_dir():
        raise UsageError(f"`{target}` is a file: choose another --output")
    present = {path.relative_to(target).as_posix(): path for path in target.rglob("*") if not _is_plain_folder(path)}
    marker = present.get(MARKER)
    made = {*marker.read_text(encoding="utf-8").splitlines(), MARKER} if marker and marker.is_file() else set()
    foreign = sorted(present.keys() - made)
    if foreign:
        raise UsageError(f"`{target}` holds `{foreign[0]}`, which this command did not make: choose another --output")
    return {name: path.read_bytes() for name, path in present.items()}


def _is_plain_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def _replace(target: Path, files: Mapping[str, bytes]) -> None:
    """Write beside the target, then swap; the old folder comes back when the swap fails."""
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}.", ignore_cleanup_errors=True) as name:
        new, old = Path(name, "new"), Path(name, "old")
        for file, data in files.items():
            path = new / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        try:
            if target.exists():
                target.rename(old)
            new.rename(target)
        except BaseException:
            if old.exists():
                old.rename(target)
            raise
