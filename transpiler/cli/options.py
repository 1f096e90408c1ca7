"""The options of a run: those of the command line, and for those that it leaves out what the project file says."""

from __future__ import annotations

import argparse
from pathlib import Path

from transpiler.catalog.files import exists, is_folder
from transpiler.cli.usage import Refused, UsageError
from transpiler.diagnostics import Report
from transpiler.workspace.options import Options
from transpiler.workspace.project import PROJECT_FILE, Project, find_project, read_project


def options(given: argparse.Namespace) -> Options:
    """The compiler's options. Raises UsageError for a folder that is none, Refused for mistakes in the project file."""
    project = settled(given)
    return Options(
        kind=getattr(given, "kind", ""),
        catalogs=[*(_folder(name, "--catalog") for name in given.catalog), *(project.catalogs if project else ())],
        root=_folder(given.root, "--root") if given.root else None,
        locked=bool(getattr(given, "locked", False)),
        values=[_file(name, "--values") for name in getattr(given, "values", ())],
        assignments=getattr(given, "set", ()),
        argo=getattr(given, "argo", ""),
        environments=project.shared_values if project is not None else None,
    )


def settled(given: argparse.Namespace) -> Project | None:
    """The project of a run. Options that the command line leaves out get their values from it, once.

    Raises UsageError, and Refused for mistakes in the project file.
    """
    if "settled" not in given:
        given.settled = project = _project(given)
        _fill(given, project)
    found: Project | None = given.settled
    return found


def _fill(given: argparse.Namespace, project: Project | None) -> None:
    for name, value in (("kind", project.kind), ("argo", project.argo)) if project else ():
        if not getattr(given, name, value):
            setattr(given, name, value)
    flags = (("strict", project.strict), ("locked", project.locked)) if project else (("strict", False),)
    for name, flag in flags:
        if getattr(given, name, flag) is None:
            setattr(given, name, flag)


def _project(given: argparse.Namespace) -> Project | None:
    """The project that is named, or that of the working folder; None without one."""
    if given.project and given.no_project:
        raise UsageError("--project and --no-project exclude each other")
    if given.project and not exists(Path(given.project)):
        raise UsageError(f"--project: there is no file `{given.project}`")
    if given.project and is_folder(Path(given.project)):
        raise UsageError(f"--project: name the file, such as `{Path(given.project) / PROJECT_FILE}`")
    root = Path(given.root).resolve() if given.root else None
    file = Path(given.project) if given.project else None if given.no_project else find_project(Path.cwd(), root)
    report = Report()
    project = read_project(file, report) if file is not None else None
    if report.failed:
        raise Refused(report.diagnostics)
    return project


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
