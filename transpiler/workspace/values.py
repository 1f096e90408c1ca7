"""The values files and assignments of a user → layers to lay over a manifest."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from transpiler.catalog.files import Unreadable, read_regular_file, shown
from transpiler.diagnostics import Report, Source
from transpiler.read.documents import MANIFEST
from transpiler.read.yaml.document import read_what_can_be
from transpiler.read.yaml.nodes import Map
from transpiler.read.yaml.source import decode
from transpiler.workspace.options import Options


class Layers(Struct, frozen=True):
    """What is laid over a manifest, the last on top, and the files that it comes from."""

    maps: tuple[Map, ...] = ()
    sources: tuple[Source, ...] = ()
    files: tuple[Path, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.maps or self.files)


NO_LAYERS = Layers()


def read_layers(options: Options, report: Report) -> Layers:
    """The layers of some options. What cannot be read is reported."""
    if not options.values and not options.assignments:
        return NO_LAYERS
    maps: list[Map] = []
    sources: list[Source] = []
    for path in options.values:
        source = _source(path, report)
        if source is not None:
            sources.append(source)
            maps.extend(_maps(source, report))
    if options.assignments:
        from transpiler.build.values.assignments import layers_of  # noqa: PLC0415 - few runs have any

        maps.extend(layers_of(options.assignments, report))
    return Layers(tuple(maps), tuple(sources), tuple(options.values))


def _source(path: Path, report: Report) -> Source | None:
    try:
        return decode(shown(path), read_regular_file(path), report)
    except Unreadable as problem:
        report.error(problem.code, problem.message, Source(shown(path), "").span(0), problem.hint)
        return None


def _maps(source: Source, report: Report) -> tuple[Map, ...]:
    """The mapping of a values file; none in an empty one."""
    before = report.errors
    document, _ = read_what_can_be(source, report)
    if document is None or isinstance(document, Map):
        return (document,) if isinstance(document, Map) else ()
    if report.errors == before:
        what = "a list" if isinstance(document, list) else "a single value"
        hint = "write keys of the manifest with their new values, such as `namespace: prod`"
        report.error("wrong-type", f"a values file must be a mapping, not {what}", source.span(0), hint)
    return ()


def laid_over(name: str, data: bytes, layers: Layers, report: Report) -> Map | None:
    """A manifest with layers laid over it, as nodes that nothing has judged; None, with a diagnostic, without any."""
    from transpiler.build.values.document import with_layers  # noqa: PLC0415 - compiling needs it with values alone

    source = decode(name, data, report)
    document = read_what_can_be(source, report)[0] if source is not None else None
    if not isinstance(document, Map):
        if not report.failed:
            report.error("wrong-type", "the file must be a mapping", Source(name, "").span(0), MANIFEST.least)
        return None
    return with_layers(document, layers.maps, report)
