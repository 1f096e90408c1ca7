"""Containers that runs have left which were killed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from transpiler.executors.errors import TaskError
from transpiler.executors.images.leftovers import is_noted, remove_left
from transpiler.local.errors import RunError
from transpiler.local.folder import RunFolder, folders


def clean(folder: RunFolder) -> None:
    """Remove what killed processes of a run have left; this process holds its folder. Raises RunError."""
    try:
        remove_left(folder.path)
    except TaskError as error:
        raise RunError(f"containers of the run `{folder.name}` may still be there: {error}") from error


def clean_all(home: Path) -> Iterator[str]:
    """Remove what runs in a folder have left that no process runs; yields what is wrong with others."""
    for folder in folders(home):
        if not is_noted(folder.path) or folder.is_held():
            continue
        try:
            with folder.locked():
                clean(folder)
        except RunError as error:
            yield error.message
