"""The manifests of a checkout → the pipelines that use the components of a catalog: each with its graph."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import chdir
from functools import cached_property
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from transpiler.analysis import Analysis, analyze_bytes
from transpiler.catalog.files import git_root, shown
from transpiler.graph.collect import graph_of
from transpiler.graph.model import Graph, Node
from transpiler.model.pipeline import Pipeline
from transpiler.model.ports import Input
from transpiler.views.entries import Entry, File
from transpiler.workspace.options import Options


class PipelineUse(Struct, frozen=True, dict=True):
    """A manifest, and the components that it uses, its own or below graphs."""

    manifest: File
    real: Path
    """Its path, links followed."""
    root: Path
    """The folder that the names of its files start from: its Git checkout."""
    analysis: Analysis
    inputs: tuple[Input, ...]
    """Its inputs, without the defaults that look like secrets."""
    graph: Graph
    entries: tuple[Entry, ...]

    @property
    def place(self) -> str:
        """Its path below the folder that was searched."""
        return self.manifest.place

    @property
    def pipeline(self) -> Pipeline | None:
        """The manifest as written; None if nothing of it can be read."""
        return self.analysis.pipeline

    @property
    def name(self) -> str:
        """What it is called: by itself, or else by its path."""
        return (self.pipeline.name if self.pipeline is not None else "") or self.place

    @property
    def errors(self) -> int:
        """How many mistakes keep it from compiling."""
        return sum(each.severity == "error" for each in self.analysis.diagnostics)

    def file(self, name: str) -> Path:
        """The path of a file of the pipeline, which its diagnostics and nodes name so; links followed."""
        if name not in self._files:
            self._files[name] = (self.root / name).resolve()
        return self._files[name]

    @cached_property
    def _files(self) -> dict[str, Path]:
        return {}

    @cached_property
    def running(self) -> dict[Path, tuple[Node, ...]]:
        """The file of a component → the tasks that run it."""
        found: dict[Path, list[Node]] = {}
        for node in self.graph.nodes:
            if node.defined is not None:
                found.setdefault(self.file(node.defined.source.name), []).append(node)
        return {path: tuple(nodes) for path, nodes in found.items()}


class Uses(Struct, frozen=True):
    """The pipelines of the site, by path, and the manifests that are left out although they may belong to it."""

    found: list[PipelineUse]
    unclear: list[str]
    """The paths of manifests with errors that use no component, as far as they can be read."""


def uses(manifests: Iterable[tuple[File, Options]], entries: Iterable[Entry], *, everything: bool) -> Uses:
    """The manifests that use at least one of the components; `everything`: the others too.

    Each comes with the options that it is compiled with.
    """
    by_path = {entry.file.path.resolve(): entry for entry in entries}
    files = [(manifest, manifest.path.resolve(), options) for manifest, options in manifests]
    found, unclear = [], []
    for use in _all(files, by_path):
        if everything or use.entries:
            found.append(use)
        elif use.analysis.failed:
            unclear.append(use.place)
    return Uses(sorted(found, key=lambda use: (use.place.lower(), use.place)), sorted(unclear))


def _all(manifests: Iterable[tuple[File, Path, Options]], entries: Mapping[Path, Entry]) -> Iterator[PipelineUse]:
    for manifest, path, options in manifests:
        root = git_root(path.parent)
        with chdir(root):  # which messages name files from: so they are the same wherever the site is made
            analysis = analyze_bytes(shown(path), manifest.data, path.parent, options)
        inputs = tuple(_inputs(analysis))
        graph = graph_of(analysis)
        read = set(analysis.files)
        used = tuple(entry for file, entry in entries.items() if file in read)
        yield PipelineUse(manifest, path, root, analysis, inputs, graph, used)


def _inputs(analysis: Analysis) -> Iterator[Input]:
    told = {each.span for each in analysis.diagnostics if each.code == "secret-in-manifest"}
    for given in analysis.pipeline.inputs if analysis.pipeline is not None else ():
        yield replace(given, default="***") if given.default_span in told else given
