"""The files of a catalog → its components, each with the reference that a manifest writes for it."""

from __future__ import annotations

from collections.abc import Iterable
from inspect import cleandoc
from pathlib import Path, PurePosixPath
from typing import Final

from msgspec import Struct

from transpiler.catalog.catalog import Catalog
from transpiler.catalog.files import COMPONENT_FILE, digest_of, shown
from transpiler.catalog.locate import Folder
from transpiler.catalog.vendored import Remotes
from transpiler.check.source import check_components
from transpiler.diagnostics import Diagnostic, Report
from transpiler.model.component import Component
from transpiler.model.ports import Input, Output
from transpiler.patterns import regex

_VERSION: Final = regex(r"(?P<name>.+)/versions/(?P<kind>tags|sha256)/(?P<version>[^/@]+)(/component\.yaml)?")
"""KFP's ComponentStore keeps versions of `name` there."""


class File(Struct, frozen=True):
    """A file, and its path below its catalog, with `/`."""

    path: Path
    place: str
    data: bytes


class Entry(Struct, frozen=True):
    """A component that tasks can use, and its file."""

    component: Component
    file: File

    @property
    def reference(self) -> str:
        """Its reference for `component:`, in a manifest that has its folder as a catalog."""
        return reference(self.file.place)

    @property
    def digest(self) -> str:
        """The digest that `@sha256:…` verifies."""
        return digest_of(self.file.data)

    @property
    def image(self) -> str:
        """The image that it runs; empty for a graph."""
        container = self.component.implementation.container
        return (container.image or "") if container is not None else ""

    @property
    def is_graph(self) -> bool:
        """True for a component that is made of others."""
        return self.component.implementation.is_graph

    @property
    def ports(self) -> tuple[Input | Output, ...]:
        """Its inputs, then its outputs."""
        return (*self.component.inputs, *self.component.outputs)

    @property
    def description(self) -> str:
        """Its description, without the indentation of a docstring."""
        return cleandoc(self.component.description)

    @property
    def summary(self) -> str:
        """The first line of its description."""
        return self.description.partition("\n")[0]


class Listing(Struct, frozen=True):
    """The content of a catalog: the components, the paths of broken ones, and their diagnostics."""

    entries: tuple[Entry, ...]
    broken: tuple[str, ...]
    diagnostics: tuple[Diagnostic, ...]


def reference(place: str) -> str:
    """The reference for a file at a place below a catalog."""
    version = _VERSION.fullmatch(place)
    if version:
        return f"{version['name']}@{'sha256:' if version['kind'] == 'sha256' else ''}{version['version']}"
    path = PurePosixPath(place)
    has_short_form = path.name == COMPONENT_FILE and path.parent.name and "@" not in path.parent.name
    return path.parent.as_posix() if has_short_form else place


def read_entries(files: Iterable[File]) -> Listing:
    """Read the components, by reference. One that is broken is reported, and the others still come."""
    entries, broken, diagnostics = [], [], []
    for file in files:
        report = Report()
        component = _read(file, report)
        if component is not None and not report.failed:
            entries.append(Entry(component, file))
        else:
            broken.append(file.place)
            diagnostics += [found for found in report.diagnostics if found.severity == "error"]
    entries.sort(key=lambda entry: (entry.reference.lower(), entry.reference, shown(entry.file.path)))
    return Listing(tuple(entries), tuple(sorted(broken)), tuple(diagnostics))


def _read(file: File, report: Report) -> Component | None:
    home = file.path.parent
    catalog = Catalog((), report, Remotes(home, None), lenient=True)
    loaded = catalog.read(file.path, file.data, Folder(home, home), None)
    if loaded is None:
        return None
    if loaded.component.is_complete:
        check_components([loaded], catalog)
    return loaded.component
