"""The manifests for `lock` and `vendor`, and the needs of each."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct

from transpiler.catalog.catalog import Catalog
from transpiler.catalog.files import git_root, is_folder, shown
from transpiler.catalog.locate import Folder
from transpiler.catalog.lockfile import LOCK_FILE
from transpiler.catalog.vendored import Remotes
from transpiler.cli.check import files_of
from transpiler.cli.environments import refuse_values
from transpiler.cli.streams import read
from transpiler.cli.usage import UsageError
from transpiler.diagnostics import Report
from transpiler.lock.needs import Needs, manifest_key, needs_of
from transpiler.read.documents import MANIFEST, guess
from transpiler.workspace.manifest import open_manifest
from transpiler.workspace.options import Options
from transpiler.workspace.search import Others


class Manifest(Struct, frozen=True):
    """A manifest, and the folder and root that its paths start at."""

    name: str
    data: bytes
    home: Folder


def manifests(paths: Iterable[str], root: Path | None) -> dict[Path, list[Manifest]]:
    """Root → its manifests, each once. Files count as named; folders are searched. Raises UsageError."""
    found: dict[Path, dict[Path, Manifest]] = {}
    for given in paths:
        is_search = is_folder(Path(given))
        others = Others()
        for path in files_of([given], root, others):
            data = read(str(path))
            refuse_values(path, data)
            if not is_search or guess(path, data) is MANIFEST:
                folder = path.resolve().parent
                home = Folder(folder, root or git_root(folder))
                found.setdefault(home.root, {})[folder / path.name] = Manifest(shown(path), data, home)
        for problem in others.unreadable.diagnostics:
            raise UsageError(f"{problem.span.source.name}: {problem.message}")
    return {each: list(below.values()) for each, below in found.items()}


def needs(manifest: Manifest, options: Options, remotes: Remotes, report: Report) -> Needs | None:
    """The needs of a manifest; None if it cannot be read. Mistakes are reported."""
    remotes.manifest = manifest.name
    catalog = Catalog(options.catalogs, report, remotes)
    opened = open_manifest(manifest.name, manifest.data, manifest.home, catalog, report)
    if opened is None:
        return None
    key = manifest_key(manifest.home.path / Path(manifest.name).name, manifest.home.root)
    needed = needs_of(key, opened.pipeline, opened.home, catalog)
    for name, span in ((key, opened.pipeline.span), *((each.key, each.used_at) for each in needed.files)):
        if not _is_text(name):
            hint = f"rename it; names of files in {LOCK_FILE} are UTF-8"
            report.error("not-utf8", f"the name of the file `{name}` is not UTF-8", span, hint)
    return needed


def _is_text(name: str) -> bool:
    """False for a file name whose bytes are not UTF-8."""
    return not any(0xD800 <= ord(character) <= 0xDFFF for character in name)
