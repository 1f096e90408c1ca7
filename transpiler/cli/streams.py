"""Shared by the commands: reading and writing files, and the output of diagnostics."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from transpiler import atomic
from transpiler.catalog.files import shown
from transpiler.cli.places import located
from transpiler.cli.usage import UsageError, standard_output
from transpiler.diagnostics import Diagnostic
from transpiler.read.yaml.source import MAX_BYTES
from transpiler.report.findings import Findings
from transpiler.report.formats import LOCATED, render
from transpiler.report.safe import safe


def show(
    diagnostics: Sequence[Diagnostic], given: argparse.Namespace, stream: TextIO, files: Iterable[Path] = ()
) -> None:
    """Print the diagnostics in the chosen format; `files` are those that were read."""
    put(render(findings_of(diagnostics, given, files), given.format, colored(given.color, stream)), stream)


def findings_of(diagnostics: Sequence[Diagnostic], given: argparse.Namespace, files: Iterable[Path]) -> Findings:
    """The diagnostics as renderers take them."""
    read = [shown(path) for path in files]
    spans = [each.span for each in diagnostics]
    spans += [related.span for each in diagnostics for related in each.related]
    spans += [edit.span for each in diagnostics if each.fix for edit in each.fix.edits]
    names = [*read, *(span.source.name for span in spans)] if given.format in LOCATED else []
    return Findings(diagnostics, read, located(names), getattr(given, "strict", False))


def failed(diagnostics: Sequence[Diagnostic], given: argparse.Namespace) -> bool:
    """True when there is an error, or with `--strict` any diagnostic."""
    return any(given.strict or each.severity == "error" for each in diagnostics)


def put(text: str, stream: TextIO) -> None:
    """Print a text; characters that the encoding of the stream lacks become escapes.

    Raises UsageError if standard output cannot be written. If messages cannot, the exit code must suffice.
    """
    encoding = stream.encoding or "utf-8"
    text = text.encode(encoding, "backslashreplace").decode(encoding)
    if stream is sys.stderr:
        with suppress(OSError):
            stream.write(text)
    else:
        with standard_output():
            stream.write(text)


def tell(text: str) -> None:
    """Print a line for the user, beside the output of the command; file names in it are untrusted text."""
    put(f"{safe(text)}\n", sys.stderr)


def emit(data: bytes) -> None:
    """Write the output of a command to standard output. Raises UsageError likewise."""
    with standard_output():
        sys.stdout.buffer.write(data)


def colored(choice: str, stream: TextIO) -> bool:
    """`--color`, else the conventions of no-color.org and force-color.org, else whether this is a terminal."""
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or (stream.isatty() and os.environ.get("TERM") != "dumb")


def read(path: str) -> bytes:
    """The bytes of a file named on the command line. Raises UsageError with the system's reason."""
    try:
        with Path(path).open("rb") as file:
            return file.read(MAX_BYTES + 1)  # one more than allowed, so that the reader reports the size
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "the path is invalid"
        raise UsageError(f"cannot read `{path}`: {reason}") from error


def standard_input(most: int) -> bytes:
    """Standard input, up to one byte more than is allowed. Raises UsageError with the system's reason."""
    try:
        return sys.stdin.buffer.read(most + 1)
    except OSError as error:
        raise UsageError(f"cannot read standard input: {error.strerror}") from error


def write(target: Path, data: bytes, *roots: Path) -> bool:
    """Write a file atomically; False if it already has this content. Raises UsageError with the system's reason.

    A path below one of the roots must stay there after following links (see `atomic.inside`).
    """
    with writing(target):
        return atomic.write(target, data, *roots)


@contextmanager
def writing(target: Path | str) -> Iterator[None]:
    """Making files or folders at a path. Raises UsageError with the system's reason."""
    try:
        yield
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "the path is invalid"
        raise UsageError(f"cannot write `{target}`: {reason}") from error
