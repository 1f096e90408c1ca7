"""The sides of `diff` → pairs of manifests to compare, in their environments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from transpiler.catalog.files import is_folder, shown
from transpiler.cli.discovery import manifest_files
from transpiler.cli.environments import with_environments
from transpiler.cli.sides import Side
from transpiler.cli.streams import read
from transpiler.cli.usage import UsageError
from transpiler.views.entries import File
from transpiler.views.pipelines.compare import Subject, pairs
from transpiler.workspace.environments import environments

ALONE = "-"
"""The environment that is none: the manifest by itself."""


class Pair(Struct, frozen=True):
    """What to compare, under a name; None is a side that lacks it. `base` is False in an environment."""

    label: str
    old: Subject | None
    new: Subject | None
    base: bool = True


def found_pairs(old: Side, new: Side, names: Sequence[str]) -> Iterator[Pair]:
    """The pairs of both sides. Raises UsageError for an environment, or manifests, that there are not."""
    if len(names) > 2:
        raise UsageError("--env: compare two environments, or name one for both sides")
    if not old.is_folder:
        manifests = [File(side.path, shown(side.path), read(str(side.path))) for side in (old, new)]
        before, after = _subject(old, manifests[0]), _subject(new, manifests[1])
        label = shown(new.path) if old.written.path == new.written.path else f"{before.name} -> {after.name}"
        yield from _in_environments(label, before, after, names, is_all=old.written.text != new.written.text)
        return
    found = [_below(each) for each in (old, new)]
    if not (found[0] or found[1]):
        raise UsageError(f"no manifest below `{old.written.text}` or `{new.written.text}`")
    for place, one, other in pairs(*found):
        yield from _in_environments(place, one, other, names, is_all=True)


def _below(side: Side) -> Mapping[str, Subject]:
    files = manifest_files([side.path], side.options.root) if is_folder(side.path) else []
    return {file.place: _subject(side, file) for file in files}


def _subject(side: Side, file: File) -> Subject:
    return Subject(file, side.options, side.names)


def _in_environments(
    label: str, old: Subject | None, new: Subject | None, names: Sequence[str], *, is_all: bool
) -> Iterator[Pair]:
    """A manifest in the environments that were asked for; without, alone and in each that either side has."""
    if names:
        one, other = names[0], names[-1]
        shown_as = one if one == other else f"{one} -> {other}"
        yield Pair(f"{label} ({shown_as})", _in(old, one), _in(new, other), base=False)
        return
    yield Pair(label, old, new)
    known = [environments(each.file.path, each.options.root) if each is not None else {} for each in (old, new)]
    for name in sorted({*known[0], *known[1]}) if is_all else ():
        before, after = ((each if name in of_it else None) for each, of_it in zip((old, new), known, strict=True))
        yield Pair(f"{label} ({name})", before and _in(before, name), after and _in(after, name), base=False)


def _in(subject: Subject | None, name: str) -> Subject | None:
    """A manifest in an environment, or with a values file."""
    if subject is None or name == ALONE:
        return subject
    if "/" in name or name.endswith((".yaml", ".yml", ".json")):
        return replace(subject, options=replace(subject.options, values=[Path(name), *subject.options.values]))
    return replace(subject, options=with_environments(subject.options, subject.file.path, [name]))
