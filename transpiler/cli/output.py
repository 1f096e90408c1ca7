"""`-o`: which file it names, whether that may be overwritten, and the line that says what a Workflow is made from."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Callable, Sequence
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

MADE: Final = regex(r"# Made from .+ by transpile; edit that, not this\.")
"""The first line of every Workflow that `compile` writes to a file."""
_STREAM: Final = regex(r"/dev/(stdin|stdout|stderr)|(?:/dev|/proc/self)/fd/(\d{1,9})")
_NUMBERS: Final = {"stdin": 0, "stdout": 1, "stderr": 2}
_LONGEST_LINE: Final = 65_536


class Made(Struct, frozen=True):
    """What a command made, and what it made it from."""

    data: bytes
    name: str
    """What to call the file in a folder."""
    home: Path
    """The root of what it is made from: no link in it leads out of it."""
    inputs: Sequence[Path] = ()
    piped: bytes | None = None
    """What came from a stream, which may have read a file."""
    what: str = ""
    """What an input is, for a message."""
    first_line: re.Pattern[str] | None = None
    """How a file starts that the same command may overwrite; None when it may overwrite no file that exists."""
    head: Callable[[Path], str] = lambda _: ""
    """The first line of a file, which streams do not get."""


def deliver(made: Made, given: argparse.Namespace) -> str:
    """Write to where `-o` says: what was done, or an empty text for an open stream. Raises UsageError."""
    stream = _stream(given.output)
    if stream is not None:
        _put(made.data, stream)
        return ""
    target = _file(given.output, made.name)
    roots = roots_of(target, made.home)
    with writing(target):
        atomic.inside(target, *roots)
    _refuse_inputs(target, made)
    if not given.force:
        _refuse_others(target, made.first_line)
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
    """Write to an open stream, behind what it has so far."""
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


def _file(output: str, name: str) -> Path:
    """The file that is meant: in a folder, which exists or is written with a slash at its end, the one of that name."""
    if not output:
        raise UsageError("--output: name a file, a folder, or `-`")
    is_written_as_folder = output.replace(os.sep, "/").rpartition("/")[2] in {"", ".", ".."}
    return Path(output) / name if is_written_as_folder or is_folder(Path(output)) else Path(output)


def roots_of(target: Path, *homes: Path) -> set[Path]:
    """The folders whose links do not lead out of them: the root of what is read, and the checkout of each link."""
    with writing(target):
        around = {git_root(link.parent.resolve()) for link in atomic.links(target)}
    return {*homes, *(root for root in around if exists(root / ".git"))}


def _refuse_inputs(target: Path, made: Made) -> None:
    """A mistyped `-o` must not destroy what is read."""
    for path in made.inputs:
        is_same = exists(target) and exists(path) and target.samefile(path)
        if is_same or os.path.abspath(target) == os.path.abspath(path):  # noqa: PTH100 - neither has to exist
            raise UsageError(f"`{target}` is {made.what}: choose another --output")
    if made.piped and _gave(target, made.piped):
        raise UsageError(f"`{target}` is {made.what}: choose another --output")


def _gave(target: Path, data: bytes) -> bool:
    """True for the file that standard input reads from, or that holds just what came from a stream."""
    if not (exists(target) and target.is_file()):
        return False
    with suppress(OSError, ValueError):
        if os.path.samestat(target.stat(), os.fstat(sys.stdin.fileno())):
            return True
    return target.stat().st_size == len(data) and target.read_bytes() == data


def _refuse_others(target: Path, first_line: re.Pattern[str] | None) -> None:
    """Nor what somebody wrote, unless it is empty: whatever does not say in its first line that it was made."""
    if not (exists(target) and target.is_file()):
        return
    if first_line is None:
        raise UsageError(f"`{target}` exists; --force overwrites it")
    if target.stat().st_size and not first_line.fullmatch(_first_line(target)):
        raise UsageError(f"`{target}` was not written by this command; --force overwrites it")


def _first_line(path: Path) -> str:
    """The first line of a file, without a byte order mark and the end of the line."""
    try:
        with path.open("rb") as file:
            line = file.readline(_LONGEST_LINE)
    except OSError as error:
        raise UsageError(f"cannot read `{path}`: {error.strerror}") from error
    return line.decode(errors="replace").removeprefix("\ufeff").rstrip("\r\n")


def made_from(manifest: Path | None, target: Path) -> str:
    """The first line of a Workflow: the path of the manifest from the file's folder; None is one without a name."""
    if manifest is None:
        return "# Made from standard input by transpile; edit that, not this.\n"
    name = manifest.name
    with suppress(ValueError):  # another drive
        name = os.path.relpath(manifest.parent.resolve() / name, atomic.inside(target).parent)
    return f"# Made from {safe(PurePath(name).as_posix())} by transpile; edit that, not this.\n"
