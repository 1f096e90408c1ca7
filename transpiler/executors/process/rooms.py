"""The files that a task sees: those of the machine, with its own folders in place of some, and without the run's.

It is built in a private view (a mount namespace), so nobody else sees it, and it vanishes with the task. It imports
the standard library alone, since the nursery runs without any package.
"""

from __future__ import annotations

import os
from typing import Final, TypedDict

from transpiler.executors.process import kernel

MAX_ENTRIES: Final = 5_000
"""As many files and folders of the machine are shown beside those of a task, in one folder."""
OPAQUE: Final = ("/tmp",)  # noqa: S108 - the path as a task sees it
"""Folders of which a task sees its own alone."""


class Room(TypedDict):
    """What a task sees."""

    tree: str
    """The task's own folders: `TREE/data` is what it sees as `/data`; in them stands all that it leaves."""
    own: list[str]
    """Paths that are the task's alone, whether it has made them or not: nothing of the machine is seen there."""
    binds: list[tuple[str, str]]
    """Other folders, and where the task sees them; the path is there in the tree."""
    kept: list[str]
    """Folders of the machine that it sees although its own take the place of one around them: for programs."""
    hidden: str
    """A folder of the machine that it does not see."""


def private_view(*, processes: bool = True) -> None:
    """Give this process a private view of mounts, and of processes to its next child. Raises OSError."""
    flags = kernel.NEW_MOUNTS | (kernel.NEW_PROCESSES if processes else 0)
    user, group = os.getuid(), os.getgid()
    try:
        kernel.unshare(flags)  # the administrator of the machine needs no more
    except PermissionError:
        kernel.unshare(flags | kernel.NEW_USER)
        _write("/proc/self/setgroups", "deny")
        _write("/proc/self/uid_map", f"{user} {user} 1")
        _write("/proc/self/gid_map", f"{group} {group} 1")


def enter(room: Room) -> None:
    """Build the view of a task, and go in. The process has a private view of mounts. Raises OSError."""
    tree = room["tree"]
    kernel.mount("", "/", flags=kernel.PRIVATE)
    kernel.mount(tree, tree, flags=kernel.BIND)
    _fill(tree, "", frozenset([*OPAQUE, *room["own"]]))
    for path in room["kept"]:
        _show(path, tree + path)
    for source, path in room["binds"]:
        kernel.mount(source, tree + path, flags=kernel.BIND)
    if os.path.isdir(tree + room["hidden"]):  # noqa: PTH112 - pathlib is slow to load
        kernel.mount("tmpfs", tree + room["hidden"], "tmpfs", flags=kernel.READ_ONLY)
    _own_processes(tree)
    kernel.enter_root(tree)


def _fill(tree: str, path: str, own: frozenset[str]) -> None:
    """Show what the machine has in a folder, beside what the task has there."""
    there, machine = _entries(tree + path), _entries(path or "/")
    if len(machine) > MAX_ENTRIES:
        raise OSError(0, f"`{path}` has more than {MAX_ENTRIES:,} entries, beside which a file of a task cannot stand")
    for name, entry in machine.items():
        here = f"{path}/{name}"
        if here in own:
            continue
        if name not in there:
            _show(here, tree + here, is_link=entry.is_symlink())
        elif entry.is_dir(follow_symlinks=False) and there[name].is_dir(follow_symlinks=False):
            _fill(tree, here, own)


def _entries(path: str) -> dict[str, os.DirEntry[str]]:
    with os.scandir(path) as found:
        return {entry.name: entry for entry in found}


def _show(path: str, target: str, *, is_link: bool = False) -> None:
    """Show something of the machine at a target, which is made."""
    if is_link:
        os.symlink(os.readlink(path), target)  # noqa: PTH115, PTH211 - pathlib is slow to load
        return
    _make(target, is_folder=os.path.isdir(path))  # noqa: PTH112 - see above
    kernel.mount(path, target, flags=kernel.BIND)


def _make(target: str, *, is_folder: bool) -> None:
    if is_folder:
        os.makedirs(target, exist_ok=True)  # noqa: PTH103 - pathlib is slow to load
    else:
        os.close(os.open(target, os.O_CREAT | os.O_WRONLY | os.O_CLOEXEC, 0o644))


def _own_processes(tree: str) -> None:
    """Let /proc tell of the task's own processes, where the system allows that."""
    try:
        kernel.mount("proc", f"{tree}/proc", "proc")
    except OSError:
        return  # in a container: /proc tells of more than there is for the task


def _write(path: str, text: str) -> None:
    with open(path, "w", encoding="ascii") as file:  # noqa: PTH123 - pathlib is slow to load
        file.write(text)
