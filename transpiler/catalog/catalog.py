"""Loading components: each file is read, judged and built once. Nothing touches the network."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from transpiler.catalog.files import (
    COMPONENT_FILE,
    Unreadable,
    digest_of,
    is_folder,
    resolve_inside,
    shown,
)
from transpiler.catalog.locate import Folder, Locator, neighbours, refuse_foreign
from transpiler.catalog.overlay import Overlay
from transpiler.diagnostics import Related, Report, Span
from transpiler.model.build_component import build_component
from transpiler.model.component import Component
from transpiler.model.pipeline import ComponentReference, Pipeline
from transpiler.read.load import load

MAX_COMPONENTS: Final = 1_000


@dataclass(frozen=True, slots=True, eq=False)
class Loaded:
    """A component, the folder that its own references are relative to, and the place that asked for it first."""

    component: Component
    folder: Folder
    used_at: Span | None


class Catalog:
    """The components that a manifest can reach: relative to its file, and in the catalog folders."""

    def __init__(
        self, catalogs: Iterable[Path], report: Report, *, lenient: bool = False, overlay: Overlay | None = None
    ) -> None:
        """`lenient`: what is not at hand is a warning, as for a published component that is looked at alone."""
        self.locator = Locator(list(catalogs), overlay or Overlay())
        self.report = report
        self.lenient = lenient
        self._is_blind = False  # a catalog could not be used: names that are not found are no news
        self._by_path: dict[Path, Loaded | None] = {}
        self._by_reference: dict[tuple[ComponentReference, Folder], Loaded] = {}

    @property
    def loaded(self) -> list[Loaded]:
        """Every component that was read, in the order of first use."""
        return [found for found in self._by_path.values() if found]

    @property
    def files(self) -> tuple[Path, ...]:
        """Every file that was opened."""
        return tuple(self._by_path)

    def add_roots(self, pipeline: Pipeline, home: Folder) -> None:
        """Look in the folders that a manifest names under `catalogs` first; report those that are none."""
        own = []
        for text, span in pipeline.catalogs:
            try:
                refuse_foreign(text)
                folder = resolve_inside(home.path / text, home.root)
                if not is_folder(folder):
                    raise Unreadable("cannot-read", f"there is no folder `{text}`", neighbours(home.path / text))
                own.append(folder)
            except Unreadable as problem:
                self.report.error(problem.code, problem.message, span, problem.hint)
                self._is_blind = True
        self.locator.roots = [*own, *self.locator.roots]

    def load(
        self, reference: ComponentReference, base: Folder, short_names: Collection[str] | None = ()
    ) -> Loaded | None:
        """The component that a reference names; None, with a diagnostic, when there is none.

        `short_names` are others that may have been meant; None when a mistake that is reported hides them.
        """
        key = (reference, base)
        if key in self._by_reference:
            return self._by_reference[key]
        try:
            loaded = self._open(reference, base, short_names or ())
        except Unreadable as problem:
            hidden = self._is_blind or short_names is None
            if not (problem.code == "missing-component" and hidden and not reference.path):
                remote = self.lenient and problem.code in {"remote-reference", "missing-component"}
                say = self.report.warning if remote else self.report.error
                say(problem.code, problem.message, reference.span, problem.hint)
            return None
        if loaded:
            self._by_reference[key] = loaded
        return loaded

    def _open(self, reference: ComponentReference, base: Folder, short_names: Collection[str]) -> Loaded | None:
        path, folder = self.locator.locate(reference, base, short_names)
        real = resolve_inside(path, folder.root)
        if real in self._by_path and not reference.digest:
            return self._by_path[real]
        found = self.locator.overlay.read(path, real)
        if reference.digest and digest_of(found.data) != reference.digest:
            message = f"`{found.name}` has the digest sha256:{digest_of(found.data)}"
            hint = "the file changed: review it, then change the digest"
            if real not in self.locator.overlay.files:
                raise Unreadable("wrong-digest", message, hint)
            self.report.error("wrong-digest", message, reference.span, hint)  # what else would break counts too
        if real not in self._by_path:
            if len(self._by_path) >= MAX_COMPONENTS:
                raise Unreadable("too-large", f"more than {MAX_COMPONENTS:,} components", "split the pipeline")
            home = Folder(real.parent, folder.root)
            self._by_path[real] = self.read(path, found.data, home, reference.span, found.name)
        return self._by_path[real]

    def read(self, path: Path, data: bytes, folder: Folder, used_at: Span | None, name: str = "") -> Loaded | None:
        """Read a component from bytes. What is wrong in it is reported in it, with the place that uses it.

        `name` is what messages call it, where that is not its path.
        """
        own = Report()
        document = load(name or shown(path), data, "component", own)
        fallback = path.parent.name if path.name == COMPONENT_FILE else path.stem
        component = build_component(document, fallback, own) if document is not None else None
        self.merge(own, used_at)
        return Loaded(component, folder, used_at) if component else None

    def merge(self, own: Report, used_at: Span | None) -> None:
        """Take over what was found in a component."""
        related = (Related("used here", used_at),) if used_at else ()
        for found in own.diagnostics:
            self.report.add(replace(found, related=found.related + related))
