"""A manifest → everything known about it before Argo: the pipeline, its program, its names, and the diagnostics."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from transpiler.argo.versions import NEWEST
from transpiler.catalog.files import shown
from transpiler.catalog.lockfile import Lock
from transpiler.check.dataflow import check_dataflow
from transpiler.check.ignores import check_ignores, without_ignored
from transpiler.check.source import check_components, check_graph, check_source, check_version
from transpiler.dataflow.instances import Dataflow
from transpiler.dataflow.trace import trace_or_report
from transpiler.diagnostics import Diagnostic, Report, Source, Span
from transpiler.model.pipeline import Pipeline
from transpiler.read.yaml.nodes import Map
from transpiler.resolve.program import Program
from transpiler.resolve.resolve import resolve, resolve_component
from transpiler.resolve.scope import Scope
from transpiler.workspace.manifest import Workspace, open_manifest
from transpiler.workspace.options import Options
from transpiler.workspace.values import read_layers

if TYPE_CHECKING:
    from transpiler.bindings.bindings import Bindings
    from transpiler.bindings.edges import Edge
    from transpiler.bindings.written_tasks import WrittenTasks
    from transpiler.read.yaml.lookup import Found, Lookup


class Analysis(Struct, frozen=True, eq=False, dict=True):
    """The meaning of a manifest, as far as it can be understood. Immutable, and free of Argo's terms."""

    name: str
    """The manifest, as messages print it."""
    kind: str
    """The kind of Argo's object that it compiles to."""
    diagnostics: tuple[Diagnostic, ...]
    files: tuple[Path, ...] = ()
    """The files that were read beside the manifest."""
    document: Map | None = None
    """The manifest as nodes with positions; None if it is not a mapping."""
    pipeline: Pipeline | None = None
    """The manifest as written."""
    program: Program | None = None
    """The pipeline with its names resolved."""
    dataflow: Dataflow | None = None
    """How each value travels; None when a diagnostic is an error."""
    lock: Lock | None = None
    ignored: tuple[Diagnostic, ...] = ()
    """The warnings that comments of the files ignore."""
    layers: tuple[Source, ...] = ()
    """The values files that were laid over the manifest."""
    argo: str = NEWEST
    """The version of Argo that it is compiled for."""
    laid: Map | None = None
    """The manifest with these values; the document itself where there are none."""

    @property
    def failed(self) -> bool:
        """True when a diagnostic is an error."""
        return any(each.severity == "error" for each in self.diagnostics)

    @cached_property
    def bindings(self) -> Bindings:
        """Every name of the pipeline's files, where it is defined and where it is used."""
        from transpiler.bindings.collect import bindings_of  # noqa: PLC0415 - compiling needs none

        return bindings_of(self.name, self.pipeline, self.written)

    @cached_property
    def edges(self) -> tuple[Edge, ...]:
        """The edges between tasks, in the user's own terms."""
        from transpiler.bindings.edges import edges_of  # noqa: PLC0415 - compiling needs none

        return edges_of(self.name, self.written, self.dataflow)

    def at(self, line: int, column: int) -> Found | None:
        """The entry of the manifest at a place, counted from 1, with the keys that lead to it; None without a document.

        Between entries it is the mapping or list that a new entry would belong to.
        """
        return self._lookup.at(line, column) if self._lookup is not None else None

    @cached_property
    def _lookup(self) -> Lookup | None:
        from transpiler.read.yaml.lookup import Lookup  # noqa: PLC0415 - compiling needs none

        return Lookup(self.document) if self.document is not None else None

    @cached_property
    def written(self) -> WrittenTasks:
        """Every task as its file has it."""
        from transpiler.bindings.written_tasks import WrittenTasks  # noqa: PLC0415 - compiling needs none

        return WrittenTasks(self.program.written if self.program is not None else ())


def analyze(manifest: Path | str, options: Options | None = None) -> Analysis:
    """Analyze the manifest at a path. Raises OSError when the file itself cannot be read."""
    path = Path(manifest)
    return analyze_bytes(shown(path), path.read_bytes(), path.resolve().parent, options)


def analyze_bytes(name: str, data: bytes, folder: Path, options: Options | None = None) -> Analysis:
    """Analyze a manifest from its bytes. `name` is for messages; relative paths start at `folder`."""
    options, report = options or Options(), Report()
    workspace = Workspace.of(folder, name, options, report)
    layers = read_layers(options, report)
    manifest = open_manifest(name, data, workspace.home, workspace.catalog, report, layers)
    if manifest is None:
        return Analysis(name, options.kind, report.diagnostics, layers.files)
    pipeline, catalog = manifest.pipeline, workspace.catalog
    kind = options.kind or pipeline.usual_kind(options.other_kind)
    program = resolve(pipeline, manifest.home, catalog, report)
    check_components(catalog.loaded, catalog)
    if options.locked and not workspace.remotes.is_blind:
        from transpiler.lock.compare import check_locked  # noqa: PLC0415 - only a locked manifest needs them
        from transpiler.lock.needs import manifest_key, needs_of  # noqa: PLC0415

        key = manifest_key(folder / Path(name).name, workspace.home.root)
        check_locked(
            needs_of(key, pipeline, manifest.home, catalog), workspace.lock, workspace.remotes.manifest, report
        )
    check_source(pipeline, program, kind, report)
    version = options.argo or NEWEST
    check_version([manifest.laid, *(each.document for each in catalog.pipelines)], version, report)
    dataflow = None if report.failed else _traced(program, pipeline, pipeline.span, report)
    told, ignored = without_ignored(report.diagnostics)
    return Analysis(
        name,
        kind,
        told,
        (*layers.files, *workspace.files),
        manifest.document,
        pipeline,
        program,
        dataflow,
        workspace.lock,
        ignored,
        layers.sources,
        version,
        manifest.laid,
    )


def check_component(path: Path, data: bytes, options: Options | None = None) -> tuple[Diagnostic, ...]:
    """The diagnostics of a component file, independent of any manifest."""
    options, report = options or Options(), Report()
    workspace = Workspace.of(path.resolve().parent, "MANIFEST", options, report, lenient=True)
    catalog = workspace.catalog
    loaded = catalog.read(path, data, workspace.home, None)
    if loaded is not None:
        scope = resolve_component(loaded, catalog, report) if loaded.component.is_complete else None
        check_components([loaded, *catalog.loaded], catalog)
        if scope is not None:
            check_graph(scope, report)
            if not report.failed and _is_complete(scope):
                _traced(Program(scope), None, loaded.component.span, report)
    if loaded is not None:
        check_ignores(loaded.component.span.source, None, report)
    return without_ignored(report.diagnostics)[0]


def _traced(program: Program, pipeline: Pipeline | None, where: Span, report: Report) -> Dataflow | None:
    """The dataflow of a pipeline, or of a graph component on its own, judged; None where there is too much of it."""
    dataflow = trace_or_report(program, where, report)
    if dataflow is not None:
        check_dataflow(dataflow, pipeline, report)
    return dataflow


def _is_complete(scope: Scope) -> bool:
    """True if every component below is available; a published graph may reference missing ones."""
    return all(call.component and (call.scope is None or _is_complete(call.scope)) for call in scope.calls.values())
