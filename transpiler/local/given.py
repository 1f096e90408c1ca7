"""Secrets and config maps from files of this machine. Their values are never printed, nor kept in a run's folder."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from transpiler.executors.errors import reason
from transpiler.local.errors import RunError
from transpiler.patterns import regex

_MAX_BYTES: Final = 1024 * 1024
"""As much is in one Secret of a cluster."""
_LINE: Final = regex(r"(?:export\s+)?([-._a-zA-Z0-9]+)\s*=\s*(.*?)\s*")


def named(words: Sequence[str], option: str) -> dict[str, dict[str, bytes]]:
    """`NAME=PATH` of options → the values by name. A path is a folder with a file for each key, or a file of lines.

    Raises RunError.
    """
    found: dict[str, dict[str, bytes]] = {}
    for word in words:
        name, is_there, path = word.partition("=")
        if not is_there or not name or not path:
            raise RunError(f"{option}: `{name}` needs a file or a folder", f"{option} {name or 'NAME'}=PATH")
        place = Path(path)
        try:
            values = dict(_in_folder(place)) if place.is_dir() else _in_file(place)
        except (OSError, ValueError) as error:
            why = reason(error) if isinstance(error, OSError) else "the path is invalid"
            raise RunError(f"{option}: cannot read `{path}`: {why}") from error
        found[name] = {**found.get(name, {}), **values}
    return found


def from_env_files(paths: Sequence[str]) -> dict[str, dict[str, bytes]]:
    """Files with a line `SECRET.KEY=VALUE` for each value → the values by secret. Raises RunError."""
    found: dict[str, dict[str, bytes]] = {}
    for path in paths:
        try:
            values = _in_file(Path(path))
        except (OSError, ValueError) as error:
            why = reason(error) if isinstance(error, OSError) else "the path is invalid"
            raise RunError(f"--env-file: cannot read `{path}`: {why}") from error
        for both, value in values.items():
            name, _, key = both.partition(".")
            if not key:
                raise RunError(f"--env-file: `{path}`: `{both}` names no secret", f"write `SECRET.{both}=VALUE`")
            found.setdefault(name, {})[key] = value
    return found


def _in_folder(folder: Path) -> Iterator[tuple[str, bytes]]:
    """The files of a folder, as kubelet mounts a Secret: hidden ones are not keys."""
    for each in sorted(folder.iterdir()):
        if each.is_file() and not each.name.startswith("."):
            yield each.name, _bytes(each)


def _in_file(path: Path) -> dict[str, bytes]:
    """The lines `KEY=VALUE` of a file; a value may be quoted. Comments and empty lines are left out."""
    found = {}
    for number, line in enumerate(_bytes(path).decode("utf-8", "surrogateescape").splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        match = _LINE.fullmatch(line.strip())
        if match is None:
            raise RunError(f"`{path}`, line {number}: it is not `KEY=VALUE`")
        value = match[2]
        if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"":
            value = value[1:-1]
        found[match[1]] = value.encode("utf-8", "surrogateescape")
    return found


def _bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        data = file.read(_MAX_BYTES + 1)
    if len(data) > _MAX_BYTES:
        raise RunError(f"`{path}` is larger than the 1 MiB that a Secret holds")
    return data
