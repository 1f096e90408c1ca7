"""The sides of `diff` → pairs of manifests to compare, in their environments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from transpiler.catalog.files import exists, is_folder, shown
from transpiler.cli.discovery import manifest_files
from transpiler.cli.environments import refuse_values, with_environments
from transpiler.cli.sides import Side
from transpiler.cli.streams import read
from transpiler.cli.usage import UsageError
from transpiler.views.entries import File
from transpiler.views.pipelines.compare import Subject, pairs
from transpiler.workspace.environments import environments_of

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
    if old.is_folder:
        yield from _in_folders(old, new, names)
        return
    before, after = map(_manifest, (old, new))
    label = shown(new.path) if old.written.path == new.written.path else f"{before.name} -> {after.name}"
    if names:
        yield _named(label, _in(before, names[0]), _in(after, names[-1]), names)
    else:
        yield from _in_all(label, before, after)


def _in_folders(old: Side, new: Side, names: Sequence[str]) -> Iterator[Pair]:
    """The manifests of two folders, in the environments that were asked for, or in all that they have."""
    found = [_below(each) for each in (old, new)]
    if not (found[0] or found[1]):
        raise UsageError(f"no manifest below `{old.written.text}` or `{new.written.text}`")
    if names:
        subjects = [(side, names[place]) for place in (0, -1) for side in found[place].values()]
        for name in dict.fromkeys(names):
            if not any(_has(subject, name) for subject, wanted in subjects if wanted == name):
                raise UsageError(f"no manifest has an environment `{name}`")
    for place, one, other in pairs(*found):
        if not names:
            yield from _in_all(place, one, other)
            continue
        before = _in(one, names[0]) if one is not None and _has(one, names[0]) else None
        after = _in(other, names[-1]) if other is not None and _has(other, names[-1]) else None
        if before is not None or after is not None:
            yield _named(place, before, after, names)


def _below(side: Side) -> Mapping[str, Subject]:
    files = manifest_files([side.path], side.options.root) if is_folder(side.path) else []
    return {file.place: _subject(side, file) for file in files if not side.chosen.leaves_out(file.path)}


def _manifest(side: Side) -> Subject:
    """The manifest of a side that is a file. Raises UsageError for a values file."""
    data = read(str(side.path))
    refuse_values(side.path, data)
    return _subject(side, File(side.path, shown(side.path), data))


def _subject(side: Side, file: File) -> Subject:
    return Subject(file, side.options, side.names)


def _named(label: str, old: Subject | None, new: Subject | None, names: Sequence[str]) -> Pair:
    shown_as = names[0] if names[0] == names[-1] else f"{names[0]} -> {names[-1]}"
    return Pair(f"{label} ({shown_as})", old, new, base=False)


def _in_all(label: str, old: Subject | None, new: Subject | None) -> Iterator[Pair]:
    """A manifest alone, and in each environment that either side has."""
    yield Pair(label, old, new)
    known = [_known(each) if each is not None else {} for each in (old, new)]
    for name in sorted({*known[0], *known[1]}):
        before, after = (each if name in of_it else None for each, of_it in zip((old, new), known, strict=True))
        yield Pair(
            f"{label} ({name})", _in(before, name) if before else None, _in(after, name) if after else None, base=False
        )


def _known(subject: Subject) -> Mapping[str, Sequence[Path]]:
    return environments_of(subject.file.path, subject.options)


def _has(subject: Subject, name: str) -> bool:
    """True if a manifest can be compiled in an environment."""
    return name == ALONE or _is_file(name) or name in _known(subject)


def _is_file(name: str) -> bool:
    return "/" in name or name.endswith((".yaml", ".yml", ".json"))


def _in(subject: Subject, name: str) -> Subject:
    """A manifest in an environment, or with a values file."""
    if name == ALONE:
        return subject
    if _is_file(name):
        if not exists(Path(name)):
            raise UsageError(f"--env: there is no file `{name}`")
        return replace(subject, options=replace(subject.options, values=[Path(name), *subject.options.values]))
    return replace(subject, options=with_environments(subject.options, subject.file.path, [name]))
