"""Writes files completely or not at all, and never through a link of an untrusted checkout.

A checkout is untrusted: a link in it may lead anywhere. Only this module decides where links may lead a file written
or removed. Reading is judged by `catalog.files.resolve_inside`.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

_GIT: Final = ".git"
"""The folder whose content Git runs: hooks, filters, monitors."""


class Outside(OSError):  # noqa: N818 - says where the path leads
    """A path that a link in a root leads out of it, or to another place that it must not change."""

    def __init__(self, link: Path, where: str) -> None:
        super().__init__(errno.EPERM, f"the link `{link}` leads {where}; if this is intended, name the real path")


def inside(target: Path, *roots: Path) -> Path:
    """The real path of a file to write. Raises Outside, OSError for a loop of links, ValueError.

    A link inside one of the roots must not lead out of it, nor to its Git folder. Links elsewhere are the
    user's own, as is a path without links.
    """
    real = _resolved(target)
    for link in links(target):
        for root in _around(link, roots):
            if not real.is_relative_to(root):
                raise Outside(link, f"out of `{root}`")
            if any(part.lower() == _GIT for part in real.relative_to(root).parts):
                raise Outside(link, f"to the Git folder of `{root}`")
    return real


def at(target: Path, root: Path) -> Path:
    """The real path of a file below a root that the tool has named itself: no link of the root is on the way.

    Raises Outside, OSError, ValueError.
    """
    for link in links(target):
        if _around(link, [root]):
            raise Outside(link, "elsewhere")
    return _resolved(target)


def links(target: Path) -> Iterator[Path]:
    """Every link on the way to a path, itself included."""
    path = Path.cwd() / target
    yield from (each for each in (*reversed(path.parents), path) if each.is_symlink())


def _around(link: Path, roots: Iterable[Path]) -> list[Path]:
    """The roots that contain a link, as real paths."""
    place = link.parent.resolve()
    return [root.resolve() for root in roots if place.is_relative_to(root.resolve())]


def _resolved(path: Path) -> Path:
    try:
        real = path.resolve()
    except RuntimeError as error:  # a loop of links, before Python 3.13
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP)) from error
    if real.is_symlink():
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
    return real


def write(target: Path, data: bytes, *roots: Path) -> bool:
    """Write all or nothing; False if the file already has this content, and then it is not touched.

    Missing folders are created. Raises OSError or ValueError for a path that cannot be written, including Outside;
    see `inside` for the roots.
    """
    real = inside(target, *roots)
    if target.exists() and not target.is_file():  # a pipe or a device; `/dev/fd/3` has no real path that opens
        with target.open("wb") as stream:
            stream.write(data)
        return True
    if real.exists() and real.read_bytes() == data:
        return False
    real.parent.mkdir(parents=True, exist_ok=True)
    _replace(real, data)
    return True


def _replace(target: Path, data: bytes) -> None:
    mode = target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask()
    import tempfile  # noqa: PLC0415 - imports every kind of archive, and most Workflows are printed

    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:100]}.")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        temporary.chmod(mode)
        temporary.replace(target)
    except BaseException:
        temporary.unlink()
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
