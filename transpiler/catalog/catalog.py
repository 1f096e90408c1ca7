"""Finding and loading components. Each file is read, judged and built once; nothing touches the network."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from transpiler.catalog.files import (
    COMPONENT_FILE,
    Unreadable,
    digest_of,
    exists,
    read_regular_file,
    resolve_inside,
    shown,
)
from transpiler.diagnostics import Related, Report, Span
from transpiler.model.build_component import build_component
from transpiler.model.component import Component
from transpiler.model.pipeline import ComponentReference, Pipeline
from transpiler.read.load import load
from transpiler.suggest import did_you_mean

MAX_COMPONENTS = 1_000


@dataclass(frozen=True, slots=True, eq=False)
class Loaded:
    """A component, the folder that its own references are relative to, and the place that asked for it first."""

    component: Component
    folder: Folder
    used_at: Span | None


@dataclass(frozen=True, slots=True)
class Folder:
    """Where relative paths start, and the root that they may not leave."""

    path: Path
    root: Path


class Catalog:
    """The components that a manifest can reach: relative to its file, and in the catalog folders."""

    def __init__(self, catalogs: Iterable[Path], report: Report, *, lenient: bool = False) -> None:
        """`lenient`: what is not at hand is a warning, as for a published component that is looked at alone."""
        self.roots = list(catalogs)
        self.report = report
        self.lenient = lenient
        self._is_blind = False  # a catalog could not be used: names that are not found are no news
        self._by_path: dict[Path, Loaded | None] = {}
        self._by_digest: dict[str, Path] | None = None

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
                _refuse_foreign(text)
                folder = resolve_inside(home.path / text, home.root)
                if not folder.is_dir():
                    raise Unreadable("cannot-read", f"there is no folder `{text}`", _neighbours(home.path / text))
                own.append(folder)
            except Unreadable as problem:
                self.report.error(problem.code, problem.message, span, problem.hint)
                self._is_blind = True
        self.roots = [*own, *self.roots]

    def load(
        self, reference: ComponentReference, base: Folder, short_names: Collection[str] | None = ()
    ) -> Loaded | None:
        """The component that a reference names; None, with a diagnostic, when there is none.

        `short_names` are others that may have been meant; None when a mistake that is reported hides them.
        """
        try:
            path, folder = self._locate(reference, base, short_names or ())
            real = resolve_inside(path, folder.root)
            data = None if real in self._by_path and not reference.digest else read_regular_file(real)
            if reference.digest and data is not None and digest_of(data) != reference.digest:
                raise Unreadable(
                    "wrong-digest",
                    f"`{shown(path)}` has the digest sha256:{digest_of(data)}",
                    "the file changed: review it, then change the digest",
                )
        except Unreadable as problem:
            hidden = self._is_blind or short_names is None
            if problem.code == "missing-component" and hidden and not reference.path:
                return None
            remote = self.lenient and problem.code in {"remote-reference", "missing-component"}
            say = self.report.warning if remote else self.report.error
            say(problem.code, problem.message, reference.span, problem.hint)
            return None
        if real not in self._by_path:
            if len(self._by_path) >= MAX_COMPONENTS:
                self.report.error("too-large", f"more than {MAX_COMPONENTS:,} components", reference.span)
                return None
            here = Folder(real.parent, folder.root)
            self._by_path[real] = self.read(path, data or b"", here, reference.span)
        return self._by_path[real]

    def read(self, path: Path, data: bytes, folder: Folder, used_at: Span | None) -> Loaded | None:
        """Read a component from bytes. What is wrong in it is reported in it, with the place that uses it."""
        own = Report()
        document = load(shown(path), data, "component", own)
        fallback = path.parent.name if path.name == COMPONENT_FILE else path.stem
        component = build_component(document, fallback, own) if document is not None else None
        self.merge(own, used_at)
        return Loaded(component, folder, used_at) if component else None

    def merge(self, own: Report, used_at: Span | None) -> None:
        """Take over what was found in a component."""
        related = (Related("used here", used_at),) if used_at else ()
        for found in own.diagnostics:
            self.report.add(replace(found, related=found.related + related))

    # ------------------------------------------------------------------ where a reference leads

    def _locate(self, reference: ComponentReference, base: Folder, short_names: Collection[str]) -> tuple[Path, Folder]:
        if reference.url:
            return self._published(reference)
        if reference.path:
            _refuse_foreign(reference.path)
            resolve_inside(
                base.path / reference.path, base.root
            )  # first: whether it exists outside is no one's business
            return _component_file(base.path / reference.path), base
        if not reference.name:
            return self._pinned(reference)
        _refuse_foreign(reference.name)
        tried = []
        for candidate, folder in self._candidates(reference, base):
            tried.append(candidate)
            resolve_inside(candidate, folder.root)
            if exists(candidate):
                return _component_file(candidate), folder
        if reference.digest and (found := self._with_digest(reference.digest)):
            return found
        raise Unreadable(
            "missing-component",
            f"there is no component `{reference.written}`",
            self._not_found(reference, base, tried, short_names),
        )

    def _candidates(self, reference: ComponentReference, base: Folder) -> Iterator[tuple[Path, Folder]]:
        """Relative to the file, then KFP's ComponentStore layout in each catalog."""
        if not reference.tag:
            yield base.path / reference.name, base
        for root in self.roots:
            home = root / reference.name
            folder = Folder(root, root)
            if reference.tag:
                yield home / "versions" / "tags" / reference.tag, folder
                yield home / reference.tag, folder
            else:
                if reference.digest:
                    yield home / "versions" / "sha256" / reference.digest, folder
                yield home, folder

    def _published(self, reference: ComponentReference) -> tuple[Path, Folder]:
        """A component with a url is never fetched: a catalog must hold the content with its digest."""
        if not reference.url.startswith("https://"):
            raise Unreadable(
                "remote-reference",
                f"`{reference.url}` is not a reference",
                "use a path, a name in a catalog, or an https url with a digest",
            )
        found = self._with_digest(reference.digest) if reference.digest else None
        if found:
            return found
        what = f"sha256:{reference.digest}" if reference.digest else "its digest (the reference has none)"
        where = ", ".join(shown(root) for root in self.roots) or "no catalog is given"
        raise Unreadable(
            "remote-reference",
            f"`{reference.url}` is not in a catalog, and nothing is fetched",
            f"looked for {what} in: {where}; save the file below a folder given with --catalog",
        )

    def _pinned(self, reference: ComponentReference) -> tuple[Path, Folder]:
        found = self._with_digest(reference.digest)
        if found:
            return found
        where = ", ".join(shown(root) for root in self.roots) or "no catalog is given"
        raise Unreadable(
            "missing-component", f"no file has the digest sha256:{reference.digest}", f"looked in: {where}"
        )

    def _with_digest(self, digest: str) -> tuple[Path, Folder] | None:
        if self._by_digest is None:
            self._by_digest = {}
            for root in self.roots:
                for path in _catalog_files(root):
                    self._by_digest.setdefault(_digest_or_empty(path, root), path)
        found = self._by_digest.get(digest)
        home = next((root for root in self.roots if found and found.is_relative_to(root)), None)
        return (found, Folder(home, home)) if found and home else None

    def _not_found(
        self, reference: ComponentReference, base: Folder, tried: list[Path], short_names: Collection[str]
    ) -> str:
        if re.match(r"[\w-]+(\.[\w-]+)+/", reference.name):
            return "references to Git hosts are not supported: save the file below a catalog folder"
        known = {
            path.parent.relative_to(root).as_posix()
            for root in [base.path, *self.roots]
            for path in _catalog_files(root)
        }
        close = did_you_mean(reference.name, sorted(known | set(short_names)))
        if close and close != reference.name:
            return f"did you mean `{close}`?"
        return "looked at: " + (", ".join(shown(path) for path in tried) or "no catalog is given")


