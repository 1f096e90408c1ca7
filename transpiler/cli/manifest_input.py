"""The one manifest that a command line names: a file, or `-` for standard input."""

from __future__ import annotations

import sys
from pathlib import Path

from msgspec import Struct

from transpiler.catalog.files import shown
from transpiler.cli.environments import refuse_values
from transpiler.cli.streams import read, standard_input, tell
from transpiler.read.yaml.source import MAX_BYTES


class ManifestInput(Struct, frozen=True):
    """A manifest that was read; relative paths in it start at `folder`."""

    name: str
    """The manifest, as messages print it."""
    data: bytes
    folder: Path
    path: Path | None
    """Where it stands; None for one that came from a stream without a name."""


def manifest_input(written: str, stdin_name: str) -> ManifestInput:
    """The manifest at a path, or of standard input under a name. Raises UsageError, for a values file too."""
    if written != "-":
        return manifest_file(written)
    if sys.stdin.isatty():
        tell("transpile: reading the manifest from the terminal; end it with Ctrl-D")
    return ManifestInput(stdin_name, standard_input(MAX_BYTES), Path.cwd(), _path(stdin_name))


def manifest_file(written: str) -> ManifestInput:
    """The manifest at a path. Raises UsageError, for a values file too."""
    path, data = Path(written), read(written)
    refuse_values(path, data)
    return ManifestInput(shown(path), data, path.resolve().parent, _path(written))


def _path(name: str) -> Path | None:
    return None if name.startswith(("<", "/dev/", "/proc/")) else Path(name)
