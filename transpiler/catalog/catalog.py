"""Loading components: each file is read, judged and built once. Nothing touches the network."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from functools import partial
from pathlib import Path
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from transpiler.build.component import build_component
from transpiler.build.pipeline import build_pipeline
from transpiler.catalog.files import (
    COMPONENT_FILE,
    PIPELINE_FILE,
    Unreadable,
    digest_of,
    exists,
    is_folder,
    resolve_inside,
    shown,
)
from transpiler.catalog.locate import Folder, Locator, neighbours, refuse_foreign
from transpiler.catalog.overlay import Overlay, Replacement
from transpiler.catalog.readings import Reading, Readings
from transpiler.catalog.remote_source import Remote
from transpiler.catalog.texts import TextFiles
from transpiler.catalog.vendored import Remotes
from transpiler.diagnostics import Report, Span
from transpiler.model.component import Component
from transpiler.model.pipeline import Pipeline
from transpiler.model.task import ComponentReference
from transpiler.read.documents import COMPONENT, is_compiled, kind_of
from transpiler.read.load import load
from transpiler.read.yaml.nodes import Map

MAX_COMPONENTS: Final = 1_000


class Loaded(Struct, frozen=True, eq=False):
    """A component, the folder that its own references are relative to, and the place that asked for it first."""

    component: Component
    folder: Folder
    used_at: Span | None
    path: Path
    """The file itself, links followed."""
    digest: str


class LoadedPipeline(Struct, frozen=True, eq=False):
    """A manifest that another one calls, and the folder that its own references are relative to."""

    document: Map
    pipeline: Pipeline
    folder: Folder
    used_at: Span | None
    path: Path
    """The file itself, links followed."""
    digest: str


def _content(values: tuple[Map, ...]) -> str:
    """What some values say, wherever it stands."""
    return json.dumps(values, sort_keys=True, default=repr) if values else ""


def _with_values(values: tuple[Map, ...], document: Map, report: Report) -> Map:
    from transpiler.build.values.document import with_tasks  # noqa: PLC0415 - few manifests have any

    return with_tasks(document, values, report)


class Catalog:
    """The components that a manifest can reach: relative to its file, and in the catalog folders."""

    def __init__(
        self,
        catalogs: Iterable[Path],
        report: Report,
        remotes: Remotes,
        *,
        lenient: bool = False,
        overlay: Overlay | None = None,
        readings: Readings | None = None,
    ) -> None:
        """`lenient`: a missing component is a warning, as for a published component that is checked by itself.

        `readings` has the components that other manifests have read.
        """
        self.readings = readings or Readings()
        self.remotes = remotes
        self.locator = Locator(list(catalogs), remotes, overlay or Overlay(), lambda: not report.is_long)
        self.texts = TextFiles(self.locator.overlay)
        self.report = report
        self.lenient = lenient
        self._is_blind = False  # a catalog could not be used: missing names are consequences of that
        self._by_path: dict[tuple[Path, Remote | None], Loaded | None] = {}
        self._by_reference: dict[tuple[ComponentReference, Folder], Loaded] = {}
        self._pipelines: dict[tuple[Path, Remote | None, str], Loaded | LoadedPipeline | None] = {}

    @property
    def loaded(self) -> list[Loaded]:
        """Every component that was read, in the order of first use."""
        return [found for found in self._by_path.values() if found]

    @property
    def pipelines(self) -> list[LoadedPipeline]:
        """Every manifest that another one calls, in the order of first use."""
        return [found for found in self._pipelines.values() if isinstance(found, LoadedPipeline)]

    @property
    def files(self) -> tuple[Path, ...]:
        """Every file that was opened."""
        texts = dict.fromkeys(each.path for each in self.texts.found)
        called = dict.fromkeys(path for path, *_ in self._pipelines)
        return (*(path for path, _ in self._by_path), *called, *texts)

    def home_of(self, pipeline: Pipeline, folder: Folder) -> Folder:
        """The folder of a manifest, with the catalogs that it names; those that are none are reported."""
        own = []
        for text, span in pipeline.catalogs:
            try:
                refuse_foreign(text)
                found = resolve_inside(folder.path / text, folder.root)
                if not is_folder(found):
                    raise Unreadable("cannot-read", f"there is no folder `{text}`", neighbours(folder.path / text))
                own.append(found)
            except Unreadable as problem:
                self.report.error(problem.code, problem.message, span, problem.hint)
                self._is_blind = True
        return replace(folder, catalogs=tuple(own))

    def load(
        self, reference: ComponentReference, base: Folder, short_names: Collection[str] | None = ()
    ) -> Loaded | None:
        """The component of a reference; None, with a diagnostic, if there is none.

        `short_names` are candidates for a hint; None if a reported mistake hides them.
        """
        key = (reference, base)
        if key in self._by_reference:
            return self._by_reference[key]
        try:
            loaded = self._open(reference, base, short_names or ())
        except Unreadable as problem:
            self._report(problem, reference, names_are_incomplete=short_names is None)
            return None
        if loaded:
            self._by_reference[key] = loaded
        return loaded

    def _report(self, problem: Unreadable, reference: ComponentReference, *, names_are_incomplete: bool) -> None:
        hidden = self._is_blind or names_are_incomplete
        hidden = problem.code == "missing-component" and hidden and not reference.path
        if not (hidden or (problem.code == "remote-reference" and self.remotes.is_blind)):
            remote = self.lenient and problem.code in {"remote-reference", "missing-component"}
            say = self.report.warning if remote else self.report.error
            say(problem.code, problem.message, reference.span, problem.hint)

    def load_pipeline(
        self, reference: ComponentReference, base: Folder, values: tuple[Map, ...] = ()
    ) -> Loaded | LoadedPipeline | None:
        """The manifest or component that a reference names; None, with a diagnostic, when there is none.

        `values` are settings of its tasks, which a values file of the caller has. Calls with equal ones get the same.
        """
        written = reference.path or reference.name
        if not reference.url and exists(base.path / written / PIPELINE_FILE):
            written = f"{written.rstrip('/')}/{PIPELINE_FILE}"
            reference = replace(reference, path=written) if reference.path else replace(reference, name=written)
        try:
            path, folder = self.locator.locate(reference, base, ())
            real = resolve_inside(path, folder.root)
            found = self._read(path, real, folder, reference)
            if len(self._pipelines) >= MAX_COMPONENTS:
                raise Unreadable("too-large", f"more than {MAX_COMPONENTS:,} pipelines", "split the pipeline")
        except Unreadable as problem:
            self._report(problem, reference, names_are_incomplete=False)
            return None
        key = real, folder.origin, _content(values)
        if key not in self._pipelines:
            home = replace(folder, path=real.parent)
            self._pipelines[key] = self._read_either(found, path, home, reference.span, values)
        return self._pipelines[key]

    def _read_either(
        self, found: Replacement, path: Path, folder: Folder, used_at: Span, values: tuple[Map, ...]
    ) -> Loaded | LoadedPipeline | None:
        own = Report()
        lay = partial(_with_values, values) if values else None
        document = load(found.name, found.data, None, own, self.texts.of(folder, own), lay)
        if document is not None and kind_of(document) is COMPONENT and values:
            place = values[0].key_span(next(iter(values[0])))
            message = f"`{found.name}` is a component, whose tasks no environment changes"
            self.report.error("fixed-graph", message, place, "change the settings of the task that calls it")
        if document is not None and kind_of(document) is COMPONENT:
            component = build_component(document, folder.origin.name if folder.origin else path.stem, own)
            self.merge(own, used_at)
            return Loaded(component, folder, used_at, path.resolve(), digest_of(found.data))
        pipeline = build_pipeline(document, own) if document is not None else None
        self.merge(own, used_at)
        if pipeline is None or document is None:
            return None
        if folder.origin is None:  # a manifest from elsewhere opens no folder here
            folder = self.home_of(pipeline, folder)
        return LoadedPipeline(document, pipeline, folder, used_at, path.resolve(), digest_of(found.data))

    def _read(self, path: Path, real: Path, folder: Folder, reference: ComponentReference) -> Replacement:
        """The bytes of a file here, or of the copy of one from elsewhere, which are the locked ones.

        They have the digest that the reference asks for. Raises Unreadable.
        """
        if folder.origin:
            found = Replacement(shown(path), self.remotes.read(folder.origin))
        else:
            found = self.locator.overlay.read(path, real)
        if reference.digest and digest_of(found.data) != reference.digest:
            message = f"`{found.name}` has the digest sha256:{digest_of(found.data)}"
            hint = "the file has changed: review it, then update the digest"
            if real not in self.locator.overlay.files:
                raise Unreadable("wrong-digest", message, hint)
            self.report.error("wrong-digest", message, reference.span, hint)  # other mistakes are reported too
        return found

    def _open(self, reference: ComponentReference, base: Folder, short_names: Collection[str]) -> Loaded | None:
        path, folder = self.locator.locate(reference, base, short_names)
        real = resolve_inside(path, folder.root)
        key = real, folder.origin
        if key in self._by_path and not reference.digest:
            return self._by_path[key]
        found = self._read(path, real, folder, reference)
        if key not in self._by_path:
            if len(self._by_path) >= MAX_COMPONENTS:
                raise Unreadable("too-large", f"more than {MAX_COMPONENTS:,} components", "split the pipeline")
            home = replace(folder, path=real.parent)
            self._by_path[key] = self.read(path, found.data, home, reference.span, found.name)
        return self._by_path[key]

    def read(self, path: Path, data: bytes, folder: Folder, used_at: Span | None, name: str = "") -> Loaded | None:
        """Read a component from bytes. What is wrong in it is reported in it, with the place that uses it.

        `name` is what messages call it, where that is not its path.
        """
        fallback = path.parent.name if path.name == COMPONENT_FILE else path.stem
        fallback = folder.origin.name if folder.origin else fallback
        component, own = self.readings.reading(name or shown(path), fallback, data, _read_component)
        self.merge(own, used_at)
        return Loaded(component, folder, used_at, path.resolve(), digest_of(data)) if component else None

    def merge(self, own: Report, used_at: Span | None) -> None:
        """Take over the diagnostics of a component."""
        self.report.take(own, used_at)


def _read_component(name: str, fallback: str, data: bytes) -> Reading:
    """A component from bytes, and what is wrong in it. It depends on nothing else."""
    own = Report()
    document = load(name, data, COMPONENT, own)
    build = build_component
    if document is not None and is_compiled(document):
        from transpiler.build.kfp2.component import build_compiled_component as build  # noqa: PLC0415 - rare
    return build(document, fallback, own) if document is not None else None, own
