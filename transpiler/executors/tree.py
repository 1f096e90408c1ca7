"""The files of one task: where a path as the task sees it stands on this machine, and no way out of there.

What a task leaves is untrusted: a link of it may lead anywhere. Links are followed as the task sees them, one name
after the other; one that leads out of the task's own folders is an error, and nothing is written through a link.
"""

from __future__ import annotations

import stat
from collections.abc import Mapping
from pathlib import Path
from posixpath import normpath
from typing import Final

from transpiler.executors.errors import TaskError

_MAX_LINKS: Final = 40


class Tree:
    """The task's own folders. `mounts`: paths at which the task sees other folders."""

    def __init__(self, root: Path, mounts: Mapping[str, Path], folder: str = "/") -> None:
        """`folder` is where the program starts, as it sees it: relative paths start there."""
        self.root = root
        self._mounts = {normpath(path): place for path, place in mounts.items()}
        self._folder = folder

    def absolute(self, path: str) -> str:
        """A path of the task without `.`, `..` and `//`."""
        found = normpath(f"{self._folder}/{path}" if not path.startswith("/") else path)
        return f"/{found.lstrip('/')}"

    def home(self, path: str) -> tuple[Path, tuple[str, ...]]:
        """The folder of this machine in which a path of the task starts, and the names from there on."""
        path = self.absolute(path)
        inside = [each for each in self._mounts if path == each or path.startswith(f"{each}/")]
        start = max(inside, key=len, default="")
        names = tuple(each for each in path[len(start) :].split("/") if each)
        return (self._mounts[start] if start else self.root), names

    def is_mounted(self, path: str) -> bool:
        """True for a path in one of the mounts."""
        return self.home(path)[0] != self.root

    def make(self, path: str) -> Path:
        """Where to write what the task is to see at a path; the folders around it are made. Raises TaskError."""
        here, names = self.home(path)
        try:
            for name in names[:-1]:
                here /= name
                if here.is_symlink():
                    raise TaskError(f"`{path}` is behind a link")
                here.mkdir(exist_ok=True)
        except OSError as error:
            raise TaskError(f"`{path}` cannot be made: {error.strerror}") from error
        return here / names[-1] if names else here

    def find(self, path: str) -> Path | None:
        """What the task has left at a path, links followed; None if there is nothing. Raises TaskError."""
        found = self._step(path)
        for _ in range(_MAX_LINKS):
            if not isinstance(found, str):
                return found
            target = found
            found = self._step(target)
            if found is None:
                raise TaskError(f"`{path}` is a link to `{target}`, where the task has nothing of its own")
        raise TaskError(f"`{path}` is a loop of links")

    def _step(self, path: str) -> Path | str | None:
        """What is at a path; the path that it means if there is a link on the way; None for nothing."""
        path = self.absolute(path)
        here, names = self.home(path)
        start = path.split("/")[1 : -len(names)] if names else []
        for position, name in enumerate(names):
            here /= name
            try:
                is_link = stat.S_ISLNK(here.lstat().st_mode)
            except (FileNotFoundError, NotADirectoryError):
                return None
            except (OSError, ValueError) as error:
                raise TaskError(f"`{path}` cannot be read: {getattr(error, 'strerror', error)}") from error
            if is_link:
                around = "/".join(["", *start, *names[:position]])
                return "/".join([self._seen(str(here.readlink()), around), *names[position + 1 :]])
        return here

    def _seen(self, target: str, around: str) -> str:
        """The target of a link in a folder, as a path of the task."""
        if not target.startswith("/"):
            return self.absolute(f"{around}/{target}")
        own = str(self.root)
        return target.removeprefix(own) if target.startswith(f"{own}/") else target
