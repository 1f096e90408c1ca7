"""The mistakes that another version of a component, or of a whole catalog, would cause in manifests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path, PurePosixPath

from msgspec import Struct
from msgspec.structs import replace

from transpiler.catalog.files import digest_of, shown
from transpiler.catalog.overlay import Overlay, Replacement
from transpiler.compiler import Compilation, compile_bytes
from transpiler.diagnostics import Diagnostic, Related, Span
from transpiler.views.changes import Change
from transpiler.views.entries import File, Listing, reference
from transpiler.workspace.options import Options


class Plan(Struct, frozen=True):
    """The replacement files, the changes, and the component of each file name, on either side."""

    overlay: Overlay
    changes: tuple[Change, ...]
    components: dict[str, str]


class Upgrade(Struct, frozen=True):
    """The effect of an upgrade: the new diagnostics, and the numbers of affected, breaking and failing manifests."""

    diagnostics: tuple[Diagnostic, ...]
    using: int
    breaking: int
    failing: int


def plan_upgrade(home: Path, old: Iterable[File], new: Listing, changes: Iterable[Change]) -> Plan:
    """Each new file in the place of the old one below `home`. A broken one, which is reported, changes nothing."""
    before = {file.place: file for file in old}
    after = {entry.file.place: entry.file for entry in new.entries}
    files: dict[Path, Replacement | None] = {}
    components: dict[str, str] = {}
    for place in sorted(before.keys() | after.keys()):
        was, comes = before.get(place), after.get(place)
        is_same = was and comes and digest_of(was.data) == digest_of(comes.data)
        if is_same or place in new.broken:
            continue
        replacement = Replacement(shown(comes.path), comes.data) if comes else None
        files[(home / place).resolve()] = replacement
        components |= {shown(file.path): reference(place) for file in (was, comes) if file}
    return Plan(Overlay(files), tuple(changes), components)


def check_upgrade(manifests: Sequence[File], plan: Plan, options: Options) -> Upgrade:
    """Compile each manifest before and after the upgrade; diagnostics of only the second run are new."""
    found: dict[tuple[object, ...], Diagnostic] = {}
    using = breaking = failing = 0
    for manifest in manifests:
        before = _compile(manifest, options)
        if not plan.overlay.files.keys() & set(before.files):
            continue
        new = list(_new(before, _compile(manifest, replace(options, overlay=plan.overlay)), plan))
        found |= {each.order: each for each in reversed(new)}
        using += 1
        breaking += any(each.severity == "error" for each in new)
        failing += before.text is None
    diagnostics = tuple(sorted(found.values(), key=lambda each: each.order))
    return Upgrade(diagnostics, using, breaking, failing)


def _compile(manifest: File, options: Options) -> Compilation:
    return compile_bytes(shown(manifest.path), manifest.data, manifest.path.resolve().parent, options)


def _new(before: Compilation, after: Compilation, plan: Plan) -> Iterator[Diagnostic]:
    known = {_identity(each, plan) for each in before.diagnostics}
    read = {shown(path) for path in before.files}
    for each in after.diagnostics:
        if _identity(each, plan) not in known:
            causes = [change for change in plan.changes if _explains(change, each, plan, read)]
            places = ((cause.message, cause.old or cause.new) for cause in causes)
            related = (Related(message, place) for message, place in places if place)
            yield replace(each, related=(*each.related, *related))


def _identity(diagnostic: Diagnostic, plan: Plan) -> tuple[object, ...]:
    """The identity of a diagnostic in both runs: its position, or its message in a replaced file."""
    name = diagnostic.span.source.name
    where = (diagnostic.message,) if name in plan.components else (name, *diagnostic.span[1:])
    return (diagnostic.code, *where)


def _explains(change: Change, diagnostic: Diagnostic, plan: Plan, read: set[str]) -> bool:
    """Is the change why? It is when the diagnostic points at its place, or at its component and names its subject."""
    if not (change.breaks or change.kind == "output-added"):
        return False
    if diagnostic.code == "missing-component":
        last = PurePosixPath(change.component.partition("@")[0]).name
        return not change.subject and bool(change.old and change.old.source.name in read and last in diagnostic.message)
    places = [related.span for related in diagnostic.related]
    if change.new and _at(change.new) in map(_at, places):
        return True
    is_about = any(plan.components.get(span.source.name) == change.component for span in places)
    return is_about and bool(change.subject) and _names(diagnostic, change)


def _names(diagnostic: Diagnostic, change: Change) -> bool:
    """`.output` without a name is about all outputs."""
    about_all = diagnostic.code == "unknown-output" and "has no output `" not in diagnostic.message
    return (about_all and change.kind.startswith("output-")) or f"`{change.subject}`" in diagnostic.message


def _at(span: Span) -> tuple[str, int, int]:
    return span.source.name, span.line, span.column
