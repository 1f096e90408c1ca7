"""The bytes of a manifest → its pipeline, and the catalog for its references."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from msgspec import Struct

from transpiler.build.pipeline import build_pipeline
from transpiler.build.values.laid import Laid
from transpiler.catalog.catalog import Catalog
from transpiler.catalog.files import git_root
from transpiler.catalog.locate import Folder
from transpiler.catalog.lockfile import LOCK_FILE, Lock, read_lock
from transpiler.catalog.vendored import Remotes
from transpiler.diagnostics import Report
from transpiler.model.pipeline import Pipeline
from transpiler.read.documents import MANIFEST
from transpiler.read.load import load
from transpiler.read.yaml.nodes import Map
from transpiler.workspace.options import Options
from transpiler.workspace.values import NO_LAYERS, Layers


class Workspace(Struct, frozen=True):
    """A folder of a root, its lock, and the catalog for files in it."""

    home: Folder
    lock: Lock | None
    remotes: Remotes
    catalog: Catalog

    @classmethod
    def of(cls, folder: Path, name: str, options: Options, report: Report, *, lenient: bool = False) -> Workspace:
        """The workspace of a file in that folder, whose `name` is for messages. A broken lock is reported."""
        home, own = Folder(folder, options.root or git_root(folder)), Report()
        lock = read_lock(home.root, own)
        report.take(own)
        remotes = Remotes(home.root, lock, "MANIFEST" if name.startswith("<") else name, is_blind=own.failed)
        catalog = Catalog(
            options.catalogs, report, remotes, overlay=options.overlay, lenient=lenient, readings=options.readings
        )
        return cls(home, lock, remotes, catalog)

    @property
    def files(self) -> tuple[Path, ...]:
        """The files that were read beside the manifest: components, other manifests, and the lock."""
        return self.catalog.files if self.lock is None else (*self.catalog.files, self.home.root / LOCK_FILE)


class Manifest(Struct, frozen=True):
    """A manifest that was read."""

    document: Map
    """As it was written."""
    pipeline: Pipeline
    home: Folder
    """Where its paths start; its own catalogs are known there."""
    laid: Map
    """The document with the values that are laid over it."""


def open_manifest(
    name: str, data: bytes, home: Folder, catalog: Catalog, report: Report, layers: Layers = NO_LAYERS
) -> Manifest | None:
    """The manifest, as far as it can be understood; None if nothing of it can. `name` is for messages."""
    lay = partial(_laid, layers) if layers else None
    document = load(name, data, MANIFEST, report, catalog.texts.of(home, report), lay)
    if document is None:
        return None
    pipeline = build_pipeline(document, report)
    written = document.base if isinstance(document, Laid) and document.base is not None else document
    return Manifest(written, pipeline, catalog.home_of(pipeline, home), document)


def _laid(layers: Layers, document: Map, report: Report) -> Map:
    from transpiler.build.values.document import with_layers  # noqa: PLC0415 - most manifests have none

    return with_layers(document, layers.maps, report)
