"""A component reference → its file. Reads no component; opens files only to compute their digests."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Final

from msgspec import Struct, field

from transpiler.catalog.files import (
    COMPONENT_FILE,
    PIPELINE_FILE,
    Unreadable,
    digest_of,
    exists,
    read_regular_file,
    resolve_inside,
    shown,
)
from transpiler.catalog.overlay import Overlay
from transpiler.catalog.remote_source import Remote, lacks_ref, remote_source
from transpiler.catalog.similar import in_another_folder, is_like
from transpiler.catalog.vendored import Remotes
from transpiler.model.task import ComponentReference
from transpiler.suggest import MAX_WORDS, correction, did_you_mean

MAX_FOLDERS: Final = 10_000
"""Folders of a catalog that are searched."""
MAX_NEARBY: Final = 500
"""The limit of folders to search for names similar to a misspelt one."""


class Folder(Struct, frozen=True):
    """Where relative paths start, and the root that they may not leave."""

    path: Path
    root: Path
    origin: Remote | None = None
    """The remote source of the file with the references, if it comes from another machine."""
    catalogs: tuple[Path, ...] = ()
    """The catalogs that the manifest names itself, before those of the command line."""


Found = tuple[Path, Folder]


class Locator(Struct):
    """Looks up a reference relative to its file, then in the catalogs; the first match wins."""

    roots: list[Path]
    remotes: Remotes
    overlay: Overlay = field(default_factory=Overlay)
    explains: Callable[[], bool] = lambda: True
    """True if a hint is worth the search for a similar name."""
    _by_digest: dict[Path, dict[str, Path]] = field(default_factory=dict)
    _names: dict[Path, set[str]] = field(default_factory=dict)

    def locate(self, reference: ComponentReference, base: Folder, short_names: Collection[str]) -> Found:
        """The file, which exists and lies inside its root. Raises Unreadable, with where it looked."""
        if base.origin and (reference.path or reference.name.startswith(("./", "../"))):
            return self._remote(base.origin.beside(reference.path or reference.name))
        if reference.path:
            refuse_foreign(reference.path)
            path = base.path / reference.path
            resolve_inside(path, base.root)  # before any access: the existence of files outside must not show
            return component_file(path, self.overlay, lambda: self._elsewhere(reference.path, base)), base
        remote = remote_source(reference)
        is_name = bool(reference.name) and (remote is None or bool(reference.url))
        found = self._with_digest(reference.digest, base) if reference.digest and not is_name else None
        if found:
            return found
        if is_name:
            return self._named(reference, remote, base, short_names)
        if remote:
            return self._remote(remote)
        message = f"no file has the digest sha256:{reference.digest}"
        looked = ", ".join(shown(root) for root in self._roots(base))
        hint = f"looked in: {looked}" if looked else "name a catalog with `catalogs` or --catalog"
        raise Unreadable("missing-component", message, hint)

    def _roots(self, base: Folder) -> list[Path]:
        """The catalogs that a file can name components of."""
        return [*base.catalogs, *self.roots]

    def _remote(self, source: Remote) -> Found:
        """The local copy of a remote component."""
        path = self.remotes.find(source)
        return path, Folder(path.parent, self.remotes.root, source)

    def _named(
        self, reference: ComponentReference, remote: Remote | None, base: Folder, short_names: Collection[str]
    ) -> Found:
        refuse_foreign(reference.name)
        if "sha256:" in reference.tag:
            hint = "write @sha256: and 64 hexadecimal digits"
            raise Unreadable("wrong-digest", f"`{reference.tag}` is not a digest", hint)
        tried = []
        outside = None
        for candidate, folder in self._candidates(reference, base):
            try:
                resolve_inside(candidate, folder.root)
            except Unreadable as problem:
                outside = outside or problem
                continue
            if self.overlay.exists(candidate):
                return component_file(candidate, self.overlay), folder
            tried.append(candidate)
        if outside and not tried:
            raise outside
        found = self._with_digest(reference.digest, base) if reference.digest else None
        if found:
            return found
        if remote:
            return self._remote(remote)
        hint = self._not_found(reference, base, tried, short_names)
        raise Unreadable("missing-component", f"there is no component `{reference.written}`", hint)

    def _candidates(self, reference: ComponentReference, base: Folder) -> Iterator[Found]:
        """Relative to the file, then KFP's ComponentStore layout in each catalog."""
        if not (reference.tag or reference.url or base.origin):
            yield base.path / reference.name, base
        for root in self._roots(base):
            home, folder = root / reference.name, Folder(root, root, catalogs=base.catalogs)
            if reference.tag:
                yield home / "versions" / "tags" / reference.tag, folder
                yield home / reference.tag, folder
            else:
                if reference.digest:
                    yield home / "versions" / "sha256" / reference.digest, folder
                yield home, folder

    def _with_digest(self, digest: str, base: Folder) -> Found | None:
        for root in self._roots(base):
            if root not in self._by_digest:
                files = component_files(root, MAX_FOLDERS)
                self._by_digest[root] = {_digest_or_empty(path, root): path for path in reversed(files)}
            if digest in self._by_digest[root]:
                return self._by_digest[root][digest], Folder(root, root, catalogs=base.catalogs)
        return None

    def _not_found(
        self, reference: ComponentReference, base: Folder, tried: list[Path], short_names: Collection[str]
    ) -> str:
        if lacks_ref(reference.name):
            return "a reference to a Git host ends with `@` and a tag, branch or commit"
        if not self.explains():
            return ""
        known = set(short_names)
        for root in [*([] if base.origin else [base.path]), *self._roots(base)]:
            known |= self._names_below(root)
        close = did_you_mean(reference.name, sorted(known) if len(known) <= MAX_WORDS else ())
        if close and close != reference.name and is_like(reference.name, close):
            return correction(reference.name, close)
        looked = ", ".join(shown(path) for path in tried)
        hint = f"looked at: {looked}" if looked else "name a catalog with `catalogs` or --catalog"
        return self._elsewhere(reference.name, base) or hint

    def _elsewhere(self, written: str, base: Folder) -> str:
        """A hint for the only component with this name, or a similar one, in another folder of the project."""
        if base.origin or not self.explains():
            return ""
        found = in_another_folder(written, self._names_below(base.root))
        if not found:
            return ""
        path = Path(os.path.relpath(base.root / found, base.path)).as_posix()
        return correction(written, f"./{path}" if written.startswith("./") and path[0] != "." else path)

    def _names_below(self, root: Path) -> set[str]:
        if root not in self._names:
            files = component_files(root, MAX_NEARBY)
            self._names[root] = {path.parent.relative_to(root).as_posix() for path in files}
        return self._names[root]


