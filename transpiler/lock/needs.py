"""A manifest → every file that it needs, transitively, each with its digest and its own references."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path, PurePath

from msgspec import Struct, field

from transpiler.catalog.catalog import Catalog, Loaded, LoadedPipeline
from transpiler.catalog.locate import Folder
from transpiler.catalog.remote_source import Remote
from transpiler.catalog.texts import TextFile
from transpiler.diagnostics import Span
from transpiler.model.component import Component
from transpiler.model.pipeline import Pipeline
from transpiler.model.task import ComponentReference, Dag, Task, tasks_of

Opened = Loaded | LoadedPipeline | TextFile


class Wanted(Struct, frozen=True):
    """A reference, and whether a task names it as `pipeline:`."""

    reference: ComponentReference
    is_pipeline: bool = False


class NamedFile(Struct, frozen=True):
    """One reference: the key of the file, and the position of the reference."""

    key: str
    span: Span


class NamedFiles(Struct, frozen=True):
    """The direct references of a file: the edges, sorted, and the files, each once."""

    edges: tuple[NamedFile, ...]
    files: tuple[tuple[Opened, Span], ...]
    is_incomplete: bool
    """True if one of them is missing and reported, so that no entry may be reported as unused."""


class Need(Struct, frozen=True):
    """A file that a manifest needs, and its own references."""

    key: str
    source: str
    digest: str
    origin: Remote | None
    uses: NamedFiles
    used_at: Span


class Needs(Struct):
    """All files that a manifest needs; `uses` are its direct references."""

    key: str
    span: Span
    uses: NamedFiles
    files: list[Need] = field(default_factory=list)


def needs_of(key: str, pipeline: Pipeline, home: Folder, catalog: Catalog) -> Needs:
    """Follow every reference, each file once. The catalog reports missing files, which are skipped.

    All other files that the catalog has loaded for this manifest are needed too, so that --locked covers them.
    """
    names = None if "components" in pipeline.incomplete_names else dict(pipeline.components)
    needs = Needs(key, pipeline.span, _uses(pipeline, home, home.root, catalog, names))
    waiting: list[tuple[Opened, Span]] = [
        *((loaded, loaded.used_at or pipeline.span) for loaded in catalog.loaded),
        *needs.uses.files,
    ]
    seen: set[object] = set()
    while waiting:
        loaded, used_at = waiting.pop()
        mark = loaded.path if isinstance(loaded, TextFile) else id(loaded)  # a text is read anew for each use
        if mark in seen:
            continue
        seen.add(mark)
        uses = _uses(_definition(loaded), loaded.folder, home.root, catalog, ())
        own = key_of(loaded, home.root)
        needs.files.append(Need(own, _source(own, loaded), loaded.digest, loaded.folder.origin, uses, used_at))
        waiting += uses.files
    return needs


def _definition(loaded: Opened) -> Pipeline | Component | None:
    if isinstance(loaded, TextFile):
        return None
    return loaded.component if isinstance(loaded, Loaded) else loaded.pipeline


def _uses(
    definition: Pipeline | Component | None, base: Folder, root: Path, catalog: Catalog, names: Collection[str] | None
) -> NamedFiles:
    """What a file references, and the files whose texts it takes; a text references nothing."""
    uses: dict[str, NamedFile] = {}
    files: dict[int, tuple[Opened, Span]] = {}
    is_incomplete = False
    for text in catalog.texts.used_in(definition.span.source) if isinstance(definition, Pipeline) else ():
        key = key_of(text, root)
        if key not in uses:
            uses[key] = NamedFile(key, text.used_at)
            files[id(text)] = (text, text.used_at)
    for each in references(definition) if definition is not None else ():
        reference = each.reference
        loaded = catalog.load_pipeline(reference, base) if each.is_pipeline else catalog.load(reference, base, names)
        is_incomplete = is_incomplete or loaded is None
        if loaded:
            key = key_of(loaded, root)
            uses.setdefault(key, NamedFile(key, reference.span))
            files.setdefault(id(loaded), (loaded, reference.span))
    return NamedFiles(tuple(sorted(uses.values(), key=lambda use: use.key)), tuple(files.values()), is_incomplete)


def references(definition: Pipeline | Component) -> Iterator[Wanted]:
    """Every reference of a manifest or component to another file, including those of inline components.

    This, `Pipeline.tasks` and `tasks_of` are the places that know where references stand.
    """
    names: dict[str, ComponentReference | Component | None] = {}
    tasks: tuple[Task, ...] = ()
    if isinstance(definition, Pipeline):
        names, tasks = dict(definition.components), definition.tasks
    elif isinstance(definition.implementation, Dag):
        tasks = tuple(tasks_of(definition.implementation))
    yield from (Wanted(task.pipeline, is_pipeline=True) for task in tasks if task.pipeline)
    called = (task.component for task in tasks)
    for each in (*names.values(), *(each for each in called if not _is_short(each, names))):
        if isinstance(each, Component):
            yield from references(each)
        elif each is not None:
            yield Wanted(each)


def _is_short(called: ComponentReference | Component | None, names: Mapping[str, object]) -> bool:
    """True for a name that the manifest's `components` explain."""
    return isinstance(called, ComponentReference) and called.name in names and not called.tag


def key_of(loaded: Opened, root: Path) -> str:
    """How the lock names a file: a remote one by its reference, others by their path from the root or catalog."""
    if loaded.folder.origin:
        return loaded.folder.origin.key
    if loaded.path.is_relative_to(root.resolve()):
        return manifest_key(loaded.path, root)
    return loaded.path.relative_to(loaded.folder.root.resolve()).as_posix()


def manifest_key(path: Path, root: Path) -> str:
    """How the lock names a manifest: by its path from the root."""
    relative = PurePath(os.path.relpath(path, root.resolve())).as_posix()
    return relative if relative.startswith("../") else f"./{relative}"


def _source(key: str, loaded: Opened) -> str:
    if loaded.folder.origin:
        return "url" if "://" in key else "git"
    return "file" if key.startswith("./") else "catalog"
