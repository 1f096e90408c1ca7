"""Files that are written as a whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def write(target: Path, data: bytes) -> bool:
    """Write all or nothing; False when the file holds these bytes already, and then it is not touched.

    Raises OSError or ValueError for a path that cannot be written.
    """
    if target.exists() and not target.is_file():  # a pipe or a device
        target.write_bytes(data)
        return True
    if target.exists() and target.read_bytes() == data:
        return False
    _replace(target.resolve(), data)
    return True


def _replace(target: Path, data: bytes) -> None:
    mode = target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask()
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
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