def component_file(path: Path, overlay: Overlay, elsewhere: Callable[[], str] = str) -> Path:
    """The file at a path; a folder stands for its component.yaml. Raises Unreadable if there is none."""
    try:
        path = path / COMPONENT_FILE if path.is_dir() or overlay.adds(path / COMPONENT_FILE) else path
    except (OSError, ValueError):
        raise Unreadable("cannot-read", "the path is invalid") from None
    if not overlay.exists(path):
        is_pipeline = path.name == COMPONENT_FILE and overlay.exists(path.with_name(PIPELINE_FILE))
        of_pipeline = "there is a pipeline.yaml: write `pipeline:` instead of `component:`"
        hint = of_pipeline if is_pipeline else neighbours(path, elsewhere)
        raise Unreadable("missing-component", f"there is no file `{shown(path)}`", hint)
    return path


def neighbours(path: Path, elsewhere: Callable[[], str] = str) -> str:
    """A hint for a path that does not exist: a similar name beside it, or what `elsewhere` finds."""
    folder, missing = path.parent, path.name
    while not exists(folder) and folder != folder.parent:
        folder, missing = folder.parent, folder.name
    try:
        names = sorted(entry.name for entry in folder.iterdir())[:1000]
    except OSError:
        names = []
    close = did_you_mean(missing, names)
    if close and close != missing:
        return correction(missing, close)
    return elsewhere() or f"looked at: {shown(path)}"


def refuse_foreign(text: str) -> None:
    """Raise Unreadable for a path that only one machine or one system understands: it would break in CI."""
    if "\\" in text:
        raise Unreadable("outside-root", f"`{text}` contains a backslash", "write paths with `/`")
    if text.startswith(("/", "~")) or "\0" in text:
        hint = "write it relative to this file, or name its folder with --catalog"
        raise Unreadable("outside-root", f"`{text}` is not a relative path", hint)


def component_files(root: Path, most: int) -> list[Path]:
    """The component files below the first `most` folders of a root, sorted; hidden folders are passed over."""
    found = []
    for number, (folder, below, names) in enumerate(os.walk(root)):
        if number >= most:
            break
        below[:] = sorted(name for name in below if not name.startswith(".") and name != "node_modules")
        versions = Path(folder).parent.name == "versions"
        found += [Path(folder, name) for name in names if versions or name == COMPONENT_FILE]
    return sorted(found)


def _digest_or_empty(path: Path, root: Path) -> str:
    try:
        return digest_of(read_regular_file(resolve_inside(path, root)))
    except Unreadable:
        return ""
