"""Files into a container and out of it, as tar archives. What comes out is untrusted."""

from __future__ import annotations

import copy
import os
import tarfile
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Final

from transpiler.executors.errors import TaskError

_READABLE: Final = 0o444
_ENTERED: Final = 0o555


def pack(file: IO[bytes], places: Iterable[tuple[str, Path]]) -> None:
    """Write an archive with files and folders at absolute paths. They belong to root, and all may read them.

    The folders around them are not in it: those of the image stay as they are. Raises OSError.
    """
    with tarfile.open(fileobj=file, mode="w|") as archive:
        for path, place in places:
            archive.add(place, path.lstrip("/"), filter=_for_all)


def _for_all(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode |= _ENTERED if member.isdir() else _READABLE
    return member


def unpack(stream: IO[bytes], folder: Path) -> None:
    """Take an archive into a new folder; links stay links, and nothing is written through one.

    Raises TaskError for what would land elsewhere, and for devices and pipes; OSError.
    """
    if not hasattr(tarfile, "data_filter"):
        raise TaskError("this Python cannot unpack archives safely: use 3.11.4 or newer")
    folder.mkdir(parents=True)
    try:
        with tarfile.open(fileobj=stream, mode="r|") as archive:
            archive.extractall(folder, filter=_checked)  # noqa: S202 - each member is checked
    except tarfile.TarError as error:
        raise TaskError(f"it cannot be unpacked: {error}") from error


def _checked(member: tarfile.TarInfo, folder: str) -> tarfile.TarInfo:
    """A member as it is unpacked: what a link leads to is not looked at, for nobody follows it."""
    if not member.issym():
        return tarfile.data_filter(member, folder)
    plain = copy.copy(member)
    plain.type, plain.linkname = tarfile.REGTYPE, ""
    safe = tarfile.data_filter(plain, folder)
    kept = copy.copy(member)
    kept.name = safe.name
    kept.uid = kept.gid = os.getuid() if hasattr(os, "getuid") else 0
    kept.uname = kept.gname = ""
    return kept
