"""Manifests on two sides → what changed in each pipeline, and the diagnostics of those that do not compile."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from transpiler.analysis import analyze_bytes
from transpiler.catalog.files import shown
from transpiler.compiler import compile_analysis
from transpiler.diagnostics import Diagnostic, Related, Source, Span
from transpiler.views.changes import Change, identity
from transpiler.views.entries import File
from transpiler.views.pipelines.diff import component_changes, diff_versions
from transpiler.views.pipelines.impact import Within, changes_within, users
from transpiler.views.pipelines.version import Version
from transpiler.workspace.options import Options

if TYPE_CHECKING:
    from transpiler.graph.model import Graph


class Names(Struct):
    """How the files of a side are called: by their paths, or otherwise as `call` says of a name, and of a text."""

    call: Callable[[str], str] = str
    _sources: dict[Source, Source] = {}

    def span(self, span: Span) -> Span:
        """The place under the name of its file."""
        source = self._sources.get(span.source)
        if source is None:
            name = self.call(span.source.name)
            source = span.source if name == span.source.name else Source(name, span.source.text)
            self._sources[span.source] = source
        return Span(source, *span[1:])

    def diagnostic(self, found: Diagnostic) -> Diagnostic:
        """A diagnostic under these names."""
        related = tuple(Related(self.call(each.message), self.span(each.span)) for each in found.related)
        hint = found.hint if self.call(found.hint) == found.hint else self.call(found.hint)
        return replace(found, message=self.call(found.message), hint=hint, span=self.span(found.span), related=related)


class Subject(Struct, frozen=True):
    """A manifest on one side, and the options that it is compiled with there."""

    file: File
    options: Options
    names: Names

    @property
    def name(self) -> str:
        """What messages call it."""
        return self.names.call(shown(self.file.path))


class Comparison(Struct, frozen=True):
    """What a pipeline is called, its changes, and the errors that keep a side from being compared.

    `files` are the files that either side consists of; `tasks` run a component of the files that were asked for.
    """

    label: str
    changes: tuple[Change, ...]
    diagnostics: tuple[Diagnostic, ...] = ()
    files: frozenset[Path] = frozenset()
    tasks: tuple[str, ...] = ()
    compiles: bool = True
    """False if the new version does not."""
    graph: Graph | None = None
    """Both versions in one graph, if that was asked for."""

    def without(self, told: Collection[tuple[object, ...]]) -> Comparison:
        """The comparison without changes that are told elsewhere, under another name of the pipeline."""
        return replace(self, changes=tuple(each for each in self.changes if identity(each) not in told))


def compare(
    label: str,
    old: Subject | None,
    new: Subject | None,
    within: tuple[Within, Within] | None = None,
    *,
    drawn: bool = False,
) -> Comparison:
    """The changes of a pipeline; None is a side that does not have it. `within`: only those in these files.

    `drawn`: with a graph of both.
    """
    sides = [compiled(each) if each is not None else None for each in (old, new)]
    files = frozenset(path for each in sides if each is not None for path in each.analysis.files)
    files |= {each.file.path.resolve() for each in (old, new) if each is not None}
    is_broken = [each is not None and each.compilation.text is None for each in sides]
    told = [
        subject.names.diagnostic(found)
        for subject, side in zip((old, new), sides, strict=True)
        if subject is not None and side is not None and side.compilation.text is None
        for found in side.compilation.diagnostics
        if found.severity == "error"
    ]
    found = _changes(sides[0], sides[1], is_broken)
    tasks: list[str] = []
    if within is not None:
        found += component_changes(sides[0], sides[1]) if any(is_broken) else []
        found = changes_within(found, *within)
        tasks = users(sides[1], within[1]) or users(sides[0], within[0])
    return Comparison(
        label,
        tuple(sorted((_placed(each, label, old, new) for each in found), key=lambda each: each.order)),
        tuple(told),
        files,
        tuple(tasks),
        not is_broken[1],
        _graph(sides, (old, new), found) if drawn else None,
    )


def _graph(
    sides: Sequence[Version | None], subjects: Sequence[Subject | None], changes: Sequence[Change]
) -> Graph | None:
    """Both versions as one graph, under the names of their files; None for a manifest that cannot be read."""
    from transpiler.graph.collect import graph_of  # noqa: PLC0415 - most comparisons draw nothing
    from transpiler.graph.names import under_names  # noqa: PLC0415
    from transpiler.views.pipelines.picture import both, of_one  # noqa: PLC0415

    old, new = (
        under_names(graph_of(side.analysis), subject.names.span, subject.names.diagnostic)
        if side is not None and subject is not None
        else None
        for side, subject in zip(sides, subjects, strict=True)
    )
    if old is not None and new is not None:
        return both(old, new, changes)
    return of_one(new, "added") if new is not None else of_one(old, "removed") if old is not None else None


def _changes(old: Version | None, new: Version | None, is_broken: list[bool]) -> list[Change]:
    before, after = (_place(each) for each in (old, new))
    if any(is_broken):
        level, kind = ("breaking", "pipeline-broken") if is_broken[1] else ("notice", "pipeline-repaired")
        what = "neither version compiles" if all(is_broken) else "the new version does not compile"
        return [Change(kind, level, what if is_broken[1] else "the old version does not compile", before, after)]
    if old is None:
        return [Change("pipeline-added", "safe", "the pipeline is new", None, after)]
    if new is None:
        return [Change("pipeline-removed", "breaking", "the pipeline was removed", before, None)]
    return diff_versions(old, new)


def _place(version: Version | None) -> Span | None:
    pipeline = version.analysis.pipeline if version is not None else None
    return pipeline.span if pipeline is not None else None


def _placed(change: Change, label: str, old: Subject | None, new: Subject | None) -> Change:
    """A change of that pipeline, with its files under their names."""
    before = old.names.span(change.old) if old is not None and change.old is not None else None
    after = new.names.span(change.new) if new is not None and change.new is not None else None
    return replace(change, pipeline=label, old=before, new=after)


def compiled(subject: Subject) -> Version:
    """A manifest on its side, analyzed and compiled."""
    path = subject.file.path
    analysis = analyze_bytes(shown(path), subject.file.data, path.resolve().parent, subject.options)
    return Version(analysis, compile_analysis(analysis))


def pairs(
    old: Mapping[str, Subject], new: Mapping[str, Subject]
) -> Iterator[tuple[str, Subject | None, Subject | None]]:
    """The manifests of two folders by their places; one with the same bytes at another place has moved."""
    gone = {place: each for place, each in old.items() if place not in new}
    come = {place: each for place, each in new.items() if place not in old}
    by_bytes = {each.file.data: place for place, each in sorted(come.items(), reverse=True)}
    moved = {place: by_bytes.pop(each.file.data) for place, each in gone.items() if each.file.data in by_bytes}
    for place in sorted(old.keys() | new.keys()):
        if place in moved:
            yield f"{place} -> {moved[place]}", old[place], new[moved[place]]
        elif place not in moved.values():
            yield place, old.get(place), new.get(place)
