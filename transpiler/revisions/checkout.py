"""The files of a revision, written to a folder of the tool: regular files first, then the links that stay inside."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from posixpath import normpath

from transpiler.catalog.files import Unreadable, exists
from transpiler.revisions.git import Git
from transpiler.revisions.tree import Blob, blobs_in, check_extent, named_by


def write_tree(root: Path, revision: str, target: Path) -> None:
    """Write the YAML and JSON files of a revision of the checkout at `root`, and files whose texts they may take.

    `target` is an empty folder. Raises Unreadable.
    """
    if not exists(root / ".git"):
        hint = "run this in a Git checkout, or compare files"
        raise Unreadable("cannot-read", f"`{revision}` is not a revision: there is no Git repository", hint)
    git = Git(root)
    blobs = list(blobs_in(git.tree(revision, git.commit(revision))))
    documents = [blob for blob in blobs if blob.is_document or blob.is_link]
    check_extent(documents, revision)
    contents = _contents(git, revision, documents)
    others = named_by(contents.values(), (blob for blob in blobs if not (blob.is_document or blob.is_link)))
    check_extent([*documents, *others], revision)
    contents |= _contents(git, revision, others)
    for blob in sorted(contents, key=lambda each: (each.is_link, each.path)):
        _write(blob, contents[blob], target)


def _contents(git: Git, revision: str, blobs: list[Blob]) -> dict[Blob, bytes]:
    found = git.contents(revision, [blob.hash for blob in blobs]) if blobs else []
    return dict(zip(blobs, found, strict=True))


def _write(blob: Blob, data: bytes, target: Path) -> None:
    """Write one of them. No link is followed: folders are made before there are links, and a link has a real parent."""
    path = target / blob.path
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.parent.resolve() != path.parent or path.is_symlink():
            return  # a tree that Git itself cannot check out
        if not blob.is_link:
            path.write_bytes(data)
        elif _stays_inside(blob.path, data):
            path.symlink_to(data.decode())
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "its name is invalid here"
        raise Unreadable("cannot-read", f"cannot write `{blob.path}` to a temporary folder: {reason}") from error


def _stays_inside(path: PurePosixPath, data: bytes) -> bool:
    """True for a link whose target is in the tree; readers judge the real path once more."""
    try:
        target = data.decode()
    except UnicodeDecodeError:
        return False
    place = normpath((path.parent / target).as_posix())
    return bool(target) and "\0" not in target and not target.startswith("/") and not place.startswith("..")
