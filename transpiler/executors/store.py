"""The files that tasks of a run have stored, by their keys: `files/KEY`, each written completely or not at all."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp
from typing import Final

from transpiler.executors.errors import TaskError, reason
from transpiler.patterns import regex

_LONGEST: Final = 200
"""Bytes of a name; a file system takes 255."""
_UNSAFE: Final = regex(r"^\.|[\x00-\x1f/\\%:*?\"<>|\x7f-\U0010ffff]")
"""A dot at the start; what some file system does not have in names; what a terminal or archive may misread."""


class Store:
    """A folder of files and folders by key. Keys are untrusted: none leads out of it."""

    def __init__(self, folder: Path, earlier: Store | None = None) -> None:
        """`earlier`: has files that are read where this one has none."""
        self._folder, self._earlier = folder, earlier
        self._new = folder / ".new"

    def path(self, key: str) -> Path:
        """Where a key stands, whether it is there or not. Raises TaskError."""
        names = [each for each in key.split("/") if each]
        if not names:
            raise TaskError(f"`{key}` is no key for a file")
        return self._folder.joinpath(*map(_name, names))

    def put(self, key: str, source: Path, *, keeps: bool) -> None:
        """Store a file or folder in place of what has its key. `keeps`: the source stays too. Raises TaskError."""
        target = self.path(key)
        try:
            self._new.mkdir(parents=True, exist_ok=True)
            place = Path(mkdtemp(dir=self._new))
            try:
                new = place / "new"
                if keeps or not _moved(source, new):
                    copy(source, new)
                make_own(new)
                target.parent.mkdir(parents=True, exist_ok=True)
                remove(target)
                new.rename(target)
            finally:
                remove(place)
        except shutil.Error as error:
            raise TaskError(f"it cannot be stored as `{key}`: {error.args[0][0][2]}") from error
        except OSError as error:
            raise TaskError(f"it cannot be stored as `{key}`: {reason(error)}") from error

    def fetch(self, key: str, target: Path) -> bool:
        """Copy what has a key to a target, in place of what is there; False if nothing has it. Raises TaskError."""
        source = self.path(key)
        if not os.path.lexists(source):
            return self._earlier is not None and self._earlier.fetch(key, target)
        try:
            remove(target)
            copy(source, target)
        except shutil.Error as error:
            raise TaskError(f"`{key}` cannot be copied: {error.args[0][0][2]}") from error
        except OSError as error:
            raise TaskError(f"`{key}` cannot be copied: {reason(error)}") from error
        return True


def _name(written: str) -> str:
    """A name of a key as the name of a file."""
    name = _UNSAFE.sub(lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode("utf-8", "replace")), written)
    if len(name) > _LONGEST:
        raise TaskError(f"`{written[:40]}…` is too long for the name of a file")
    return name


def _moved(source: Path, target: Path) -> bool:
    """Move within one file system; False where that is not possible."""
    try:
        source.rename(target)
    except OSError:
        return False
    return True


def copy(source: Path, target: Path) -> None:
    """Copy a file, or a folder with all that is in it; links stay links. Raises OSError."""
    if source.is_dir() and not source.is_symlink():
        shutil.copytree(source, target, symlinks=True)
    else:
        shutil.copy2(source, target, follow_symlinks=False)


def size_of(path: Path) -> int:
    """The bytes of a file, or of all files in a folder. Raises OSError."""
    return sum(each.lstat().st_size for each in [path, *_below(path)] if not stat.S_ISDIR(each.lstat().st_mode))


def remove(path: Path) -> None:
    """Remove a file, or a folder with all that is in it, whatever its permissions; never what a link leads to."""
    if path.is_dir() and not path.is_symlink():
        try:
            shutil.rmtree(path)
        except PermissionError:
            for each in [path, *_folders(path)]:
                each.chmod(0o700)
            shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def replace_with(target: Path, source: Path) -> None:
    """Put a copy of a file or folder in place of another one: it is there as a whole, or not yet. Raises OSError."""
    place = Path(mkdtemp(prefix=".new-", dir=target.parent))
    try:
        copy(source, place / "new")
        if os.path.lexists(target):
            target.rename(place / "old")
        (place / "new").rename(target)
    finally:
        remove(place)


def make_own(path: Path) -> None:
    """Make what a task has left readable, and a file of its own: a hard link may share it with anybody.

    Raises TaskError for what is neither a file, a folder nor a link.
    """
    for each in [path, *_below(path)]:
        found = each.lstat()
        if stat.S_ISLNK(found.st_mode):
            continue
        if stat.S_ISDIR(found.st_mode):
            if found.st_mode & 0o700 != 0o700:
                each.chmod(0o755)
            continue
        if not stat.S_ISREG(found.st_mode):
            raise TaskError("it holds a pipe, a socket or a device")
        if not found.st_mode & 0o400:
            each.chmod(0o644)
        if found.st_nlink > 1:
            single = each.with_name(f"{each.name}.single"[-_LONGEST:])
            shutil.copy2(each, single)
            single.rename(each)


def _below(path: Path) -> Iterator[Path]:
    """What is in a folder, at any depth; a folder is opened after it was yielded."""
    if path.is_dir() and not path.is_symlink():
        for each in sorted(path.iterdir()):
            yield each
            yield from _below(each)


def _folders(path: Path) -> Iterator[Path]:
    """The folders in a folder, each made accessible before it is opened."""
    path.chmod(0o700)
    for each in path.iterdir():
        if each.is_dir() and not each.is_symlink():
            yield each
            yield from _folders(each)
