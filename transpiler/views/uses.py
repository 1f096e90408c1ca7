"""Which pipelines use which components: a manifest uses every component file that compiling it reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from msgspec import Struct

from transpiler.analysis import analyze_bytes
from transpiler.catalog.files import shown
from transpiler.model.pipeline import Pipeline
from transpiler.views.entries import Entry, File
from transpiler.workspace.options import Options


class PipelineUse(Struct, frozen=True):
    """A manifest, and the components that it uses, its own or below graphs."""

    manifest: File
    pipeline: Pipeline
    entries: tuple[Entry, ...]

    @property
    def place(self) -> str:
        """Its path below the folder that was searched."""
        return self.manifest.place


def uses(manifests: Iterable[File], entries: Iterable[Entry], options: Options) -> list[PipelineUse]:
    """The manifests that use at least one of the components, by path. Their mistakes are not reported."""
    by_path = {entry.file.path.resolve(): entry for entry in entries}
    return sorted(_uses(manifests, by_path, options), key=lambda use: (use.place.lower(), use.place))


def _uses(manifests: Iterable[File], entries: dict[Path, Entry], options: Options) -> Iterator[PipelineUse]:
    for manifest in manifests:
        folder = manifest.path.resolve().parent
        analysis = analyze_bytes(shown(manifest.path), manifest.data, folder, options)
        read = set(analysis.files)
        used = tuple(entry for path, entry in entries.items() if path in read)
        if used and analysis.pipeline is not None:
            yield PipelineUse(manifest, analysis.pipeline, used)
