"""`transpile catalog docs`: a web site about catalogs, in a folder of its own."""

from __future__ import annotations

import argparse
from pathlib import Path

from transpiler.catalog.files import git_root
from transpiler.cli.catalog import listing
from transpiler.cli.discovery import catalog_files, existing_folder, manifest_files
from transpiler.cli.output import roots_of
from transpiler.cli.site_folder import write_site
from transpiler.cli.streams import tell
from transpiler.cli.usage import UsageError
from transpiler.views.site import site
from transpiler.views.uses import uses
from transpiler.workspace.options import Options


def run(given: argparse.Namespace) -> int:
    """Write the site, all or nothing; 1 when a component is broken, which is then not part of it."""
    if not given.output:
        raise UsageError("--output: name a folder")
    if Path(given.output).resolve() in {Path.cwd(), *Path.cwd().parents}:
        raise UsageError("--output: name another folder; this one would be replaced, and the command runs in it")
    found = listing(catalog_files(given.folders), given)
    catalogs = [Path(name).resolve() for name in given.folders]
    searched = [existing_folder(name) for name in given.pipelines] or sorted({git_root(path) for path in catalogs})
    used = uses(manifest_files(searched), found.entries, Options(catalogs=catalogs))
    target = Path(given.output)
    roots = roots_of(target, *(git_root(path) for path in (Path.cwd(), *catalogs)))
    changed = write_site(target, site(found.entries, used, given.title), roots)
    if not given.quiet:
        what = f"{len(found.entries)} component{'' if len(found.entries) == 1 else 's'}"
        tell(f"{'wrote' if changed else 'unchanged:'} {given.output} ({what})")
    return 1 if found.broken else 0
