"""Catalogs, manifests and versions that a command line names → their files."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from transpiler.catalog.files import Unreadable, git_root, is_folder, read_regular_file, resolve_inside, shown
from transpiler.catalog.locate import MAX_FOLDERS, component_files
from transpiler.cli.streams import read
from transpiler.cli.usage import UsageError
from transpiler.read.documents import COMPONENT, MANIFEST, guess
from transpiler.views.entries import File
from transpiler.workspace.search import search


def catalog_files(names: Sequence[str]) -> list[File]:
    """The component files of catalogs, each once. Raises UsageError when there are none."""
    found: dict[Path, File] = {}
    for name in names:
        for file in _components(existing_folder(name)):
            found.setdefault(file.path.resolve(), file)
    if not found:
        raise UsageError(f"no component below {' or '.join(f'`{name}`' for name in names)}")
    return list(found.values())


def _components(folder: Path) -> Iterator[File]:
    """Files called component.yaml, versions as KFP's ComponentStore keeps them, other YAML that is a component."""
    root = git_root(folder.resolve())
    for path in sorted({*component_files(folder, MAX_FOLDERS), *search(folder, root)}):
        try:
            data = read_regular_file(resolve_inside(path, root))
        except Unreadable:
            continue  # a link out of the root, a pipe, something larger than any component
        if guess(path, data) is COMPONENT:
            yield File(path, path.relative_to(folder).as_posix(), data)


def manifest_files(names: Iterable[str | Path], root: Path | None = None) -> list[File]:
    """The manifests named, and those below the folders named, each once."""
    found: dict[Path, File] = {}
    for name in names:
        path = Path(name)
        if not is_folder(path):
            found.setdefault(path.resolve(), File(path, shown(path), read(str(path))))
            continue
        for each in search(path, root or git_root(path.resolve())):
            data = read(str(each))
            if guess(each, data) is MANIFEST:
                found.setdefault(each.resolve(), File(each, each.relative_to(path).as_posix(), data))
    return list(found.values())


def versions(old: str, new: str) -> tuple[list[File], list[File]]:
    """The files of two versions of a component, or of a catalog. Raises UsageError for one of each."""
    if is_folder(Path(old)) != is_folder(Path(new)):
        raise UsageError("compare two component files, or two folders")
    if is_folder(Path(old)):
        return catalog_files([old]), catalog_files([new])
    place = os.path.normpath(shown(Path(old)))
    return [File(Path(old), place, read(old))], [File(Path(new), place, read(new))]


def existing_folder(name: str) -> Path:
    """A folder. Raises UsageError for what is none."""
    path = Path(name)
    if not is_folder(path):
        raise UsageError(f"there is no folder `{name}`")
    return path
