"""Running git: no shell, no settings of the user or the machine, killed when it takes too long or writes too much."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from transpiler.catalog.files import Unreadable
from transpiler.programs import Done, end

_TICK: Final = 0.05
_PASSED_ON: Final = ("PATH", "SYSTEMROOT", "GIT_SSL_CAINFO", "GIT_SSL_CAPATH", "GIT_EXEC_PATH")
"""The environment variables that git needs; without proxies, askpass programs and configuration."""


def run(
    command: Sequence[str], folder: Path, environment: Mapping[str, str], deadline: float, most: int, what: str
) -> Done:
    """Run a program in a folder, with at most `most` bytes in it, until `deadline` (of time.monotonic).

    Its output goes to files in that folder, so that it counts. Raises Unreadable; `what` is for the message.
    """
    passed = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    output, errors = folder / ".output", folder / ".errors"
    try:
        with output.open("wb") as out, errors.open("wb") as err:
            process = subprocess.Popen(  # noqa: S603 - a list, no shell; `Git` spells out every argument
                [*command],
                cwd=folder,
                env={**passed, **environment, "HOME": str(folder)},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                start_new_session=True,
            )
    except OSError as error:
        message = f"cannot run `{command[0]}`: {error.strerror}"
        raise Unreadable("fetch-failed", message, "references to Git hosts need git 2.37 or newer") from error
    try:
        _watch(process, folder, deadline, most, what)
    finally:
        end(process)
    return Done(process.returncode, output.read_bytes(), errors.read_text("utf-8", "replace"))


def _watch(process: subprocess.Popen[bytes], folder: Path, deadline: float, most: int, what: str) -> None:
    while True:
        try:
            process.wait(_TICK)
            break
        except subprocess.TimeoutExpired:
            _check(folder, deadline, most, what)
    _check(folder, float("inf"), most, what)


def _check(folder: Path, deadline: float, most: int, what: str) -> None:
    if time.monotonic() > deadline:
        raise Unreadable(
            "fetch-failed", f"cannot fetch {what}: the time limit is exceeded", "try again, or with a longer --timeout"
        )
    if _size(folder) > most:
        hint = "keep the component in a smaller repository, or in a catalog folder"
        raise Unreadable("fetch-failed", f"cannot fetch {what}: more than {most:,} bytes", hint)


def _size(folder: Path) -> int:
    total = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            try:
                total += (Path(parent) / name).lstat().st_size
            except OSError:
                continue  # a temporary file that is gone
    return total
