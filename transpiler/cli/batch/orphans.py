"""Files of earlier builds that no manifest makes any more."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from transpiler import atomic
from transpiler.catalog.files import shown
from transpiler.cli.output import MADE, opening_line
from transpiler.cli.streams import writing
from transpiler.workspace.globs import matches
from transpiler.workspace.project import Project


def orphans(project: Project, known: Iterable[Path], manifests: Iterable[Path]) -> list[Path]:
    """The files below the fixed folder of the output whose first line says that they were made, and that are unknown.

    Without a fixed folder, files of others lie around: a file then also has to match the output, and to come from a
    manifest of the project, or from none that is left.
    """
    here, made = Path(shown(project.folder)), {path.resolve() for path in known}
    fixed = fixed_folder(project.pattern)
    sources = None if fixed else {path.resolve() for path in manifests}
    suffix = os.path.splitext(project.pattern)[1]  # noqa: PTH122 - of a pattern
    found = []
    for path in _files(here / fixed, suffix):
        line = MADE.fullmatch(opening_line(path)) if path.resolve() not in made else None
        if line and (sources is None or _is_ours(path, line[1], here, project.pattern, sources)):
            found.append(path)
    return sorted(found)


def fixed_folder(pattern: str) -> str:
    """The folders of an output before its first field."""
    return pattern.partition("{")[0].rpartition("/")[0]


def _files(folder: Path, suffix: str) -> Iterator[Path]:
    """The regular files below a folder, sorted, without hidden ones; links are not followed."""
    for here, below, names in os.walk(folder):
        below[:] = sorted(name for name in below if not name.startswith(".") and name != "node_modules")
        for name in sorted(names):
            path = Path(here, name)
            if name.endswith(suffix) and not name.startswith(".") and path.is_file() and not path.is_symlink():
                yield path


def _is_ours(path: Path, manifest: str, here: Path, pattern: str, sources: Collection[Path]) -> bool:
    place = path.relative_to(here).as_posix()
    if not any(matches(place, each) for each in _patterns(pattern)):
        return False
    source = (path.parent / manifest).resolve()
    return source in sources or not source.exists()


def _patterns(pattern: str) -> Iterator[str]:
    """The output as a pattern of paths, with an environment and without one."""
    plain = pattern.replace("{name}", "*").replace("{folder}", "**")
    yield plain.replace("{environment}", "*")
    yield "/".join(filter(None, plain.replace("{environment}", "").split("/")))


def prune(files: Iterable[Path], project: Project) -> list[Path]:
    """Delete orphans, and folders that are empty then; the deleted files.

    A link on the way, a path outside the project's output folder, or a first line of another kind is refused.
    """
    folder = Path(shown(project.folder)) / fixed_folder(project.pattern)
    removed = []
    for path in files:
        with writing(path):
            real = atomic.at(path, project.root)
            if not real.is_relative_to(folder.resolve()) or not MADE.fullmatch(opening_line(real)):
                continue
            real.unlink()
            removed.append(path)
            _remove_empty(real.parent, folder.resolve())
    return removed


def _remove_empty(folder: Path, top: Path) -> None:
    while folder != top and folder.is_relative_to(top) and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent
