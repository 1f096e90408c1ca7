"""The two sides of `diff`: `REVISION:PATH`, or a path of the working tree → a folder or file, and what it is called."""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from msgspec import Struct

from transpiler.catalog.files import Unreadable, exists, git_root, is_folder, shown
from transpiler.cli.side_options import SideOptions, revision_options, working_options
from transpiler.cli.usage import UsageError
from transpiler.patterns import regex
from transpiler.revisions.checkout import write_tree
from transpiler.views.pipelines.compare import Names
from transpiler.workspace.options import Options

_REVISION: Final = regex(r"((?:[^:{]|\{[^}]*\})+):(.*)", re.DOTALL)
_END_OF_PATH: Final = r"[^\s`'\",;)]*"


class Written(Struct, frozen=True):
    """A side as the command line has it; `revision` is empty for the working tree."""

    revision: str
    path: str

    @property
    def text(self) -> str:
        """The side in words."""
        return f"{self.revision}:{self.path}" if self.revision else self.path


class Side(Struct, frozen=True):
    """A file or folder to read, with the options for it, and what its files are called."""

    written: Written
    path: Path
    chosen: SideOptions
    names: Names
    tree: Path | None = None
    """The folder with the files of a revision; None for the working tree."""

    @property
    def options(self) -> Options:
        """What its manifests are compiled with."""
        return self.chosen.options

    @property
    def is_folder(self) -> bool:
        """True for a folder, and for one that is not there."""
        return is_folder(self.path) or not exists(self.path)

    def place(self, path: str) -> Path:
        """A path of the working folder on this side."""
        return self.tree / _in_checkout(path, self.written) if self.tree is not None else Path(path)


def written(old: str | None, new: str | None) -> tuple[Written, Written]:
    """Both sides. A revision alone stands for what became of its path, a path alone for what it was at HEAD."""
    first = _written(old) if old is not None else Written("HEAD", "")
    if new is not None:
        return first, _written(new)
    here = Written("", first.path)
    return (first, here) if first.revision else (Written("HEAD", first.path), here)


def _written(text: str) -> Written:
    found = None if exists(Path(text)) else _REVISION.fullmatch(text)
    if found is None:
        return Written("", text)
    if found[1].startswith("-"):
        raise UsageError(f"`{found[1]}` is not a revision: it starts with `-`")
    return Written(found[1], found[2])


@contextmanager
def opened(old: Written, new: Written, given: argparse.Namespace) -> Iterator[tuple[Side, Side]]:
    """Both sides, revisions in temporary folders. Raises UsageError for what there is not."""
    with ExitStack() as stack:
        folders: dict[str, Path] = {}
        sides = [_side(each, given, folders, stack) for each in (old, new)]
        for one, other in (sides, reversed(sides)):
            if not exists(one.path) and not (one.written.revision and other.is_folder and exists(other.path)):
                raise UsageError(_missing(one.written))
        if sides[0].is_folder != sides[1].is_folder:
            raise UsageError("compare two manifests, or two folders")
        yield sides[0], sides[1]


def _missing(side: Written) -> str:
    if side.revision:
        return f"there is no `{side.path or '.'}` in the revision `{side.revision}`; paths start at this folder"
    hint = f"\n  hint: a revision has a colon: `{side.path}:`" if "/" not in side.path else ""
    return f"there is no file or folder `{side.path}`{hint}"


def _side(side: Written, given: argparse.Namespace, folders: dict[str, Path], stack: ExitStack) -> Side:
    if not side.revision:
        path = Path(side.path or ".")
        return Side(side, path, working_options(path, given), Names())
    place = _in_checkout(side.path, side)
    if side.revision not in folders:
        folders[side.revision] = _tree(side.revision, stack)
    tree = folders[side.revision]
    names = Names(lambda text: _called(text, shown(tree), side.revision))
    return Side(side, tree / place, revision_options(Path(side.path or "."), tree, given), names, tree)


def _in_checkout(path: str, side: Written) -> Path:
    """A path of the working folder from the root of its checkout."""
    here = Path.cwd().resolve()
    relative = os.path.relpath(here / path, git_root(here))
    if Path(relative).parts[:1] == ("..",):
        raise UsageError(f"`{side.text}` is outside the Git repository of this folder")
    return Path(relative)


def _tree(revision: str, stack: ExitStack) -> Path:
    """The files of a revision of the checkout around the working folder, in a folder that nobody else can read."""
    root = git_root(Path.cwd().resolve())
    folder = TemporaryDirectory(prefix="transpile-", ignore_cleanup_errors=True)
    target = Path(stack.enter_context(folder)).resolve() / (root.name or "root")  # a component may be called after it
    target.mkdir()
    try:
        write_tree(root, revision, target)
    except Unreadable as problem:
        raise UsageError(problem.message + (f"\n  hint: {problem.hint}" if problem.hint else "")) from problem
    return target


def _called(text: str, tree: str, revision: str) -> str:
    """A text with the paths below a temporary folder as `REVISION:PATH`."""
    if tree not in text:
        return text
    place = os.path.relpath(Path.cwd().resolve(), git_root(Path.cwd().resolve()))

    def name(found: re.Match[str]) -> str:
        inside = found[1].removeprefix("/")
        return f"{revision}:{Path(os.path.relpath(inside or '.', place)).as_posix() if inside or place != '.' else ''}"

    return re.sub(re.escape(tree) + f"({_END_OF_PATH})", name, text)
