"""Writes a folder atomically: it contains the new files or the old ones, never a mix, and no other files are lost."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Final

from transpiler import atomic
from transpiler.cli.streams import writing
from transpiler.cli.usage import UsageError

MARKER: Final = ".transpile-site"
"""Lists the files that this command wrote, each with its digest. A file that is not listed, or was changed, is
the user's: a list that came with a checkout cannot name files that did not come with it."""


def write_site(target: Path, files: Mapping[str, bytes], roots: Collection[Path]) -> bool:
    """Write the files; False if the folder contains exactly these. Raises UsageError if it must not be replaced.

    No link in one of the roots leads out of it.
    """
    marker = "".join(f"{sha256(data).hexdigest()}  {name}\n" for name, data in sorted(files.items()))
    files = {**files, MARKER: marker.encode()}
    with writing(target):
        real = atomic.inside(target, *roots)
        if _own_files(real, target) == files:
            return False
        real.parent.mkdir(parents=True, exist_ok=True)
        _replace(real, files)
    return True


def _own_files(folder: Path, target: Path) -> dict[str, bytes]:
    """The files in the folder. Raises UsageError if one was not written by this command; `target` is for messages."""
    if not folder.exists():
        return {}
    if not folder.is_dir():
        raise UsageError(f"`{target}` is a file: choose another --output")
    present = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if not _is_plain_folder(path)}
    made = _made(present.get(MARKER))
    found: dict[str, bytes] = {}
    for name, path in sorted(present.items()):
        is_plain = path.is_file() and not path.is_symlink()
        data = path.read_bytes() if is_plain else b""
        if not is_plain or (name != MARKER and made.get(name) != sha256(data).hexdigest()):
            what = "which has been changed since" if name in made else "which this command did not write"
            raise UsageError(f"`{target}` contains `{name}`, {what}: choose another --output")
        found[name] = data
    return found


def _made(marker: Path | None) -> dict[str, str]:
    """Name → digest of the files that the marker lists."""
    if marker is None or marker.is_symlink() or not marker.is_file():
        return {}
    lines = (line.partition("  ") for line in marker.read_text(encoding="utf-8", errors="replace").splitlines())
    return {name: digest for digest, _, name in lines}


def _is_plain_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def _replace(target: Path, files: Mapping[str, bytes]) -> None:
    """Write beside the target, then swap; if the swap fails, the old folder is restored."""
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
