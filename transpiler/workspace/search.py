"""A folder → the manifests and components below it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Final

from msgspec import Struct, field

from transpiler.catalog.files import SUFFIXES, Unreadable, read_regular_file, resolve_inside, shown
from transpiler.catalog.remote_source import VENDOR
from transpiler.diagnostics import Report, Source
from transpiler.read.documents import Kind, guess
from transpiler.workspace.environments import environment_of, has_values, is_values_file

_SKIPPED: Final = frozenset({"node_modules", "__pycache__", "venv"})
_FOREIGN: Final = frozenset({"deno.json"})
"""Files of other tools that have a `name` and `tasks`."""


class Others(Struct):
    """What a search leaves out."""

    count: int = 0
    """Files that are neither manifests nor components."""
    unreadable: Report = field(default_factory=Report)


def search(
    folder: Path,
    root: Path,
    others: Others | None = None,
    exclude: Sequence[str] = (),
    *,
    wanted: Kind | None = None,
    chooses: Callable[[str], bool] | None = None,
) -> Iterator[Path]:
    """The YAML and JSON files below a folder that are manifests or components and lie inside the root, sorted.

    `exclude` has patterns of names, and of paths below the folder, that are left out. `wanted` is the one kind to
    look for; `chooses` judges a path below the folder before the file is read.
    """
    others = others or Others()
    copies = root / VENDOR
    is_outside = not folder.resolve().is_relative_to(copies)
    for path in _documents(folder):
        if exclude and is_excluded(path.relative_to(folder), exclude):
            continue
        if chooses is not None and not chooses(path.relative_to(folder).as_posix()):
            continue
        try:
            real = resolve_inside(path, root)
            if is_outside and real.is_relative_to(copies):
                continue  # vendored components, which are judged where they are used
            data = read_regular_file(real)
        except Unreadable as problem:
            _note(path, problem, others)
            continue
        if is_values_file(path, data):
            continue  # it is checked with its manifest
        kind = guess(path, data)
        is_file = kind is not None or (wanted is None and _is_left_alone(path, data))
        if is_file and wanted in {None, kind}:
            yield path
        else:
            others.count += 1


def _is_left_alone(path: Path, data: bytes) -> bool:
    """True for a values file of `pipeline.yaml`, which is not there."""
    return path.stem.startswith("pipeline.") and bool(environment_of(path)) and bool(data.strip()) and has_values(data)


def _documents(folder: Path) -> Iterator[Path]:
    """YAML and JSON files, but for those in hidden folders and in folders of other tools."""
    found = []
    for here, below, names in os.walk(folder):
        below[:] = [name for name in below if not (name.startswith(".") or name in _SKIPPED)]
        kept = (name for name in names if not (name.startswith(".") or name in _SKIPPED or name in _FOREIGN))
        found += [Path(here, name) for name in kept if os.path.splitext(name)[1] in SUFFIXES]  # noqa: PTH122 - fast
    yield from sorted(found)


def _forms(exclude: Sequence[str]) -> Iterator[str]:
    """The patterns as `fnmatch` reads them, for which `**/` cannot be empty."""
    for each in exclude:
        pattern = each.removeprefix("./").rstrip("/")
        yield from {pattern, pattern.replace("**/", "")}


def is_excluded(path: Path, exclude: Sequence[str]) -> bool:
    """True if a pattern describes the name or the path of the file, or of a folder that it is in."""
    names = [*path.parts, *(above.as_posix() for above in (path, *path.parents))]
    return any(fnmatchcase(name, pattern) for name in names for pattern in _forms(exclude))


def _note(path: Path, problem: Unreadable, others: Others) -> None:
    """Report a file that cannot be read. A link out of the root, a pipe or a file beyond the limit is left out."""
    if problem.code == "cannot-read" and path.is_file():
        others.unreadable.error(problem.code, problem.message, Source(shown(path), "").span(0), problem.hint)
