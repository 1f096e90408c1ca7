"""Files whose texts a manifest takes, such as the source of a script."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from msgspec import Struct, field

from transpiler.catalog.files import Unreadable, digest_of, is_folder, resolve_inside
from transpiler.catalog.locate import Folder, neighbours, refuse_foreign
from transpiler.catalog.overlay import Overlay
from transpiler.diagnostics import Report, Source, Span
from transpiler.read.file_texts import Texts, judge_text
from transpiler.read.yaml.source import MAX_BYTES, decode_utf8

MAX_TEXTS: Final = 4 * MAX_BYTES
"""Bytes of all texts together, each use counted: a cluster stores far less."""


class TextFile(Struct, frozen=True, eq=False):
    """A file that a manifest takes the text of, and where it says so."""

    path: Path
    """The file itself, links followed."""
    folder: Folder
    digest: str
    used_at: Span


class TextFiles(Struct):
    """Reads them below the root of the manifest that names them."""

    overlay: Overlay
    found: list[TextFile] = field(default_factory=list)
    """Every use, in the order of the manifests."""
    taken: int = 0
    """The bytes of all of them."""

    def of(self, folder: Folder, report: Report) -> Texts:
        """What reads the texts of a manifest in that folder. Mistakes are reported at their place in its report."""
        return lambda text, used_at: self._read(text, used_at, folder, report)

    def used_in(self, source: Source) -> list[TextFile]:
        """The files that a manifest takes."""
        return [each for each in self.found if each.used_at.source is source]

    def _read(self, text: str, used_at: Span, folder: Folder, report: Report) -> Source | None:
        own = Report()
        try:
            source = self._source(text, used_at, folder, own)
        except Unreadable as problem:
            report.error(problem.code, problem.message, used_at, problem.hint)
            return None
        if source is not None:
            judge_text(source, own)
        report.take(own, used_at)
        return None if own.failed else source

    def _source(self, text: str, used_at: Span, folder: Folder, report: Report) -> Source | None:
        if folder.origin is not None:
            hint = "write the text itself into that manifest"
            raise Unreadable("remote-reference", "a manifest from elsewhere cannot use a text beside it", hint)
        refuse_foreign(text)
        path = folder.path / text
        real = resolve_inside(path, folder.root)
        if not self.overlay.exists(path):
            raise Unreadable("cannot-read", f"there is no file `{text}`", neighbours(path))
        if is_folder(real):
            raise Unreadable("cannot-read", f"`{text}` is a folder", "name a file in it")
        found = self.overlay.read(path, real)
        self.taken += len(found.data)
        if self.taken > MAX_TEXTS:
            message = f"the texts in files have more than {MAX_TEXTS:,} bytes together"
            raise Unreadable("too-large", message, "put them into images")
        self.found.append(TextFile(real, folder, digest_of(found.data), used_at))
        return decode_utf8(found.name, found.data, report)
