"""Where files lie in their repository: annotations and reports name them from its root, wherever the command runs."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from transpiler.catalog.files import exists, git_root

_WORKSPACES: Final = ("GITHUB_WORKSPACE", "CI_PROJECT_DIR", "WORKSPACE")
"""Where GitHub, GitLab and Jenkins say that the repository is, for checkouts without `.git`."""


def located(names: Iterable[str]) -> dict[str, str]:
    """Name of a file, as diagnostics have it → its path from the root of the repository; without those outside."""
    found = {}
    for name in dict.fromkeys(names):
        path = _real(name)
        root = _root(path.parent) if path else None
        if path and root:
            found[name] = path.relative_to(root).as_posix()
    return found


def _real(name: str) -> Path | None:
    """A file in its real folder; it may be a link itself, as the repository has it. None for the name of a stream."""
    if not name or name == "--set" or name.startswith(("<", "/dev/", "/proc/")):
        return None
    try:
        return Path(name).parent.resolve() / Path(name).name
    except (OSError, RuntimeError, ValueError):  # a loop of links, a name that no file can have
        return None


def _root(folder: Path) -> Path | None:
    """The checkout of the working folder if the file is in it, else that of the file, else the workspace of CI."""
    here = Path.cwd()
    checkouts = [root for root in (git_root(here), git_root(folder)) if exists(root / ".git")]
    workspaces = [Path(os.environ[name]).resolve() for name in _WORKSPACES if os.environ.get(name)]
    return next((root for root in (*checkouts, *workspaces, here) if folder.is_relative_to(root)), None)
