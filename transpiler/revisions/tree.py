"""The tree of a commit, as `git ls-tree` lists it → the files that pipelines may be made of."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from typing import Final

from msgspec import Struct

from transpiler.catalog.files import SUFFIXES, Unreadable
from transpiler.catalog.lockfile import LOCK_FILE
from transpiler.patterns import regex
from transpiler.read.yaml.source import MAX_BYTES

MAX_FILES: Final = 20_000
MAX_TREE: Final = 48 * 1024 * 1024
"""Bytes of all files of a revision that are looked at."""
_REGULAR: Final = frozenset([b"100644", b"100755"])
_LINK: Final = b"120000"
_MISSING: Final = b"BAD"
"""The size of a file that the repository does not have."""
_WORD: Final = regex(rb"[^\s\"'{}\[\],:/]+")


class Blob(Struct, frozen=True):
    """A file of a tree, or a link; `path` has its place below the root."""

    path: PurePosixPath
    hash: bytes
    size: int
    is_link: bool = False

    @property
    def is_document(self) -> bool:
        """True for files that may be a manifest, a component, values or the lock."""
        path = self.path
        return path.suffix in SUFFIXES or path.name in {LOCK_FILE, "pyproject.toml"} or "versions" in path.parts


def blobs_in(listed: bytes) -> Iterator[Blob]:
    """The files and links of `git ls-tree -r -z -l`. Submodules are left out, and so is what has an unsafe path.

    Raises Unreadable for a file that the repository does not have.
    """
    for line in listed.split(b"\0"):
        head, _, name = line.partition(b"\t")
        words = head.split()
        if words[3:4] == [_MISSING]:
            message = "the revision is not here in full: this is a partial clone"
            raise Unreadable("cannot-read", message, "fetch all of it, such as with `git fetch --refetch --no-filter`")
        if len(words) == 4 and words[1] == b"blob" and (words[0] in _REGULAR or words[0] == _LINK):
            path = os.fsdecode(name)
            if _is_safe(path) and int(words[3]) <= MAX_BYTES:
                yield Blob(PurePosixPath(path), words[2], int(words[3]), words[0] == _LINK)


def _is_safe(path: str) -> bool:
    """False for a path that leaves the tree, or that Git would not check out."""
    parts = path.split("/")
    return not any(part in {"", ".", ".."} or part.lower() == ".git" or "\\" in part for part in parts)


def named_by(documents: Iterable[bytes], others: Iterable[Blob]) -> list[Blob]:
    """The other files, of which a document has a word of the name: it may take its text."""
    words = {word for data in documents if b"file" in data for word in _WORD.findall(data)}
    return [blob for blob in others if not words.isdisjoint(_WORD.findall(os.fsencode(blob.path.name)))]


def check_extent(blobs: Iterable[Blob], revision: str) -> None:
    """Raise Unreadable for a revision with more files or bytes than are looked at."""
    sizes = [blob.size for blob in blobs]
    if len(sizes) > MAX_FILES or sum(sizes) > MAX_TREE:
        message = f"the revision `{revision}` has more than {MAX_FILES:,} YAML files, or {MAX_TREE:,} bytes in them"
        raise Unreadable("too-large", message, "check both revisions out, and compare their folders")
