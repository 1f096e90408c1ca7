"""`transpile catalog docs`: a web site about catalogs, in a folder of its own."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from transpiler.catalog.files import git_root
from transpiler.catalog.readings import Readings
from transpiler.cli.catalog import listing
from transpiler.cli.discovery import catalog_files, existing_folder, manifest_files
from transpiler.cli.output import roots_of
from transpiler.cli.site_folder import write_site
from transpiler.cli.streams import tell
from transpiler.cli.usage import UsageError
from transpiler.diagnostics import Report
from transpiler.views.entries import File
from transpiler.views.site import site
from transpiler.views.uses import PipelineUse, uses
from transpiler.workspace.options import Options
from transpiler.workspace.project import Project, find_project, read_project


def run(given: argparse.Namespace) -> int:
    """Write the site, all or nothing; 1 when a component is broken, which is then not part of it."""
    if not given.output:
        raise UsageError("--output: name a folder")
    if Path(given.output).resolve() in {Path.cwd(), *Path.cwd().parents}:
        raise UsageError("--output: name another folder; this one would be replaced, and the command runs in it")
    found = listing(catalog_files(given.folders), given)
    catalogs = [Path(name).resolve() for name in given.folders]
    searched = [existing_folder(name) for name in given.pipelines] or sorted({git_root(path) for path in catalogs})
    manifests = _with_options(manifest_files(searched), catalogs)
    used = uses(manifests, found.entries, everything=bool(given.pipelines))
    target = Path(given.output)
    roots = roots_of(target, *(git_root(path) for path in (Path.cwd(), *catalogs)))
    changed = write_site(target, site(found.entries, used.found, given.title), roots)
    if not given.quiet:
        tell(f"{'wrote' if changed else 'unchanged:'} {given.output} ({_counted(len(found.entries), used.found)})")
        if used.unclear:
            tell(_left_out(used.unclear))
    return 1 if found.broken else 0


def _with_options(files: Iterable[File], catalogs: Sequence[Path]) -> Iterator[tuple[File, Options]]:
    """The manifests with the options of their projects, which may leave some out; mistakes of a project count nothing.

    A component is looked for in the catalogs of the site, too.
    """
    known: dict[Path | None, tuple[Project | None, Options]] = {}
    for file in files:
        path = find_project(file.path.resolve().parent)
        if path not in known:
            project = read_project(path, Report()) if path is not None else None
            known[path] = project, _options(project, catalogs)
        project, options = known[path]
        if project is None or not project.leaves_out(file.path):
            yield file, options


def _options(project: Project | None, catalogs: Sequence[Path]) -> Options:
    if project is None:
        return Options(catalogs=catalogs, readings=Readings())
    return Options(
        catalogs=list(dict.fromkeys([*catalogs, *project.catalogs])),
        other_kind=project.kind or "Workflow",
        locked=project.locked,
        argo=project.argo,
        environments=project.shared_values,
        readings=Readings(),
    )


def _counted(components: int, used: Sequence[PipelineUse]) -> str:
    broken = sum(use.analysis.failed for use in used)
    told = [f"{components} component{'' if components == 1 else 's'}"]
    if used:
        told.append(f"{len(used)} pipeline{'' if len(used) == 1 else 's'}")
    if broken:
        told.append(f"{broken} with errors")
    return ", ".join(told)


def _left_out(places: Sequence[str]) -> str:
    what = f"{len(places)} manifests with errors use" if len(places) > 1 else "1 manifest with errors uses"
    return (
        f"note: {what} no component, as far as can be read, such as {places[0]}: --pipelines DIR puts them in the site"
    )
