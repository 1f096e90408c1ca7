"""Calls of Linux that Python does not have: private views of the files and processes, and the care for orphans.

It imports the standard library alone, since the nursery runs without any package.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from contextlib import suppress
from typing import Any, Final

NEW_MOUNTS: Final = 0x00020000
NEW_USER: Final = 0x10000000
NEW_PROCESSES: Final = 0x20000000
BIND: Final = 0x1000 | 0x4000
"""A place shown at another one, with all that is mounted in it."""
PRIVATE: Final = 0x40000 | 0x4000
READ_ONLY: Final = 0x1
_DETACH: Final = 2
_ADOPT: Final = 36
"""PR_SET_CHILD_SUBREAPER"""


def _libc() -> Any:
    return ctypes.CDLL(None, use_errno=True)


def _call(name: str, *arguments: Any) -> None:
    """Call a function of libc. Raises OSError, also where there is no such function."""
    try:
        function = getattr(_libc(), name)
    except AttributeError as error:
        raise OSError(0, f"this system has no {name}") from error
    if function(*arguments) != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{name}: {os.strerror(code)}")


def unshare(flags: int) -> None:
    """Get private views of what the flags name. Raises OSError."""
    _call("unshare", ctypes.c_int(flags))


def mount(source: str, target: str, kind: str = "", flags: int = 0, options: str = "") -> None:
    """Mount something. Raises OSError."""
    _call(
        "mount",
        os.fsencode(source),
        os.fsencode(target),
        os.fsencode(kind) or None,
        ctypes.c_ulong(flags),
        os.fsencode(options) or None,
    )


def enter_root(root: str) -> None:
    """Make a folder, which is a mount, the root of all paths of this process and of its children. Raises OSError."""
    os.chdir(root)
    _call("pivot_root", b".", b".")
    _call("umount2", b".", ctypes.c_int(_DETACH))
    os.chdir("/")


def adopt_orphans() -> bool:
    """Become the parent of whatever the children of this process leave behind; False where that does not exist."""
    if not sys.platform.startswith("linux"):
        return False
    try:
        _call("prctl", ctypes.c_int(_ADOPT), *map(ctypes.c_ulong, (1, 0, 0, 0)))
    except OSError:
        return False
    return True


def children(parent: int) -> list[int]:
    """The processes whose parent is this one; none where /proc does not tell."""
    found = []
    for name in os.listdir("/proc") if os.path.isdir("/proc") else ():  # noqa: PTH112, PTH208 - pathlib is slow to load
        if name.isdecimal():
            try:
                with open(f"/proc/{name}/stat", "rb") as file:  # noqa: PTH123 - see above
                    fields = file.read().rpartition(b")")[2].split()
            except OSError:
                continue
            if int(fields[1]) == parent:
                found.append(int(name))
    return found


def kill(process: int) -> None:
    """Kill a process, if it is there and we may."""
    with suppress(OSError):
        os.kill(process, signal.SIGKILL)
