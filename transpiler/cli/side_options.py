"""The options of a manifest, or of a side of `diff`: those of the project that it belongs to there."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from transpiler.catalog.files import Unreadable, exists, git_root, is_folder, resolve_inside
from transpiler.catalog.readings import Readings
from transpiler.cli.options import options_in, project_of, settled
from transpiler.diagnostics import Report
from transpiler.workspace.options import Options
from transpiler.workspace.project import Project, find_project, read_project


class SideOptions(Struct, frozen=True):
    """What the manifests of a side are compiled with, and the project that says so, if there is one."""

    options: Options
    project: Project | None = None

    def leaves_out(self, path: Path) -> bool:
        """True for a manifest that the project excludes."""
        return self.project is not None and self.project.leaves_out(path)


def working_options(path: Path, given: argparse.Namespace) -> SideOptions:
    """The options for a path of the working tree: its project, or that of the working folder.

    Raises UsageError, and Refused for mistakes in the project file.
    """
    everywhere, real = settled(given), path.resolve()
    project = project_of(real if is_folder(real) else real.parent, given) or everywhere
    return SideOptions(_options(project, given), project)


def revision_options(path: Path, tree: Path, given: argparse.Namespace) -> SideOptions:
    """The options for a path in a revision, whose files are in `tree`: its own project, root, catalogs and files.

    A project file that is not among the files of a revision, or is invalid there, is that of the working tree.
    """
    root = git_root(Path.cwd().resolve())
    here = working_options(path, given).project
    project = _own(here, tree, root, given)
    return SideOptions(_moved(_options(project or here, given), tree, root), project or _placed(here, tree, root))


def _options(project: Project | None, given: argparse.Namespace) -> Options:
    """The options of a project for all manifests of a side, which share the components that they read."""
    return replace(options_in(project, given), readings=Readings())


def _own(here: Project | None, tree: Path, root: Path, given: argparse.Namespace) -> Project | None:
    """The project of a revision, from its own file; None without one that can be used."""
    folder = here.folder if here is not None else Path.cwd().resolve()
    if given.no_project or not folder.is_relative_to(root):
        return None
    below = tree / folder.relative_to(root)
    named = below / here.file.name if given.project and here is not None else None
    file = named if named is not None and exists(named) else None if named else find_project(below, tree)
    return read_project(file, Report(), tree) if file is not None else None


def _placed(project: Project | None, tree: Path, root: Path) -> Project | None:
    """A project of the working tree as if its folder were in the revision."""
    if project is None or not project.folder.is_relative_to(root):
        return project
    return replace(project, folder=tree / project.folder.relative_to(root))


def _moved(options: Options, tree: Path, root: Path) -> Options:
    """The options for a revision: its own root, and its own catalogs and values where those are in the checkout."""
    catalogs = [tree / each.relative_to(root) if each.is_relative_to(root) else each for each in options.catalogs]
    inner = options.root is not None and options.root.is_relative_to(root)
    own = tree / options.root.relative_to(root) if inner and options.root is not None else tree
    shared = options.environments
    if shared is not None:
        shared = {name: tuple(_there(paths, tree, root)) for name, paths in shared.items()}
    return replace(options, root=own, catalogs=catalogs, environments=shared)


def _there(paths: Iterable[Path], tree: Path, root: Path) -> Iterable[Path]:
    """The values files that a revision has."""
    for path in paths:
        try:
            found = tree / path.relative_to(root) if path.is_relative_to(root) else path
            if not found.is_relative_to(tree) or exists(resolve_inside(found, tree)):
                yield found
        except Unreadable:
            continue  # a link that leaves the revision
