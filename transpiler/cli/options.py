"""The options of a run: those of the command line, and for those that it leaves out what the project file says."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from transpiler.catalog.files import exists, is_folder
from transpiler.cli.usage import Refused, UsageError
from transpiler.diagnostics import Report
from transpiler.workspace.options import Options
from transpiler.workspace.project import PROJECT_FILE, Project, find_project, read_project


def options(given: argparse.Namespace) -> Options:
    """The compiler's options. Raises UsageError for a folder that is none, Refused for mistakes in the project file."""
    return options_in(settled(given), given)


def options_in(project: Project | None, given: argparse.Namespace) -> Options:
    """The options of files that belong to a project, or to none. Raises UsageError for a folder that is none."""
    locked = getattr(given, "locked", False)
    return Options(
        kind=getattr(given, "kind", ""),
        other_kind=(project.kind if project else "") or "Workflow",
        catalogs=[*(_folder(name, "--catalog") for name in given.catalog), *(project.catalogs if project else ())],
        root=_folder(given.root, "--root") if given.root else None,
        locked=bool(project and project.locked) if locked is None else locked,
        values=[_file(name, "--values") for name in getattr(given, "values", ())],
        assignments=getattr(given, "set", ()),
        argo=getattr(given, "argo", "") or (project.argo if project else ""),
        environments=project.shared_values if project is not None else None,
    )


def settled(given: argparse.Namespace) -> Project | None:
    """The project of a run: that of the folder that has all its files. `--strict` gets its value from it, once.

    Raises UsageError, and Refused for mistakes in the project file.
    """
    if "projects" not in given:
        given.projects = {}
        project = project_of(_home(given), given)
        if getattr(given, "strict", False) is None:
            given.strict = is_strict(project)
        given.settled = project
    found: Project | None = given.settled
    return found


def is_strict(project: Project | None) -> bool:
    """True if warnings fail a run in the project."""
    return project is not None and project.strict


def project_of(folder: Path, given: argparse.Namespace) -> Project | None:
    """The project that is named, or that of a folder, which is looked for once; None without one. Raises likewise."""
    if folder not in given.projects:
        given.projects[folder] = _read(folder, given)
    found: Project | None = given.projects[folder]
    return found


def _read(folder: Path, given: argparse.Namespace) -> Project | None:
    root = Path(given.root).resolve() if given.root else None
    file = _named(given) or (None if given.no_project else find_project(folder, root))
    known = {project.file: project for project in given.projects.values() if project is not None}
    if file is None or file in known:
        return known[file] if file is not None else None
    report = Report()
    project = read_project(file, report)
    if report.failed:
        raise Refused(report.diagnostics)
    return project


def _home(given: argparse.Namespace) -> Path:
    """The folder that has all files and folders of the command line; the working folder if it names none."""
    names = (
        getattr(given, "manifests", None) or getattr(given, "paths", None) or [getattr(given, "manifest", None) or "."]
    )
    paths = [Path("." if name == "-" else name).resolve() for name in names]
    try:
        return Path(os.path.commonpath([path if is_folder(path) else path.parent for path in paths]))
    except ValueError:  # several drives
        return Path.cwd()


def _named(given: argparse.Namespace) -> Path | None:
    """The file that `--project` names. Raises UsageError."""
    if given.project and given.no_project:
        raise UsageError("--project and --no-project exclude each other")
    if given.project and not exists(Path(given.project)):
        raise UsageError(f"--project: there is no file `{given.project}`")
    if given.project and is_folder(Path(given.project)):
        raise UsageError(f"--project: name the file, such as `{Path(given.project) / PROJECT_FILE}`")
    return Path(given.project) if given.project else None


def _file(name: str, option: str) -> Path:
    path = Path(name)
    if not exists(path) or is_folder(path):
        raise UsageError(f"{option}: there is no file `{name}`")
    return path


def _folder(name: str, option: str) -> Path:
    path = Path(name)
    if not is_folder(path):
        raise UsageError(f"{option}: there is no folder `{name}`")
    return path.resolve()