def _component_file(path: Path) -> Path:
    """A folder means its component.yaml."""
    try:
        path = path / COMPONENT_FILE if path.is_dir() else path
    except (OSError, ValueError):
        raise Unreadable("cannot-read", "the path is not usable") from None
    if not exists(path):
        raise Unreadable("missing-component", f"there is no file `{shown(path)}`", _neighbours(path))
    return path


def _neighbours(path: Path) -> str:
    folder, missing = path.parent, path.name
    while not exists(folder) and folder != folder.parent:
        folder, missing = folder.parent, folder.name
    try:
        names = sorted(entry.name for entry in folder.iterdir())[:1000]
    except OSError:
        return ""
    close = did_you_mean(missing, names)
    return f"did you mean `{close}`?" if close and close != missing else f"looked at: {shown(path)}"


def _refuse_foreign(text: str) -> None:
    """Paths are relative, with `/`: what only one machine or one system understands breaks in CI."""
    if "\\" in text:
        raise Unreadable("outside-root", f"`{text}` holds a backslash", "write paths with `/`")
    if text.startswith(("/", "~")) or "\0" in text:
        raise Unreadable(
            "outside-root",
            f"`{text}` is not a relative path",
            "write it relative to this file, or name its folder with --catalog",
        )


def _catalog_files(root: Path) -> list[Path]:
    """At most 10,000 component files below a root, sorted; hidden folders are passed over."""
    found: list[Path] = []
    for pattern in (COMPONENT_FILE, "versions/sha256/*", "versions/tags/*"):
        for path in root.rglob(pattern):
            if path.is_file() and not any(part.startswith(".") for part in path.relative_to(root).parts):
                found.append(path)
            if len(found) >= 10_000:
                break
    return sorted(found)


def _digest_or_empty(path: Path, root: Path) -> str:
    try:
        return digest_of(read_regular_file(resolve_inside(path, root)))
    except Unreadable:
        return ""
