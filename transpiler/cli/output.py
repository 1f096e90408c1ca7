"""`-o`: the target file, whether it may be overwritten, and the line that names the source of a Workflow."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from pathlib import Path, PurePath
from typing import Final

from msgspec import Struct

from transpiler import atomic
from transpiler.catalog.files import exists, git_root, is_folder
from transpiler.cli.streams import emit, write, writing
from transpiler.cli.usage import UsageError
from transpiler.patterns import regex
from transpiler.report.safe import safe

MADE: Final = regex(r"# Made from (.+?)(?: with .+)? by transpile; edit that, not this\.")
"""The first line of every Workflow that `compile` writes to a file; the group is the manifest."""
_STREAM: Final = regex(r"/dev/(stdin|stdout|stderr)|(?:/dev|/proc/self)/fd/(\d{1,9})")
_NUMBERS: Final = {"stdin": 0, "stdout": 1, "stderr": 2}
_LONGEST_LINE: Final = 65_536


class Made(Struct, frozen=True):
    """The output of a command, and its source."""

    data: bytes
    name: str
    """The name of the file in a folder."""
    home: Path
    """The root of the source: no link in it may lead out of it."""
    inputs: Sequence[Path] = ()
    piped: bytes | None = None
    """The content of a stream, which may be a file."""
    what: str = ""
    """The kind of an input, for a message."""
    first_line: re.Pattern[str] | None = None
    """How a file starts that the same command may overwrite; None when it may overwrite no file that exists."""
    head: Callable[[Path], str] = lambda _: ""
    """The first line of a file, which streams do not get."""
    option: str = "--output"
    """The option that names the target."""
    way_out: str = "--force overwrites it"
    """What to do about a file that is not overwritten."""


def deliver(made: Made, given: argparse.Namespace) -> str:
    """Write to the target of `-o`; returns a summary, or an empty text for an open stream. Raises UsageError."""
    stream = _stream(given.output)
    if stream is not None:
        _put(made.data, stream)
        return ""
    return store({_file(given.output, made): made}, is_forced=given.force)[0]


def store(files: Mapping[Path, Made], *, is_forced: bool) -> list[str]:
    """Write files, once it is known that all of them may be written; returns a summary of each. Raises UsageError."""
    roots = {target: roots_of(target, made.home) for target, made in files.items()}
    for target, made in files.items():
        with writing(target):
            atomic.inside(target, *roots[target])
        _refuse_inputs(target, made)
        if not is_forced:
            _refuse_others(target, made)
    return [_stored(target, made, roots[target]) for target, made in files.items()]


def _stored(target: Path, made: Made, roots: Collection[Path]) -> str:
    is_stored = not exists(target) or target.is_file()
    head = made.head(target).encode() if is_stored else b""
    return f"{'wrote' if write(target, head + made.data, *roots) else 'unchanged:'} {target}"


def _stream(output: str) -> int | None:
    """The number of the open stream that `-`, `/dev/stdout` or `/dev/fd/3` names; None for a file."""
    if output == "-":
        return 1
    found = _STREAM.fullmatch(output)
    if found is None:
        return None
    return _NUMBERS[found[1]] if found[1] else int(found[2])


def _put(data: bytes, stream: int) -> None:
    """Append to an open stream."""
    if stream == 1:
        emit(data)
        return
    try:
        with os.fdopen(os.dup(stream), "wb") as file:
            file.write(data)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise UsageError(f"cannot write to stream {stream}: {error.strerror}") from error


def _file(output: str, made: Made) -> Path:
    """The target file: for an existing folder, or a path with a trailing slash, the file of that name in it."""
    if not output:
        raise UsageError(f"{made.option}: name a file, a folder, or `-`")
    is_written_as_folder = output.replace(os.sep, "/").rpartition("/")[2] in {"", ".", ".."}
    return Path(output) / made.name if is_written_as_folder or is_folder(Path(output)) else Path(output)


def roots_of(target: Path, *homes: Path) -> set[Path]:
    """The folders whose links must not lead out of them: the root of the source, and the checkout of each link."""
    with writing(target):
        around = {git_root(link.parent.resolve()) for link in atomic.links(target)}
    return {*homes, *(root for root in around if exists(root / ".git"))}


def _refuse_inputs(target: Path, made: Made) -> None:
    """A mistyped `-o` must not overwrite an input."""
    for path in made.inputs:
        is_same = exists(target) and exists(path) and target.samefile(path)
        if is_same or os.path.abspath(target) == os.path.abspath(path):  # noqa: PTH100 - neither has to exist
            raise UsageError(f"`{target}` is {made.what}: choose another {made.option}")
    if made.piped and _gave(target, made.piped):
        raise UsageError(f"`{target}` is {made.what}: choose another {made.option}")


def _gave(target: Path, data: bytes) -> bool:
    """True for the file behind standard input, or a file with the content of a stream."""
    if not (exists(target) and target.is_file()):
        return False
    with suppress(OSError, ValueError):
        if os.path.samestat(target.stat(), os.fstat(sys.stdin.fileno())):
            return True
    return target.stat().st_size == len(data) and target.read_bytes() == data


def _refuse_others(target: Path, made: Made) -> None:
    """Nor a non-empty file of a user: one whose first line does not say that it was made."""
    if not (exists(target) and target.is_file()):
        return
    if made.first_line is None:
        raise UsageError(f"`{target}` exists; {made.way_out}")
    if target.stat().st_size and not made.first_line.fullmatch(opening_line(target)):
        raise UsageError(f"`{target}` was not written by this command; {made.way_out}")


def opening_line(path: Path) -> str:
    """The first line of a file, without a byte order mark and the end of the line."""
    try:
        with path.open("rb") as file:
            line = file.readline(_LONGEST_LINE)
    except OSError as error:
        raise UsageError(f"cannot read `{path}`: {error.strerror}") from error
    return line.decode(errors="replace").removeprefix("\ufeff").rstrip("\r\n")


def made_from(manifest: Path | None, target: Path, values: Sequence[Path] = ()) -> str:
    """The first line of a Workflow: the path of the manifest from the file's folder; None is one without a name.

    Values files are named from the folder of the manifest.
    """
    if manifest is None:
        return "# Made from standard input by transpile; edit that, not this.\n"
    names = [_relative(manifest, atomic.inside(target).parent), *(_relative(each, manifest.parent) for each in values)]
    sources = f"{names[0]} with {', '.join(names[1:])}" if values else names[0]
    return f"# Made from {safe(sources)} by transpile; edit that, not this.\n"


def _relative(path: Path, folder: Path) -> str:
    name = path.name
    with suppress(ValueError):  # another drive
        name = os.path.relpath(path.parent.resolve() / name, folder.resolve())
    return PurePath(name).as_posix()
